package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.sessions.JqwikSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Deletes undo inserts: both plans and a stream equal {@link BruteForce}, which strikes deleted
 * events off its lists. In the random cases an event whose {@code b} is true deletes.
 */
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class ChangesTest {

  private static final Changes B = new Changes("b", List.of("true"));

  /** Those that say something of deletes without their inserts. */
  private static final List<Aggregate> ANY_DELETES =
      List.of(
          Aggregates.count(),
          Aggregates.count("x"),
          Aggregates.sum("x"),
          Aggregates.sum("n"),
          Aggregates.mean("x"),
          Aggregates.mean("n"),
          Aggregates.rate(60_000_000),
          Aggregates.rate("x", 1_000_000),
          Aggregates.quantile("x", 0.5),
          Aggregates.quantile("n", 0),
          Aggregates.quantiles("x", 0.0, 0.5),
          Aggregates.sum("elements(l)"),
          Aggregates.count("elements(l)"),
          Aggregates.median("elements(l)"),
          Aggregates.histogram("x", 0.0, 1.0),
          Aggregates.distinct("x"),
          new Distinct("s", 2),
          Aggregates.distinctList("s"),
          new DistinctList("x", 3),
          Aggregates.mostFrequent("s"),
          Aggregates.mostFrequent("x"),
          Aggregates.frequentItems("n", 3),
          Aggregates.frequentCounts("s", 2),
          Aggregates.entropy("n"),
          Aggregates.perCategory(Aggregates.sum("x"), "s"),
          Aggregates.perCategory(Aggregates.count("n"), "s"),
          Aggregates.perCategory(Aggregates.quantile("x", 0.5), "s"),
          new PerCategory(Aggregates.distinct("n"), "s", 2));

  private static final List<Aggregate> WITH_INSERTS =
      Stream.concat(
              ANY_DELETES.stream(),
              Stream.of(
                  Aggregates.variance("x"),
                  Aggregates.stddev("n"),
                  new Variance("x", true, false),
                  Aggregates.skewness("x"),
                  Aggregates.kurtosis("x"),
                  new Kurtosis("n", true),
                  Aggregates.weightedSum("x", "n"),
                  Aggregates.weightedMean("n", "weight"),
                  Aggregates.weightedVariance("x", "weight"),
                  Aggregates.slope("x"),
                  Aggregates.slope("n"),
                  Aggregates.weightedMean("elements(l)", "weight")))
          .toList();

  @Property(seed = "1")
  void everyPlanEqualsBruteForce(@ForAll("undone") AggregateCase c) {
    assertEquals(Optional.empty(), c.difference(c.expected()));
  }

  @Property(seed = "2")
  void deletesWithoutInsertsToo(@ForAll("anyDeletes") AggregateCase c) {
    assertEquals(Optional.empty(), c.difference(c.expected()));
  }

  @Property(seed = "3")
  void everyMomentOfAStreamEqualsBruteForce(
      @ForAll("anyDeletes") AggregateCase c, @ForAll("lateness") long lateness) {
    assertEquals(Optional.empty(), new LiveRun(c, lateness).problem());
  }

  @Property(seed = "4")
  void aDeleteThatComesBeforeItsInsertUndoesIt(
      @ForAll("undoneByAll") AggregateCase c, @ForAll("lateness") long lateness) {
    assertEquals(Optional.empty(), new LiveRun(c, lateness).problem());
  }

  @Provide
  Arbitrary<AggregateCase> undone() {
    return AggregateCases.of(WITH_INSERTS).map(ChangesTest::undone);
  }

  @Provide
  Arbitrary<AggregateCase> undoneByAll() {
    return AggregateCases.of(ANY_DELETES).map(ChangesTest::undone);
  }

  @Provide
  Arbitrary<AggregateCase> anyDeletes() {
    return AggregateCases.of(ANY_DELETES).map(c -> c.with(changed(c.spec())));
  }

  @Provide
  Arbitrary<Long> lateness() {
    return Arbitraries.of(0L, 1L, 1_800_000_000L, Long.MAX_VALUE);
  }

  /** Some of the events, and the deletes of half of them. */
  private static AggregateCase undone(AggregateCase c) {
    Random random = new Random(c.seed());
    List<Map<String, @Nullable Object>> events = new ArrayList<>();
    for (Map<String, @Nullable Object> event : c.events()) {
      Object b = event.get("b");
      Map<String, @Nullable Object> insert = new LinkedHashMap<>(event);
      insert.put("b", Boolean.TRUE.equals(b) ? (Boolean) false : b);
      events.add(insert);
      if (random.nextBoolean()) {
        events.add(deleted(insert));
      }
    }
    return new AggregateCase(withoutConditionOnB(changed(c.spec())), events, c.seed());
  }

  private static Map<String, @Nullable Object> deleted(Map<String, @Nullable Object> insert) {
    Map<String, @Nullable Object> delete = new LinkedHashMap<>(insert);
    delete.put("b", true);
    return delete;
  }

  private static WindowedAggregates changed(WindowedAggregates s) {
    List<Group> groups = new ArrayList<>();
    for (Group g : s.groups()) {
      WindowBounds bounds =
          g.bounds()
              .withRowCap(0)
              .withRowDelay(0)
              .withTies(WindowBounds.Ties.ALL)
              .withExcludeCurrent(false);
      List<Window> windows =
          g.windows().stream().map(w -> w.isSession() ? Window.of("2h") : w).distinct().toList();
      groups.add(new Group(windows, bounds, g.features()));
    }
    return new WindowedAggregates(
        s.keys(), s.eventTime(), s.sequence(), s.emission(), groups, null, B);
  }

  /** It would see deletes without their inserts. */
  private static WindowedAggregates withoutConditionOnB(WindowedAggregates s) {
    List<Group> groups = new ArrayList<>();
    for (Group g : s.groups()) {
      List<Feature> features =
          g.features().stream()
              .map(f -> "b".equals(f.where()) ? new Feature(f.name(), f.aggregate(), "n > 0") : f)
              .toList();
      groups.add(new Group(g.windows(), g.bounds(), features));
    }
    return new WindowedAggregates(
        s.keys(), s.eventTime(), s.sequence(), s.emission(), groups, s.rowsWhere(), s.changes());
  }

  /** What a wrong oracle would say; rows of hops, as with a row per event the rows would differ. */
  @TestFactory
  Stream<DynamicTest> mutantsAreFound() {
    return Stream.of(
        mutant(
            "deletes are left out",
            c -> withEvents(c, c.events().stream().filter(e -> !isDelete(e)).toList())),
        mutant("deletes insert", c -> c.with(with(c.spec(), null))),
        mutant(
            "null deletes",
            c -> withEvents(c, c.events().stream().map(ChangesTest::nullDeletes).toList())),
        mutant(
            "any other value deletes",
            c -> c.with(with(c.spec(), new Changes("b", List.of("true", "false"))))));
  }

  private DynamicTest mutant(String name, UnaryOperator<AggregateCase> mutation) {
    return DynamicTest.dynamicTest(name, () -> assertTrue(isFound(mutation), "no case differs"));
  }

  private boolean isFound(UnaryOperator<AggregateCase> mutation) {
    List<AggregateCase> cases = new ArrayList<>();
    JqwikSession.run(
        () ->
            anyDeletes().generator(1000, false).stream(new Random(7))
                .map(Shrinkable::value)
                .filter(c -> c.spec().emission().kind() != Emission.Kind.EVERY_EVENT)
                .limit(100)
                .forEach(cases::add));
    return cases.stream().anyMatch(c -> c.difference(mutation.apply(c).expected()).isPresent());
  }

  private static AggregateCase withEvents(
      AggregateCase c, List<Map<String, @Nullable Object>> events) {
    return new AggregateCase(c.spec(), events, c.seed());
  }

  private static boolean isDelete(Map<String, @Nullable Object> event) {
    return Boolean.TRUE.equals(event.get("b"));
  }

  private static Map<String, @Nullable Object> nullDeletes(Map<String, @Nullable Object> event) {
    return event.get("b") == null ? deleted(event) : event;
  }

  private static WindowedAggregates with(WindowedAggregates s, @Nullable Changes changes) {
    return new WindowedAggregates(
        s.keys(), s.eventTime(), s.sequence(), s.emission(), s.groups(), s.rowsWhere(), changes);
  }

  @TestFactory
  Stream<DynamicTest> netAggregatesKeepTheLaws() {
    Changes texts = new Changes("v", List.of("text1", "text5"));
    return Stream.of(
            laws(Aggregates.count(), texts, 0L, 2L).given(-1L, "text0", "text1", "text5"),
            laws(Aggregates.sum("w"), texts, null, 3.0)
                .given(-1.0, "text1")
                .given(null, "text0", "text1") // as many values as deletes: none
                .given(3.5, "text0", null, "text5", "text5", "text0"),
            laws(Aggregates.mean("w"), texts, null, 1.5).given(null, "text1"),
            laws(Aggregates.variance("w"), texts, null, 0.5).given(null, "text1", "text0"),
            laws(Aggregates.distinct("w"), texts, 0L, 2L).given(1L, "text1", "text2"),
            laws(Aggregates.median("w"), texts, null, 1.5).given(null, "text1"),
            laws(Aggregates.frequentItems("w", 2), texts, List.of(), List.of(1.0, 2.0))
                .given(List.of(0.5, 2.0), "a", "a", "a", "a", "text1"),
            laws(Aggregates.histogram("w", 1.5), texts, List.of(0L, 0L), List.of(1L, 1L))
                .given(List.of(0L, 0L), "text1", "text1"),
            laws(Aggregates.slope("w"), texts, null, null),
            laws(Aggregates.weightedSum("w", "w"), texts, null, 5.0).given(-1.0, "text1"),
            laws(Aggregates.perCategory(Aggregates.sum("w"), "v"), texts, "{}", "{}"))
        .flatMap(AggregateLaws::tests);
  }

  private static AggregateLaws laws(
      Aggregate aggregate, Changes changes, @Nullable Object empty, @Nullable Object ofNull) {
    return AggregateLaws.of(
        NetAggregate.of("f", aggregate, changes), FieldType.STRING, empty, ofNull);
  }

  @Test
  void aListThatBecameASketchIsNullOnlyWhereSomethingWasDeleted() {
    List<Map<String, @Nullable Object>> events = new ArrayList<>();
    IntStream.range(0, 1100).forEach(i -> events.add(event(i, i % 1090L, false)));
    List<Aggregate> aggregates =
        List.of(Aggregates.quantile("n", 1), Aggregates.frequentItems("n", 1));
    assertEquals(
        List.of(List.of("u", 3_600_000_000L, 1089.0, List.of(0L))),
        Plans.all(1).rows(plan(aggregates), events, 1));
    events.add(event(0, 0L, true));
    List<@Nullable Object> unknown = new ArrayList<>(List.of("u", 3_600_000_000L));
    unknown.add(null);
    unknown.add(null);
    assertEquals(List.of(unknown), Plans.all(1).rows(plan(aggregates), events, 1));
  }

  private static Map<String, @Nullable Object> event(long time, long n, boolean delete) {
    List<@Nullable Object> row = new ArrayList<>(List.of("u", 1L, 1.0, time, 0L, 0.0, n, "s"));
    row.add(delete);
    row.add(0L);
    row.add(List.of());
    return Plans.events(AggregateCase.SCHEMA, List.of(row)).get(0);
  }

  private static BoundAggregates plan(List<Aggregate> aggregates) {
    List<Feature> features = new ArrayList<>();
    aggregates.forEach(a -> features.add(Feature.of("f" + features.size(), a)));
    return plan(features, WindowBounds.DEFAULT, B);
  }

  private static BoundAggregates plan(
      List<Feature> features, WindowBounds bounds, Changes changes) {
    return BoundAggregates.bind(
        new WindowedAggregates(
            List.of("user"),
            "time",
            null,
            Emission.every(3_600_000_000L),
            List.of(new Group(List.of(Window.of("1h")), bounds, features)),
            null,
            changes),
        AggregateCase.SCHEMA);
  }

  @TestFactory
  Stream<DynamicTest> whatCannotSubtractIsRefusedByName() {
    return Stream.of(
            Aggregates.first("x"),
            Aggregates.last("x"),
            Aggregates.firstK("x", 2),
            Aggregates.topK("x", 2),
            Aggregates.difference("x"),
            Aggregates.drawdown("x"),
            Aggregates.ewma("x", 60_000_000),
            Aggregates.timeSinceLast(),
            Aggregates.timeSinceFirst("x"),
            Aggregates.approximateDistinct("x"),
            Aggregates.max("x"),
            Aggregates.perCategory(Aggregates.last("x"), "s"))
        .map(
            a ->
                DynamicTest.dynamicTest(
                    a.toString(),
                    () -> {
                      String message = refusal(() -> plan(List.of(a)));
                      assertTrue(
                          message.startsWith("Invalid aggregate under changes: 'f0' is "), message);
                    }));
  }

  @Test
  void aRefusalSaysTheWayOut() {
    assertEquals(
        "Invalid aggregate under changes: 'f0' is Extremum[column=x, largest=true] (a deleted event"
            + " cannot be taken out of it; take one of quantile with q: 1, count, sum, mean,"
            + " variance, stddev, skewness, kurtosis, slope, rate, histogram, distinct,"
            + " distinct_list, entropy, most_frequent, frequent_items, quantile, also weighted or"
            + " per category, or move the feature to an aggregate without changes)",
        refusal(() -> plan(List.of(Aggregates.max("x")))));
    List<Feature> count = List.of(Feature.of("f0", Aggregates.count()));
    assertEquals(
        "Invalid rowCap: 3 (with changes it would take deletes for rows; leave one of them out)",
        refusal(() -> plan(count, WindowBounds.DEFAULT.withRowCap(3), B)));
    assertEquals(
        "Invalid excludeCurrent: true (with changes the event may be deleted, and its delete would"
            + " still be seen; leave one of them out)",
        refusal(
            () ->
                new WindowedAggregates(
                    List.of("user"),
                    "time",
                    null,
                    Emission.everyEvent(),
                    List.of(
                        new Group(
                            List.of(Window.of("1h")),
                            WindowBounds.DEFAULT.withExcludeCurrent(true),
                            count)),
                    null,
                    B)));
    assertEquals(
        "Invalid deletes: none (name the values of 'b' that delete)",
        refusal(() -> new Changes("b", List.of())));
    assertEquals(
        "Invalid deletes: 'd' (must be a value of 'b', boolean)",
        refusal(() -> plan(count, WindowBounds.DEFAULT, new Changes("b", List.of("d")))));
    assertEquals(
        "Invalid deletes: '01' (must be a value of 'n', int64)",
        refusal(() -> plan(count, WindowBounds.DEFAULT, new Changes("n", List.of("01")))));
    assertEquals(
        "Invalid column for changes: 'x' is float64 (must be string, int64 or boolean)",
        refusal(() -> plan(count, WindowBounds.DEFAULT, new Changes("x", List.of("1")))));
    assertEquals(
        "Unknown column: 'op'; known: user, shop, weight, time, seq, x, n, s, b, d, l",
        refusal(() -> plan(count, WindowBounds.DEFAULT, new Changes("op", List.of("d")))));
  }

  private static String refusal(Runnable refused) {
    return assertThrows(IllegalArgumentException.class, refused::run).getMessage();
  }
}
