package io.featurebeam.join;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.time.WindowBounds;
import io.featurebeam.time.WindowBounds.Ties;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.sessions.JqwikSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The comparison with the nested loop has teeth: with one rule of the loop made wrong on purpose,
 * some of the same random cases differ. A mutant is a wrong join or wrong records, handed to the
 * loop alone. Each is searched in {@value #CASES} cases of a fixed seed; without a mutation none of
 * them differs.
 */
class JoinMutantsAreFoundTest {

  private static final int CASES = 400;

  /** What the kernels give, by case. */
  private static final Map<JoinCase, List<List<@Nullable Object>>> CASES_AND_ROWS =
      new LinkedHashMap<>();

  @BeforeAll
  static void drawCases() {
    JqwikSession.run(
        () ->
            JoinCases.any().generator(1000, false).stream(new Random(7))
                .limit(CASES)
                .map(Shrinkable::value)
                .forEach(c -> CASES_AND_ROWS.put(c, c.actual())));
  }

  @Test
  void withoutAMutationNothingDiffers() {
    assertFalse(isFound(UnaryOperator.identity()));
  }

  @TestFactory
  Stream<DynamicTest> boundsOfTablesMutantsAreFound() {
    return Stream.of(
        tables(
            "the right end open instead of closed and the other way round", t -> with(t, other(t))),
        tables("a microsecond late", t -> with(t, later(t.bounds(), 1))),
        tables("no delay", t -> with(t, t.bounds().withDelay(0))));
  }

  @TestFactory
  Stream<DynamicTest> boundsOfWindowsMutantsAreFound() {
    return Stream.of(
        windows("the left end open instead of closed and the other way round", b -> ends(b, true)),
        windows(
            "the right end open instead of closed and the other way round", b -> ends(b, false)),
        windows("a microsecond late", b -> later(b, 1)),
        windows("no delay", b -> b.withDelay(0)),
        windows("ties of none as all", b -> b.ties() == Ties.NONE ? b.withTies(Ties.ALL) : b),
        windows(
            "an event of its own that is left out",
            b -> b.excludeCurrent() ? b.withRowDelay(b.rowDelay() + 1) : b));
  }

  @TestFactory
  Stream<DynamicTest> tieMutantsAreFound() {
    return Stream.of(
        tables("ties by content alone", t -> created(t, null)),
        rows(
            "the first created instead of the last",
            r -> put(r, "made", r.get("made") instanceof Long n ? ~n : Long.MAX_VALUE)),
        rows(
            "created at null last instead of first",
            r -> put(r, "made", r.get("made") == null ? Long.MAX_VALUE : r.get("made"))));
  }

  @TestFactory
  Stream<DynamicTest> ageMutantsAreFound() {
    return Stream.of(
        ages("any age", ttl -> PointInTime.ANY_AGE),
        ages("no age", ttl -> 0),
        ages("0 as any age", ttl -> ttl == 0 ? PointInTime.ANY_AGE : ttl),
        ages("a microsecond less", ttl -> ttl == PointInTime.ANY_AGE ? ttl : Math.max(0, ttl - 1)),
        ages("a microsecond more", ttl -> ttl >= PointInTime.ANY_AGE - 1 ? ttl : ttl + 1),
        tables(
            "counted from the right end",
            t ->
                t.ttlMicros() >= PointInTime.ANY_AGE - 1
                    ? t
                    : (AsOfGroup) aged(t, t.ttlMicros() + t.bounds().delayMicros())));
  }

  @TestFactory
  Stream<DynamicTest> nullMutantsAreFound() {
    return Stream.of(
        records("a null string key equals another", r -> keys(r, "card", "user", "nobody")),
        records("a null number key equals another", r -> keys(r, "shop", "place", 9L)),
        records("a null number key is 0", r -> keys(r, "shop", "place", 0L)),
        rows("a row without a time holds since ever", r -> since(r, Long.MIN_VALUE)),
        mutant(
            "an earlier row stands for a null",
            c ->
                c.with(
                    c.labels(),
                    c.events(),
                    c.table().stream().filter(r -> r.get("tier") != null).toList())),
        rows(
            "a null in a row as 0",
            r -> put(r, "level", r.get("level") == null ? 0L : r.get("level"))),
        rows(
            "a list that is null as empty",
            r -> put(r, "flags", r.get("flags") == null ? List.of() : r.get("flags"))));
  }

  @TestFactory
  Stream<DynamicTest> conditionMutantsAreFound() {
    return Stream.of(
        tables("no condition", t -> where(t, null)),
        tables(
            "the column of the labels instead of the table's own",
            t -> "label_shop == 1".equals(t.where()) ? where(t, "label_tags == null") : t));
  }

  @TestFactory
  Stream<DynamicTest> labelMutantsAreFound() {
    return Stream.of(
        mutant(
            "equal labels once",
            c -> c.with(List.copyOf(new LinkedHashSet<>(c.labels())), c.events(), c.table())),
        groups("unmatched labels dropped", g -> drops(g, true)),
        groups("unmatched labels kept", g -> drops(g, false)),
        DynamicTest.dynamicTest(
            "dropped by the last group",
            () -> assertTrue(differs(JoinMutantsAreFoundTest::droppedByTheLast))));
  }

  private static List<List<@Nullable Object>> droppedByTheLast(JoinCase c) {
    List<JoinGroup> reversed = new ArrayList<>(c.join().groups());
    Collections.reverse(reversed);
    List<List<@Nullable Object>> others =
        c.with(new PointInTime("at", reversed), c.asked()).expected();
    List<List<@Nullable Object>> rows = c.expected();
    for (int i = 0; i < rows.size(); i++) {
      boolean isDropped = rows.get(i).size() == JoinCase.LABELS.size() + 1;
      rows.set(
          i, isDropped && others.get(i).size() == rows.get(i).size() ? others.get(i) : rows.get(i));
    }
    return rows;
  }

  @TestFactory
  Stream<DynamicTest> timeMutantsAreFound() {
    return Stream.of(
        records("milliseconds cut toward 1970", r -> times(r, t -> t / 1000 * 1000)),
        records("milliseconds rounded down", r -> times(r, t -> Math.floorDiv(t, 1000L) * 1000)),
        records(
            "times without an end",
            r -> times(r, t -> t > Long.MAX_VALUE / 2 ? t - JoinCases.HOUR : t)));
  }

  private static WindowBounds later(WindowBounds bounds, long micros) {
    return bounds.withDelay(bounds.delayMicros() + micros);
  }

  private static WindowBounds other(AsOfGroup table) {
    WindowBounds bounds = table.bounds().rightClosed() ? WindowBounds.DEFAULT : WindowBounds.FEAST;
    return bounds.withDelay(table.bounds().delayMicros());
  }

  private static WindowBounds ends(WindowBounds b, boolean left) {
    return new WindowBounds(
        left != b.leftClosed(),
        left == b.rightClosed(),
        b.delayMicros(),
        b.hopMicros(),
        b.rowCap(),
        b.excludeCurrent(),
        b.rowDelay(),
        b.ties());
  }

  private static AsOfGroup with(AsOfGroup t, WindowBounds bounds) {
    return new AsOfGroup(
        t.name(),
        t.keys(),
        t.eventTime(),
        t.created(),
        t.columns(),
        bounds,
        t.where(),
        t.ttlMicros(),
        0,
        t.dropsUnmatched());
  }

  private static AsOfGroup created(AsOfGroup t, @Nullable String created) {
    return new AsOfGroup(
        t.name(),
        t.keys(),
        t.eventTime(),
        created,
        t.columns(),
        t.bounds(),
        t.where(),
        t.ttlMicros(),
        0,
        t.dropsUnmatched());
  }

  private static AsOfGroup where(AsOfGroup t, @Nullable String where) {
    return new AsOfGroup(
        t.name(),
        t.keys(),
        t.eventTime(),
        t.created(),
        t.columns(),
        t.bounds(),
        where,
        t.ttlMicros(),
        0,
        t.dropsUnmatched());
  }

  private static JoinGroup aged(JoinGroup group, long ttl) {
    return changed(group, ttl, group.dropsUnmatched());
  }

  private static JoinGroup drops(JoinGroup group, boolean drops) {
    return changed(group, group.ttlMicros(), drops);
  }

  private static JoinGroup changed(JoinGroup group, long ttl, boolean drops) {
    if (group instanceof WindowGroup w) {
      return new WindowGroup(w.name(), w.aggregates(), w.keys(), ttl, 0, drops);
    }
    AsOfGroup t = (AsOfGroup) group;
    return new AsOfGroup(
        t.name(),
        t.keys(),
        t.eventTime(),
        t.created(),
        t.columns(),
        t.bounds(),
        t.where(),
        ttl,
        0,
        drops);
  }

  private DynamicTest ages(String name, LongUnaryOperator change) {
    return groups(name, g -> aged(g, change.applyAsLong(g.ttlMicros())));
  }

  private DynamicTest tables(String name, UnaryOperator<AsOfGroup> change) {
    return groups(name, g -> g instanceof AsOfGroup table ? change.apply(table) : g);
  }

  private DynamicTest groups(String name, UnaryOperator<JoinGroup> change) {
    return mutant(
        name,
        c ->
            c.with(
                new PointInTime("at", c.join().groups().stream().map(change).toList()), c.asked()));
  }

  private DynamicTest windows(String name, UnaryOperator<WindowBounds> change) {
    return mutant(
        name,
        c -> {
          Map<String, WindowedAggregates> asked = new LinkedHashMap<>();
          c.asked()
              .forEach(
                  (group, spec) ->
                      asked.put(
                          group,
                          new WindowedAggregates(
                              spec.keys(),
                              spec.eventTime(),
                              spec.sequence(),
                              spec.emission(),
                              spec.groups().stream()
                                  .map(
                                      g ->
                                          new WindowedAggregates.Group(
                                              g.windows(), change.apply(g.bounds()), g.features()))
                                  .toList())));
          return c.with(c.join(), asked);
        });
  }

  private DynamicTest rows(String name, UnaryOperator<Map<String, @Nullable Object>> change) {
    return mutant(
        name, c -> c.with(c.labels(), c.events(), c.table().stream().map(change).toList()));
  }

  private DynamicTest records(String name, UnaryOperator<Map<String, @Nullable Object>> change) {
    return mutant(
        name,
        c ->
            c.with(
                c.labels().stream().map(change).toList(),
                c.events().stream().map(change).toList(),
                c.table().stream().map(change).toList()));
  }

  private static Map<String, @Nullable Object> put(
      Map<String, @Nullable Object> record, String column, @Nullable Object value) {
    return JoinCase.put(record, column, value);
  }

  private static Map<String, @Nullable Object> since(
      Map<String, @Nullable Object> row, long micros) {
    return row.get("valid_from") == null ? put(row, "valid_from", micros) : row;
  }

  /** With a value where a key of labels, events or rows is null. */
  private static Map<String, @Nullable Object> keys(
      Map<String, @Nullable Object> record, String ofLabels, String ofEvents, Object value) {
    Map<String, @Nullable Object> changed = record;
    for (String key : List.of(ofLabels, ofEvents, ofLabels.equals("shop") ? "branch" : ofLabels)) {
      if (changed.containsKey(key) && changed.get(key) == null) {
        changed = put(changed, key, value);
      }
    }
    return changed;
  }

  private static Map<String, @Nullable Object> times(
      Map<String, @Nullable Object> record, LongUnaryOperator change) {
    Map<String, @Nullable Object> changed = record;
    for (String column : List.of("at", "time", "valid_from")) {
      if (record.get(column) instanceof Long time) {
        changed = put(changed, column, change.applyAsLong(time));
      }
    }
    return changed;
  }

  private DynamicTest mutant(String name, UnaryOperator<JoinCase> mutation) {
    return DynamicTest.dynamicTest(name, () -> assertTrue(isFound(mutation), "no case differs"));
  }

  private static boolean isFound(UnaryOperator<JoinCase> mutation) {
    return differs(c -> mutated(c, mutation.apply(c)));
  }

  private static boolean differs(Function<JoinCase, List<List<@Nullable Object>>> rows) {
    return CASES_AND_ROWS.entrySet().stream()
        .anyMatch(e -> e.getKey().difference(rows.apply(e.getKey()), e.getValue()).isPresent());
  }

  /** The mutant's features behind the columns of the true labels. */
  private static List<List<@Nullable Object>> mutated(JoinCase c, JoinCase mutant) {
    List<List<@Nullable Object>> rows = mutant.expected();
    if (rows.size() != c.labels().size()) {
      return rows; // wrong already
    }
    List<List<@Nullable Object>> behind = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      List<@Nullable Object> row = new ArrayList<>(c.labels().get(i).values());
      row.addAll(rows.get(i).subList(JoinCase.LABELS.size(), rows.get(i).size()));
      behind.add(row);
    }
    return behind;
  }
}
