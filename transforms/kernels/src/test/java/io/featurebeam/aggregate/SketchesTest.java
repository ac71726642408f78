package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Distinct counts and quantiles at and beyond their exact limits. */
class SketchesTest {

  private static final long HOUR = 3_600_000_000L;
  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("user", FieldType.STRING),
          Field.required("time", FieldType.TIMESTAMP),
          Field.of("v", FieldType.INT64));

  @Test
  void distinctIsExactUpToItsLimit() {
    int limit = ApproximateDistinct.EXACT;
    List<List<@Nullable Object>> events = values("a", limit, limit, 3);
    assertEquals((long) limit, feature(Aggregates.approximateDistinct("v"), events, 1));
  }

  @Test
  void distinctOf100000IsWithinItsError() {
    List<List<@Nullable Object>> events = values("a", 100_000, 100_000, 3);
    long estimate = (Long) feature(Aggregates.approximateDistinct("v"), events, 1);
    assertEquals(100_000, (double) estimate, 3 * 1.6e-2 * 100_000);
  }

  @Test
  void distinctBeyondItsLimitDependsOnTheSetAlone() {
    List<List<@Nullable Object>> events = values("a", 20_000, 5_000, 3);
    Object estimate = feature(Aggregates.approximateDistinct("v"), events, 1);
    for (long seed = 2; seed < 6; seed++) {
      assertEquals(estimate, feature(Aggregates.approximateDistinct("v"), events, seed));
    }
    List<List<@Nullable Object>> once = values("a", 5_000, 5_000, 1);
    assertEquals(estimate, feature(Aggregates.approximateDistinct("v"), once, 1));
  }

  @Test
  void quantileIsExactUpToItsLimitInATile() {
    int limit = Quantile.EXACT;
    List<List<@Nullable Object>> events = values("a", 3 * limit, 3 * limit, 3);
    assertEquals((3 * limit - 1) / 2.0, feature(Aggregates.quantile("v", 0.5), events, 1));
  }

  @Test
  void quantileOfManyEventsWithoutTheCurrentOneIsExact() {
    int count = 3 * Quantile.EXACT;
    List<List<@Nullable Object>> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(Arrays.asList("a", i / 2 * HOUR, (long) i)); // two at a time
    }
    WindowedAggregates spec =
        new WindowedAggregates(
            List.of("user"),
            "time",
            null,
            Emission.everyEvent(),
            List.of(
                new Group(
                    List.of(Window.LIFETIME),
                    WindowBounds.FEAST.withExcludeCurrent(true),
                    List.of(Feature.of("f", Aggregates.quantile("v", 0.5))))));
    List<List<@Nullable Object>> rows =
        Plans.all(1).rows(BoundAggregates.bind(spec, SCHEMA), Plans.events(SCHEMA, events), 1);
    for (List<@Nullable Object> row : rows) {
      long value = (Long) row.get(2);
      long last = value / 2 * 2 + 1; // seen are 0 to last, without the value
      double median = (last - 1) / 2.0 + (value <= (last - 1) / 2.0 ? 1 : 0);
      assertEquals(median, row.get(3), "of " + value);
    }
  }

  @Test
  void quantilesOf100000AreWithinTheirRankError() {
    // Ranks are within 0.0067 in 99 of 100 sketches; twice that does not happen by chance.
    List<List<@Nullable Object>> events = values("a", 100_000, 100_000, 3);
    for (double q : new double[] {0, 0.01, 0.25, 0.5, 0.9, 0.99, 1}) {
      double value = (Double) feature(Aggregates.quantile("v", q), events, 1);
      assertTrue(Math.abs(value / 100_000 - q) <= 0.015, q + " gives " + value);
    }
  }

  @Test
  void aListOfQuantilesIsWithinTheirRankErrorInWhateverOrderItIsMerged() {
    Double[] q = {0.01, 0.25, 0.5, 0.9, 0.99};
    List<List<@Nullable Object>> events = values("a", 100_000, 100_000, 30);
    for (long seed = 1; seed <= 3; seed++) {
      List<?> values = (List<?>) feature(Aggregates.quantiles("v", q), events, seed);
      for (int i = 0; i < q.length; i++) {
        double rank = (Double) values.get(i) / 100_000;
        assertTrue(Math.abs(rank - q[i]) <= 0.015, q[i] + " gives rank " + rank);
      }
    }
  }

  @Test
  void aSketchOfOneKeyLeavesAnotherKeyOfTheShardExact() {
    List<List<@Nullable Object>> events = values("a", 3000, 3000, 3);
    for (int i = 0; i < 5000; i++) {
      events.add(Arrays.asList("b", 0L, (long) i));
    }
    assertEquals(1499.5, feature(Aggregates.quantile("v", 0.5), events, 1));
  }

  /** {@code count} events of a user with numbers below {@code distinct}, in as many hours. */
  private static List<List<@Nullable Object>> values(
      String user, int count, int distinct, int hours) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(Arrays.asList(user, i % hours * HOUR, i * 7919L % distinct));
    }
    return rows;
  }

  /** The feature of user a in the last of its hours, over two days. */
  private static @Nullable Object feature(
      Aggregate aggregate, List<List<@Nullable Object>> events, long seed) {
    WindowedAggregates spec =
        new WindowedAggregates(
            List.of("user"),
            "time",
            null,
            Emission.every(HOUR),
            List.of(
                new Group(
                    List.of(Window.of("2d")),
                    WindowBounds.DEFAULT,
                    List.of(Feature.of("f", aggregate)))));
    List<List<@Nullable Object>> rows =
        Plans.all(1).rows(BoundAggregates.bind(spec, SCHEMA), Plans.events(SCHEMA, events), seed);
    return rows.stream()
        .filter(row -> "a".equals(row.get(0)))
        .max((a, b) -> Long.compare((Long) a.get(1), (Long) b.get(1)))
        .orElseThrow()
        .get(2);
  }
}
