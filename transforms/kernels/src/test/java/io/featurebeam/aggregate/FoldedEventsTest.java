package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.aggregate.LabelFeatures.Limits;
import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What windows without a beginning show of many events: folded or not, values that sketches would
 * only be near to stay exact.
 */
class FoldedEventsTest {

  private static final int EVENTS = 6000;
  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.required("user", FieldType.STRING),
          Field.required("time", FieldType.TIMESTAMP),
          Field.required("x", FieldType.FLOAT64),
          Field.required("n", FieldType.INT64),
          Field.required("s", FieldType.STRING),
          Field.required("gone", FieldType.BOOLEAN));

  /** A silence of ten ends a session; there is one after every 2000 events. */
  private static final List<Window> WINDOWS =
      List.of(Window.LIFETIME, Window.session(10), new Window(500));

  /** Deletes know no sessions. */
  private static final List<Window> UNPARTED = List.of(Window.LIFETIME, new Window(500));

  private static final List<Aggregate> AGGREGATES =
      List.of(
          Aggregates.count(),
          Aggregates.sum("x"),
          Aggregates.quantile("x", 0.5),
          Aggregates.frequentItems("n", 3),
          Aggregates.frequentCounts("n", 3),
          Aggregates.perCategory(Aggregates.quantile("x", 0.5), "s"),
          Aggregates.last("n"));

  @Test
  void manyValuesStayExactWhereverTheyAre() {
    check(plan(WindowBounds.DEFAULT, null, AGGREGATES));
    check(plan(WindowBounds.DEFAULT, null, List.of(Aggregates.approximateDistinct("n"))));
  }

  @Test
  void soDoThoseThatAreDeleted() {
    Changes changes = new Changes("gone", List.of("true"));
    check(
        plan(
            WindowBounds.FEAST,
            changes,
            List.of(Aggregates.quantile("x", 0.5), Aggregates.frequentCounts("n", 3))));
  }

  @Test
  void theLatestRowsAreStillCounted() {
    check(plan(WindowBounds.DEFAULT.withRowCap(700), null, AGGREGATES));
    check(plan(WindowBounds.DEFAULT.withRowDelay(700), null, AGGREGATES));
  }

  @Test
  void aSessionAloneIsSeenAsLateAsItsDelaySays() {
    List<Window> session = List.of(Window.session(10));
    check(plan(session, WindowBounds.DEFAULT.withDelay(7), null, AGGREGATES));
  }

  @Test
  void theMedianOfALifetimeIsThatOfAllValues() {
    BoundAggregates plan = plan(WindowBounds.DEFAULT, null, List.of(Aggregates.quantile("x", 0.5)));
    RecordBatch events = events();
    double[] sorted = Arrays.copyOf(events.doubles("x").values(), EVENTS);
    Arrays.sort(sorted);
    List<List<@Nullable Object>> rows =
        rows(plan, events, new Limits(5000, 100, 64), new long[] {Long.MAX_VALUE / 2});
    assertEquals((sorted[EVENTS / 2 - 1] + sorted[EVENTS / 2]) / 2, rows.get(0).get(0));
  }

  private static void check(BoundAggregates plan) {
    RecordBatch events = events();
    long[] times = new Random(2).longs(200, -10, 2 * EVENTS).toArray();
    List<List<@Nullable Object>> all =
        rows(plan, events, new Limits(Long.MAX_VALUE, 1 << 22, 64), times);
    assertEquals(all, rows(plan, events, new Limits(Long.MAX_VALUE, 500, 64), times));
    assertEquals(all, rows(plan, events, new Limits(20_000, 500, 64), times));
    assertEquals(all, rows(plan, events, new Limits(20_000, 1 << 22, 64), times));
  }

  private static List<List<@Nullable Object>> rows(
      BoundAggregates plan, RecordBatch events, Limits limits, long[] times) {
    LabelFeatures features = new LabelFeatures(plan, limits);
    for (int at = 0; at < EVENTS; at += 750) {
      features.add(events.slice(at, at + 750));
    }
    String[] users = new String[times.length];
    Arrays.fill(users, "hot");
    List<Column> columns =
        features.answer(List.of(BytesColumn.ofStrings(users)), times, Long.MAX_VALUE).columns();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < times.length; i++) {
      List<@Nullable Object> row = new ArrayList<>();
      for (Column column : columns) {
        row.add(column.value(i));
      }
      rows.add(row);
    }
    return rows;
  }

  private static BoundAggregates plan(
      WindowBounds bounds, @Nullable Changes changes, List<Aggregate> aggregates) {
    return plan(changes == null ? WINDOWS : UNPARTED, bounds, changes, aggregates);
  }

  private static BoundAggregates plan(
      List<Window> windows,
      WindowBounds bounds,
      @Nullable Changes changes,
      List<Aggregate> aggregates) {
    List<Feature> features = new ArrayList<>();
    for (Aggregate aggregate : aggregates) {
      features.add(Feature.of("f" + features.size(), aggregate));
    }
    return BoundAggregates.bind(
        new WindowedAggregates(
            List.of("user"),
            "time",
            null,
            Emission.everyEvent(),
            List.of(new Group(windows, bounds, features)),
            null,
            changes),
        SCHEMA);
  }

  /** One in the time of two microseconds, in no order, of a single key. */
  private static RecordBatch events() {
    Random random = new Random(1);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      order.add(random.nextInt(i + 1), i);
    }
    RecordBatch.Builder batch = RecordBatch.builder(SCHEMA);
    for (int i : order) {
      batch.add(
          "hot",
          2L * i + 20L * (i / 2000),
          random.nextGaussian(),
          (long) random.nextInt(20_000),
          random.nextBoolean() ? "a" : "b",
          random.nextInt(4) == 0);
    }
    return batch.build();
  }
}
