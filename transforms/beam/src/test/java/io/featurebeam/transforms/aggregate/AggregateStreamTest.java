package io.featurebeam.transforms.aggregate;

import static io.featurebeam.transforms.aggregate.AggregateRecordsTest.SCHEMA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.aggregate.BoundAggregates;
import io.featurebeam.aggregate.BruteForce;
import io.featurebeam.aggregate.Differences;
import io.featurebeam.aggregate.Plans;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.time.Emission;
import io.featurebeam.time.WindowBounds;
import io.featurebeam.transforms.PipelineExtension;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A stream of batches out of order, with a watermark that passes some events by: what is late comes
 * out as rejects, and the highest revisions equal brute force over the rest.
 */
@ExtendWith(PipelineExtension.class)
class AggregateStreamTest {

  private static final long HOUR = 3_600_000_000L;

  /** How far out of order events are; some are further. */
  private static final long DISORDER = 2 * HOUR;

  @ParameterizedTest
  @CsvSource({
    "everyEvent, 0",
    "everyEvent, 1",
    "everyEvent, 48",
    "every, 0",
    "every, 1",
    "every, 48",
    "windowEdgesOffTheGrid, 1"
  })
  void highestRevisionsEqualBruteForceOverWhatIsNotLate(
      String emission, int latenessHours, TestPipeline pipeline) {
    WindowedAggregates spec =
        AggregateRecordsTest.spec(
            emission.equals("everyEvent") ? Emission.everyEvent() : Emission.every(HOUR),
            emission.equals("windowEdgesOffTheGrid") ? WindowBounds.FEAST : WindowBounds.DEFAULT);
    List<Map<String, @Nullable Object>> events = arrivals();
    PCollection<RecordBatch> rows =
        pipeline
            .apply(stream(events))
            .apply(
                AggregateRecords.of(spec, SCHEMA).withShards(3).withLateness(latenessHours * HOUR));
    boolean everyEvent = spec.emission().equals(Emission.everyEvent());
    PAssert.that(rows)
        .satisfies(
            batches -> {
              check(spec, events, batches, everyEvent, latenessHours);
              return null;
            });
    pipeline.run();
  }

  /** In order but for some, which come at most {@link #DISORDER} later, and few later still. */
  private static List<Map<String, @Nullable Object>> arrivals() {
    Random random = new Random(4);
    Map<Map<String, @Nullable Object>, Long> arrival = new HashMap<>();
    List<Map<String, @Nullable Object>> events =
        new ArrayList<>(AggregateRecordsTest.events().subList(0, 800));
    for (Map<String, @Nullable Object> event : events) {
      long delay = random.nextInt(3) > 0 ? 0 : random.nextLong(DISORDER);
      delay = random.nextInt(50) == 0 ? 10 * HOUR : delay;
      arrival.put(event, time(event) + delay);
    }
    events.sort((a, b) -> Long.compare(arrival.get(a), arrival.get(b)));
    return events;
  }

  private static long time(Map<String, @Nullable Object> event) {
    return (Long) event.get("time");
  }

  private static TestStream<RecordBatch> stream(List<Map<String, @Nullable Object>> events) {
    Random random = new Random(5);
    TestStream.Builder<RecordBatch> stream = TestStream.create(BatchCoder.of());
    long latest = Long.MIN_VALUE;
    for (int at = 0; at < events.size(); ) {
      int end = Math.min(events.size(), at + 1 + random.nextInt(100));
      List<Map<String, @Nullable Object>> some = events.subList(at, end);
      RecordBatch batch =
          Plans.batch(SCHEMA, some, random).withPositions(Positions.contiguous("topic", at));
      long first = some.stream().mapToLong(AggregateStreamTest::time).min().orElseThrow();
      latest =
          Math.max(latest, some.stream().mapToLong(AggregateStreamTest::time).max().orElseThrow());
      stream = stream.addElements(TimestampedValue.of(batch, instant(first)));
      stream = stream.advanceWatermarkTo(instant(latest - DISORDER));
      at = end;
    }
    return stream.advanceWatermarkToInfinity();
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochMilli(Math.floorDiv(micros, 1000L));
  }

  private static void check(
      WindowedAggregates spec,
      List<Map<String, @Nullable Object>> events,
      Iterable<RecordBatch> batches,
      boolean everyEvent,
      int latenessHours) {
    BoundAggregates plan = BoundAggregates.bind(spec, SCHEMA);
    int columns = plan.outputSchema().size();
    Map<Object, List<@Nullable Object>> highest = new HashMap<>();
    Set<Object> finals = new HashSet<>();
    Set<Integer> late = new HashSet<>();
    for (RecordBatch batch : batches) {
      for (int i = 0; i < batch.size() && Flow.isRejects(batch); i++) {
        assertEquals("late", batch.value(i, "rule"));
        late.add(Math.toIntExact(batch.longs("position").get(i)));
      }
      for (int i = 0; i < batch.size() && Flow.isRecords(batch); i++) {
        List<@Nullable Object> row = Plans.rows(batch.slice(i, i + 1)).get(0);
        Object id = everyEvent ? (Object) batch.positions().place(i) : row.subList(0, 2).toString();
        highest.merge(id, row, (a, b) -> (Long) a.get(columns) > (Long) b.get(columns) ? a : b);
        if (row.get(columns + 1).equals(true)) {
          finals.add(id);
        }
      }
    }
    List<Map<String, @Nullable Object>> accepted = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      if (!late.contains(i)) {
        accepted.add(events.get(i));
      }
    }
    assertEquals(latenessHours >= 48, late.isEmpty(), "late: " + late);
    assertTrue(late.size() < events.size() / 10, "late: " + late.size());
    List<List<@Nullable Object>> actual = new ArrayList<>();
    highest.values().forEach(row -> actual.add(row.subList(0, columns)));
    assertEquals(
        Optional.empty(),
        new Differences(plan).first(new BruteForce(spec, Map.of()).rows(accepted), actual));
    assertEquals(everyEvent ? Set.of() : highest.keySet(), finals);
  }
}
