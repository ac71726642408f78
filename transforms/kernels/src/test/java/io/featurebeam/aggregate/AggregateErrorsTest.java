package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What cannot work fails when the plan is bound, with name, value, rule and way out. */
class AggregateErrorsTest {

  private static final Emission HOURLY = Emission.every(3_600_000_000L);
  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("user", FieldType.STRING),
          Field.of("time", FieldType.TIMESTAMP),
          Field.of("amount", FieldType.INT64),
          Field.of("tags", FieldType.listOf(FieldType.STRING)),
          Field.of("sizes", FieldType.listOf(FieldType.INT64)));

  @Test
  void aColumnOfAWrongTypeIsRefused() {
    assertFails(
        "Invalid column for sum: 'user' is string (must be int64 or float64)",
        () -> bind(Aggregates.sum("user")));
    assertFails(
        "Invalid column for stddev: 'time' is timestamp (must be int64 or float64)",
        () -> bind(Aggregates.stddev("time")));
    assertFails(
        "Invalid column for max: 'user' is string (must be int64, float64, timestamp, date or"
            + " time)",
        () -> bind(Aggregates.max("user")));
    assertFails(
        "Invalid column for approximate_distinct: 'tags' is list<string> (must be anything but a"
            + " list)",
        () -> bind(Aggregates.approximateDistinct("tags")));
    assertFails(
        "Invalid column for last: 'tags' is list<string> (must be anything but a list)",
        () -> bind(Aggregates.last("tags")));
  }

  @Test
  void anUnknownColumnIsRefusedWithTheNearest() {
    assertFails(
        "Unknown column: 'amuont'; did you mean 'amount'?", () -> bind(Aggregates.sum("amuont")));
    assertFails(
        "Unknown column: 'amount2'; did you mean 'amount'?",
        () -> bind(Aggregates.count("amount2")));
    assertFails(
        "Unknown column: 'usr'; did you mean 'user'?",
        () -> bind(spec(List.of("usr"), "time", null, HOURLY)));
    assertFails(
        "Unknown column: 'seq'; known: user, time, amount, tags, sizes",
        () -> bind(spec(List.of("user"), "time", "seq", HOURLY)));
  }

  @Test
  void keyTimeAndSequenceHaveTheirTypes() {
    assertFails(
        "Invalid column for eventTime: 'amount' is int64 (must be timestamp)",
        () -> bind(spec(List.of("user"), "amount", null, HOURLY)));
    assertFails(
        "Invalid column for a key: 'tags' is list<string> (must be anything but a list)",
        () -> bind(spec(List.of("tags"), "time", null, HOURLY)));
    assertFails(
        "Invalid column for sequence: 'user' is string (must be int64, timestamp, date or time)",
        () -> bind(spec(List.of("user"), "time", "user", HOURLY)));
    assertFails(
        "Invalid keys: none (an aggregate needs at least one)",
        () -> spec(List.of(), "time", null, HOURLY));
    assertFails(
        "Invalid keys: [user, user] (each once, and none named 'window_end', which is the time of"
            + " a row)",
        () -> bind(spec(List.of("user", "user"), "time", null, HOURLY)));
  }

  @Test
  void aQuantileOutsideZeroToOneIsRefused() {
    assertFails("Invalid q: 1.5 (must be from 0 to 1)", () -> Aggregates.quantile("amount", 1.5));
    assertFails(
        "Invalid q: NaN (must be from 0 to 1)", () -> Aggregates.quantile("amount", Double.NaN));
  }

  @Test
  void aKOutsideItsRangeIsRefused() {
    assertFails(
        "Invalid k of top_k: 0 (must be from 1 to 10000)", () -> Aggregates.topK("amount", 0));
    assertFails(
        "Invalid k of bottom_k: -1 (must be from 1 to 10000)",
        () -> Aggregates.bottomK("amount", -1, "time"));
    assertFails(
        "Invalid k of last_k: 10001 (must be from 1 to 10000)",
        () -> Aggregates.lastK("amount", 10_001));
  }

  @Test
  void aLengthOfTimeThatIsNoneIsRefused() {
    assertFails("Invalid unit: 0 microseconds (must be > 0)", () -> Aggregates.rate(0));
    assertFails(
        "Invalid halfLife: -1 microseconds (must be > 0)", () -> Aggregates.ewma("amount", -1));
  }

  @Test
  void aRateOverALifetimeIsRefused() {
    Feature feature = Feature.of("f", Aggregates.rate(1_000_000));
    assertFails(
        "Invalid window for rate: lifetime (it has no length to divide by; give rate a window of"
            + " finite length, or divide count by time_since_first)",
        () -> bind(spec(HOURLY, WindowBounds.DEFAULT, List.of("1h", "lifetime"), feature)));
    assertFails(
        "Invalid window for rate: session_30m (it has no length to divide by; give rate a window of"
            + " finite length, or divide count by time_since_first)",
        () -> bind(session(HOURLY, WindowBounds.DEFAULT, Aggregates.rate(1_000_000))));
  }

  @Test
  void columnsThatOrderOrWeighHaveTheirTypes() {
    assertFails(
        "Invalid column for by of top_k: 'user' is string (must be int64, float64, timestamp, date"
            + " or time)",
        () -> bind(Aggregates.topK("amount", 3, "user")));
    assertFails(
        "Invalid column for top_k: 'user' is string (must be int64, float64, timestamp, date or"
            + " time)",
        () -> bind(Aggregates.topK("user", 3)));
    assertFails(
        "Invalid column for the weight of mean: 'user' is string (must be int64 or float64)",
        () -> bind(Aggregates.weightedMean("amount", "user")));
    assertFails(
        "Invalid column for first_k: 'tags' is list<string> (must be anything but a list)",
        () -> bind(Aggregates.firstK("tags", 2)));
    assertFails(
        "Invalid column for slope: 'time' is timestamp (must be int64 or float64)",
        () -> bind(Aggregates.slope("time")));
  }

  @Test
  void elementsAreThoseOfOneListWhereOrderDoesNotCount() {
    assertFails(
        "Invalid column for elements: 'amount' is int64 (must be a list)",
        () -> bind(Aggregates.sum("elements(amount)")));
    assertFails(
        "Unknown column: 'tag'; did you mean 'tags'?",
        () -> bind(Aggregates.count("elements(tag)")));
    assertFails(
        "Invalid column for sum: 'elements(tags)' is string (must be int64 or float64)",
        () -> bind(Aggregates.sum("elements(tags)")));
    assertFails(
        "Invalid column: elements of 'sizes' where the order of events counts (elements of one list"
            + " have one time; take an aggregate such as sum, mean, min, max or count)",
        () -> bind(Aggregates.last("elements(sizes)")));
    assertFails(
        "Invalid columns: elements of 'sizes' and of 'tags' (an aggregate takes those of one list"
            + " column)",
        () -> bind(Aggregates.weightedMean("elements(sizes)", "elements(tags)")));
  }

  @Test
  void windowCloseTakesOneFiniteWindow() {
    assertFails(
        "Invalid windows for windowClose: [1h, 1d] (it closes one window of finite length; for"
            + " several windows emit every hop)",
        () -> spec(Emission.windowClose(), WindowBounds.DEFAULT, "1h", "1d"));
    assertFails(
        "Invalid windows for windowClose: [lifetime] (it closes one window of finite length; for"
            + " several windows emit every hop)",
        () -> spec(Emission.windowClose(), WindowBounds.DEFAULT, "lifetime"));
  }

  @Test
  void aSessionIsNotRounded() {
    assertFails(
        "Invalid hop for a session: 1h (a session begins with an event, which nothing rounds; leave"
            + " hop out)",
        () -> session(HOURLY, WindowBounds.chronon(3_600_000_000L), Aggregates.count()));
  }

  @Test
  void aRowPerSessionSeesAllOfIt() {
    assertFails(
        "Invalid bounds for windowClose of a session: not those of [t - w, t) (its row sees the"
            + " whole session; leave all but rowCap out)",
        () -> session(Emission.windowClose(), WindowBounds.FEAST, Aggregates.count()));
    WindowedAggregates spec =
        session(Emission.windowClose(), WindowBounds.DEFAULT.withRowCap(3), Aggregates.count());
    RecordSchema schema = SCHEMA.with(Field.of("window_start", FieldType.INT64));
    WindowedAggregates taken =
        new WindowedAggregates(
            List.of("window_start"), "time", null, spec.emission(), spec.groups());
    assertFails(
        "Invalid keys: [window_start] (each once, and none named 'window_start' or 'window_end',"
            + " which is the time of a row)",
        () -> BoundAggregates.bind(taken, schema));
    assertEquals(
        List.of("user", "window_start", "window_end", "f_session_30m"),
        BoundAggregates.bind(spec, SCHEMA).outputSchema().names());
    assertEquals(Long.MAX_VALUE - 1_800_000_000L, spec.lastTime());
    assertEquals(Long.MAX_VALUE, spec.reach());
  }

  private static WindowedAggregates session(
      Emission emission, WindowBounds bounds, Aggregate aggregate) {
    Group group =
        new Group(
            List.of(Window.session(1_800_000_000L)), bounds, List.of(Feature.of("f", aggregate)));
    return new WindowedAggregates(List.of("user"), "time", null, emission, List.of(group));
  }

  @Test
  void excludeCurrentNeedsACurrentEvent() {
    assertFails(
        "Invalid excludeCurrent: true (only a row at every event has a current event; emit"
            + " everyEvent or leave it out)",
        () -> spec(HOURLY, WindowBounds.FEAST.withExcludeCurrent(true), "1h"));
  }

  @Test
  void nothingToComputeIsRefused() {
    assertFails(
        "Invalid aggregate: no features or no windows (needs at least one of each)",
        () -> spec(HOURLY, WindowBounds.DEFAULT));
  }

  @Test
  void twoFeaturesOfOneColumnNameAreRefused() {
    String rule =
        " (a feature's column is its name and window; give features of equal windows different"
            + " names, also from the columns beside them)";
    Feature total = Feature.of("total", Aggregates.sum("amount"));
    Feature other = Feature.of("total", Aggregates.count());
    assertFails(
        "Duplicate column: 'total_1h'" + rule,
        () -> bind(spec(HOURLY, WindowBounds.DEFAULT, List.of("1h"), total, other)));
    assertFails(
        "Duplicate column: 'total_1d'" + rule,
        () -> bind(spec(HOURLY, WindowBounds.DEFAULT, List.of("1d", "24h"), total)));
    RecordSchema taken = SCHEMA.with(Field.of("total_1h", FieldType.INT64));
    WindowedAggregates spec =
        spec(Emission.everyEvent(), WindowBounds.DEFAULT, List.of("1h"), total);
    assertFails("Duplicate column: 'total_1h'" + rule, () -> BoundAggregates.bind(spec, taken));
  }

  @Test
  void aConditionMustBeBoolean() {
    Feature feature = new Feature("f", Aggregates.count(), "amount + 1");
    assertFails(
        "Invalid where: 'amount + 1' is int64 (must be boolean)",
        () -> bind(spec(HOURLY, WindowBounds.DEFAULT, List.of("1h"), feature)));
  }

  @Test
  void aSumBeyondInt64SaysSo() {
    ArithmeticException error =
        assertThrows(
            ArithmeticException.class,
            () ->
                run(
                    bind(Aggregates.sum("amount")),
                    List.of(
                        Arrays.asList("a", 0L, Long.MAX_VALUE, null, null),
                        Arrays.asList("a", 1L, 1L, null, null))));
    assertEquals(
        "sum of 'amount' overflows int64: 9223372036854775808 (convert the column to float64 with"
            + " an expression)",
        error.getMessage());
  }

  @Test
  void aDifferenceBeyondInt64SaysSo() {
    ArithmeticException error =
        assertThrows(
            ArithmeticException.class,
            () ->
                run(
                    bind(Aggregates.difference("amount")),
                    List.of(
                        Arrays.asList("a", 0L, Long.MIN_VALUE, null, null),
                        Arrays.asList("a", 1L, 1L, null, null))));
    assertEquals(
        "difference of 'amount' overflows int64: 9223372036854775809 (convert the column to float64"
            + " with an expression)",
        error.getMessage());
  }

  @Test
  void anEventWithoutATimeIsAnError() {
    String message =
        "Column 'time' has 1 nulls (an event time must not be null; reject such records with a"
            + " rule before)";
    List<@Nullable Object> timeless = Arrays.asList("a", null, 1L, null, null);
    assertFails(message, () -> run(bind(Aggregates.count()), List.of(timeless)));
    BoundAggregates events = bind(spec(Emission.everyEvent(), WindowBounds.DEFAULT, "1h"));
    assertFails(message, () -> run(events, List.of(timeless)));
  }

  @Test
  void anEventWhoseWindowEndsAfterTheLastTimestampIsAnError() {
    String message =
        "Column 'time' has 1 times after +294247-01-10T03:59:59.999999Z (their windows end after the"
            + " last timestamp there is; reject such records with a rule before)";
    List<List<@Nullable Object>> rows =
        List.of(
            Arrays.asList("a", Long.MAX_VALUE, 1L, null, null),
            Arrays.asList("a", 9_223_372_036_799_999_999L, 1L, null, null));
    assertFails(message, () -> run(bind(Aggregates.count()), rows));
    BoundAggregates capped = bind(spec(HOURLY, WindowBounds.DEFAULT.withRowCap(3), "1h"));
    assertFails(message, () -> run(capped, rows));
  }

  @Test
  void theLastTimeIsThatOfTheLastHopWithAnEnd() {
    long end = 9_223_372_036_800_000_000L; // 2^63 - 1 microseconds are 4 hours and 55 s after it
    assertEquals(end - 1, spec(HOURLY, WindowBounds.DEFAULT, "1h").lastTime());
    assertEquals(end, spec(HOURLY, WindowBounds.FEATHR, "1h").lastTime());
    assertEquals(
        end - 4 * HOURLY.everyMicros() - 1,
        spec(Emission.windowClose(), WindowBounds.DEFAULT, "1d").lastTime());
    assertEquals(Long.MAX_VALUE, spec(Emission.everyEvent(), WindowBounds.FEAST, "1d").lastTime());
  }

  private static void run(BoundAggregates plan, List<List<@Nullable Object>> rows) {
    Plans.all(2).rows(plan, Plans.events(SCHEMA, rows), 1);
  }

  private static BoundAggregates bind(Aggregate aggregate) {
    Feature feature = Feature.of("f", aggregate);
    return bind(spec(HOURLY, WindowBounds.DEFAULT, List.of("1h"), feature));
  }

  private static BoundAggregates bind(WindowedAggregates spec) {
    return BoundAggregates.bind(spec, SCHEMA);
  }

  private static WindowedAggregates spec(
      List<String> keys, String time, @Nullable String sequence, Emission emission) {
    Group group =
        new Group(
            List.of(Window.of("1h")),
            WindowBounds.DEFAULT,
            List.of(Feature.of("f", Aggregates.count())));
    return new WindowedAggregates(keys, time, sequence, emission, List.of(group));
  }

  private static WindowedAggregates spec(
      Emission emission, WindowBounds bounds, String... windows) {
    return spec(emission, bounds, List.of(windows), Feature.of("f", Aggregates.count()));
  }

  private static WindowedAggregates spec(
      Emission emission, WindowBounds bounds, List<String> windows, Feature... features) {
    Group group = new Group(windows.stream().map(Window::of).toList(), bounds, List.of(features));
    return new WindowedAggregates(List.of("user"), "time", null, emission, List.of(group));
  }

  private static void assertFails(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
