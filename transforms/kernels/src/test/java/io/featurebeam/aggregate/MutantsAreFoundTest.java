package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import io.featurebeam.time.WindowBounds.Ties;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.sessions.JqwikSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The comparison with the oracle has teeth: with one rule of the oracle made wrong on purpose, some
 * of the same random cases differ. A mutant is a wrong spec or wrong events, handed to the oracle
 * alone. Each is searched in {@value #CASES} cases of a fixed seed; without a mutation none of them
 * differs.
 */
class MutantsAreFoundTest {

  private static final int CASES = 400;

  private final List<AggregateCase> cases = new ArrayList<>();

  @BeforeEach
  void drawCases() {
    JqwikSession.run(
        () ->
            AggregateCases.any().generator(1000, false).stream(new Random(7))
                .limit(CASES)
                .map(Shrinkable::value)
                .forEach(cases::add));
  }

  @Test
  void withoutAMutationNothingDiffers() {
    assertFalse(isFound(UnaryOperator.identity()));
  }

  @TestFactory
  Stream<DynamicTest> boundsMutantsAreFound() {
    return Stream.of(
        bounds(
            "the left end open instead of closed and the other way round",
            b -> bounds(b, !b.leftClosed(), b.rightClosed())),
        bounds(
            "the right end open instead of closed and the other way round",
            b -> bounds(b, b.leftClosed(), !b.rightClosed())),
        bounds("the window a microsecond late", b -> b.withDelay(b.delayMicros() + 1)),
        bounds("no delay", b -> b.withDelay(0)),
        bounds("no hop", b -> b.withHop(0)),
        bounds("a hop where there is none", b -> b.withHop(7_200_000_000L)),
        bounds("no row cap", b -> b.withRowCap(0)),
        bounds("a row cap one too large", b -> b.withRowCap(b.rowCap() == 0 ? 0 : b.rowCap() + 1)),
        bounds("the current event seen", b -> b.withExcludeCurrent(false)),
        bounds("no row delay", b -> b.withRowDelay(0)),
        bounds("a row delay one too large", b -> b.withRowDelay(b.rowDelay() + 1)),
        bounds(
            "the row delay counted before the current event is left out",
            b -> b.excludeCurrent() ? b.withRowDelay(Math.max(0, b.rowDelay() - 1)) : b),
        bounds(
            "events of its time before it unseen",
            b -> b.ties() == Ties.BEFORE ? b.withTies(Ties.NONE) : b),
        bounds(
            "events of its time after it seen",
            b -> b.ties() == Ties.BEFORE ? b.withTies(Ties.ALL) : b),
        bounds(
            "other events of its time seen",
            b -> b.ties() == Ties.NONE ? b.withTies(Ties.BEFORE) : b),
        bounds(
            "all ties seen and itself not",
            b -> b.ties() == Ties.NONE ? b.withTies(Ties.ALL).withExcludeCurrent(true) : b));
  }

  @TestFactory
  Stream<DynamicTest> sessionMutantsAreFound() {
    return Stream.of(
        sessions("a silence of the gap in a session", g -> Window.session(g.micros() + 1)),
        sessions("the gap a microsecond short", g -> Window.session(Math.max(1, g.micros() - 1))),
        sessions("a length instead of a gap", g -> Window.of("1h")));
  }

  @TestFactory
  Stream<DynamicTest> tieMutantsAreFound() {
    return Stream.of(
        mutant("ties by content alone", c -> c.with(withoutSequence(c.spec()))),
        events(
            "the first of a tie instead of the last",
            e -> put(e, "seq", e.get("seq") instanceof Long n ? ~n : Long.MAX_VALUE)),
        events(
            "a null sequence last instead of first",
            e -> put(e, "seq", e.get("seq") == null ? Long.MAX_VALUE : e.get("seq"))));
  }

  @TestFactory
  Stream<DynamicTest> nullMutantsAreFound() {
    return Stream.of(
        events("a null float64 as 0", e -> put(e, "x", e.get("x") == null ? 0.0 : e.get("x"))),
        events("a null int64 as 0", e -> put(e, "n", e.get("n") == null ? 0L : e.get("n"))),
        events("a null string as empty", e -> put(e, "s", e.get("s") == null ? "" : e.get("s"))),
        events(
            "a null boolean as false", e -> put(e, "b", e.get("b") == null ? false : e.get("b"))),
        events(
            "NaN as null",
            e -> put(e, "x", Double.valueOf(Double.NaN).equals(e.get("x")) ? null : e.get("x"))),
        events(
            "-0.0 as 0.0",
            e -> put(e, "x", e.get("x") instanceof Double x ? (Object) (x + 0.0) : null)));
  }

  @TestFactory
  Stream<DynamicTest> timeMutantsAreFound() {
    return Stream.of(
        events(
            "milliseconds cut toward 1970",
            e -> put(e, "time", (Long) e.get("time") / 1000 * 1000)),
        events(
            "milliseconds rounded down",
            e -> put(e, "time", Math.floorDiv((Long) e.get("time"), 1000L) * 1000)));
  }

  @TestFactory
  Stream<DynamicTest> rowMutantsAreFound() {
    return Stream.of(
        mutant("a row for each event", c -> c.with(withRowsWhere(c.spec(), null))),
        mutant(
            "rows where another condition is true",
            c ->
                c.spec().rowsWhere() == null
                    ? c
                    : c.with(
                        withRowsWhere(c.spec(), c.spec().rowsWhere().equals("b") ? "n > 0" : "b"))),
        mutant("events without a row not seen", MutantsAreFoundTest::withoutRowless));
  }

  private static WindowedAggregates withRowsWhere(WindowedAggregates s, @Nullable String where) {
    return new WindowedAggregates(
        s.keys(), s.eventTime(), s.sequence(), s.emission(), s.groups(), where, s.changes());
  }

  private static AggregateCase withoutRowless(AggregateCase c) {
    String where = c.spec().rowsWhere();
    return where == null
        ? c
        : new AggregateCase(
            c.spec(),
            c.events().stream().filter(AggregateCase.CONDITIONS.get(where)).toList(),
            c.seed());
  }

  private DynamicTest bounds(String name, UnaryOperator<WindowBounds> change) {
    return mutant(
        name,
        c -> {
          WindowedAggregates s = c.spec();
          List<Group> groups = new ArrayList<>();
          for (Group g : s.groups()) {
            boolean isSession = g.windows().stream().anyMatch(Window::isSession);
            WindowBounds changed = isSession ? g.bounds() : change.apply(g.bounds());
            boolean hasOwnTime = s.emission().kind() == Emission.Kind.EVERY_EVENT;
            boolean canBe = hasOwnTime || changed.ties() != Ties.NONE;
            groups.add(new Group(g.windows(), canBe ? changed : g.bounds(), g.features()));
          }
          return c.with(
              new WindowedAggregates(
                  s.keys(),
                  s.eventTime(),
                  s.sequence(),
                  s.emission(),
                  groups,
                  s.rowsWhere(),
                  s.changes()));
        });
  }

  /** Of rows that have no columns for sessions. */
  private DynamicTest sessions(String name, UnaryOperator<Window> change) {
    return mutant(
        name,
        c -> {
          WindowedAggregates s = c.spec();
          if (s.emission().kind() == Emission.Kind.WINDOW_CLOSE) {
            return c;
          }
          List<Group> groups = new ArrayList<>();
          for (Group g : s.groups()) {
            List<Window> windows =
                g.windows().stream()
                    .map(w -> w.isSession() && w.micros() < Long.MAX_VALUE ? change.apply(w) : w)
                    .toList();
            groups.add(new Group(windows, g.bounds(), g.features()));
          }
          return c.with(
              new WindowedAggregates(
                  s.keys(),
                  s.eventTime(),
                  s.sequence(),
                  s.emission(),
                  groups,
                  s.rowsWhere(),
                  s.changes()));
        });
  }

  private static WindowBounds bounds(WindowBounds b, boolean leftClosed, boolean rightClosed) {
    return new WindowBounds(
        leftClosed,
        rightClosed,
        b.delayMicros(),
        b.hopMicros(),
        b.rowCap(),
        b.excludeCurrent(),
        b.rowDelay(),
        b.ties());
  }

  private DynamicTest events(String name, UnaryOperator<Map<String, @Nullable Object>> change) {
    return mutant(
        name,
        c -> {
          List<Map<String, @Nullable Object>> changed = new ArrayList<>();
          c.events().forEach(e -> changed.add(change.apply(new LinkedHashMap<>(e))));
          return new AggregateCase(c.spec(), changed, c.seed());
        });
  }

  private static Map<String, @Nullable Object> put(
      Map<String, @Nullable Object> event, String column, @Nullable Object value) {
    event.put(column, value);
    return event;
  }

  static WindowedAggregates withoutSequence(WindowedAggregates s) {
    return new WindowedAggregates(
        s.keys(), s.eventTime(), null, s.emission(), s.groups(), s.rowsWhere(), s.changes());
  }

  private DynamicTest mutant(String name, UnaryOperator<AggregateCase> mutation) {
    return DynamicTest.dynamicTest(name, () -> assertTrue(isFound(mutation), "no case differs"));
  }

  private boolean isFound(UnaryOperator<AggregateCase> mutation) {
    return cases.stream().anyMatch(c -> c.difference(mutated(c, mutation.apply(c))).isPresent());
  }

  /** The mutant's features behind the columns of the true events. */
  static List<List<@Nullable Object>> mutated(AggregateCase c, AggregateCase mutant) {
    List<List<@Nullable Object>> rows = mutant.expected();
    if (c.spec().emission().kind() != Emission.Kind.EVERY_EVENT) {
      return rows;
    }
    List<List<@Nullable Object>> truth = c.expected();
    if (rows.size() != truth.size()) {
      return rows; // wrong already
    }
    int columns = AggregateCase.SCHEMA.size();
    for (int i = 0; i < rows.size(); i++) {
      List<@Nullable Object> row = new ArrayList<>(truth.get(i).subList(0, columns));
      row.addAll(rows.get(i).subList(columns, rows.get(i).size()));
      rows.set(i, row);
    }
    return rows;
  }
}
