package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.featurebeam.aggregate.Aggregates;
import io.featurebeam.aggregate.Changes;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.skew.FeatureSkew;
import io.featurebeam.skew.Side;
import io.featurebeam.skew.SkewLimits;
import io.featurebeam.skew.SkewPlan;
import io.featurebeam.skew.SkewShard;
import io.featurebeam.skew.SkewStats;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import io.featurebeam.transforms.aggregate.AggregateRecords;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same transform over a stream, out of order and partly late, and over a bounded input of what
 * was not late: the highest revisions are the batch rows, to the last bit.
 */
class BatchEqualsStreamIT {

  private static final long MINUTE = 60_000_000L;
  private static final long HOUR = 60 * MINUTE;
  private static final int EVENTS = 2_000;
  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.required("id", FieldType.INT64),
          Field.of("card", FieldType.STRING),
          Field.required("time", FieldType.TIMESTAMP),
          Field.of("amount", FieldType.FLOAT64),
          Field.of("op", FieldType.STRING));

  private static final Set<String> STREAM_COLUMNS = Set.of("revision", "final", "pane");

  /** Of a stream, by row: the highest revision. Of a batch: the rows. */
  private static final class Rows {
    private final Map<String, String> values = new HashMap<>();
    private final Map<String, Long> revisions = new HashMap<>();
    private final Set<Long> late = new HashSet<>();
  }

  @BeforeAll
  static void theRunnerStreams() {
    assumeTrue(
        Runner.current() != Runner.SPARK,
        "the Spark runner has no event-time timers in streaming; it refuses such a pipeline");
  }

  @ParameterizedTest
  @CsvSource({
    "everyEvent, 0",
    "everyEvent, 60",
    "every, 0",
    "every, 60",
    "windowClose, 30",
    "sessionClose, 0",
    "sessionClose, 60"
  })
  void highestRevisionsAreTheBatchRows(String emit, int latenessMinutes) {
    assertRevisionsAreTheBatchRows(spec(emit, EVENT_FEATURES), latenessMinutes);
  }

  /** A quarter of the records delete, some before their insert comes. */
  @ParameterizedTest
  @CsvSource({"everyEvent, 60", "every, 60", "windowClose, 0"})
  void theyAreWhereRecordsDeleteOthers(String emit, int latenessMinutes) {
    WindowedAggregates plain = spec(emit, CHANGE_FEATURES);
    List<Window> windows =
        plain.groups().get(0).windows().stream().filter(w -> !w.isSession()).toList();
    assertRevisionsAreTheBatchRows(
        new WindowedAggregates(
            plain.keys(),
            plain.eventTime(),
            plain.sequence(),
            plain.emission(),
            List.of(new Group(windows, WindowBounds.DEFAULT, CHANGE_FEATURES)),
            null,
            new Changes("op", List.of("d"))),
        latenessMinutes);
  }

  /** By the skew check: every value of a stream, in all its revisions, is that of the batch. */
  @ParameterizedTest
  @CsvSource({"everyEvent, id", "every, card window_end", "windowClose, card window_end"})
  void theSkewCheckFindsNone(String emit, String on) {
    SkewStats skew = skew(spec(emit, EVENT_FEATURES), spec(emit, EVENT_FEATURES), on);

    assertEquals(List.of(), SkewLimits.DEFAULT.objections(skew));
    boolean isRevised = skew.rows(Side.LOGGED).superseded() > 0;
    assertTrue(isRevised || !emit.equals("everyEvent"), "no row is revised");
    assertEquals(0, skew.rows(Side.LOGGED).alone() + skew.rows(Side.RECOMPUTED).alone());
    for (FeatureSkew feature : skew.features()) {
      assertEquals(1.0, feature.matchRate(), feature.name());
    }
  }

  @Test
  void theSkewCheckFindsAWrongWindowEdgeByTheNameOfTheFeature() {
    WindowedAggregates right = spec("everyEvent", EVENT_FEATURES);
    List<Window> windows = right.groups().get(0).windows();
    List<Feature> others = EVENT_FEATURES.stream().filter(f -> !f.name().equals("max")).toList();
    List<Feature> max = EVENT_FEATURES.stream().filter(f -> f.name().equals("max")).toList();
    WindowedAggregates wrong =
        new WindowedAggregates(
            right.keys(),
            right.eventTime(),
            right.sequence(),
            right.emission(),
            List.of(
                new Group(windows, WindowBounds.DEFAULT, others),
                new Group(windows, WindowBounds.FEAST, max)));

    Set<String> found = new TreeSet<>();
    for (FeatureSkew feature : skew(right, wrong, "id").features()) {
      if (feature.matchRate() < 1) {
        found.add(feature.name());
      }
    }
    assertEquals(Set.of("max_10m", "max_1h", "max_1d", "max_session_10m"), found);
  }

  /** Of the stream against a batch over what was not late. */
  private static SkewStats skew(WindowedAggregates spec, WindowedAggregates batchSpec, String on) {
    List<RecordBatch> arrivals = arrivals();
    AggregateRecords stream =
        AggregateRecords.of(spec, SCHEMA).withShards(4).withLateness(60 * MINUTE);
    List<RecordBatch> logged = Streaming.stream(arrivals, stream);
    Set<Long> late = rows(spec, logged).late;
    List<RecordBatch> accepted = new ArrayList<>();
    for (RecordBatch batch : arrivals) {
      long[] ids = batch.longs("id").values();
      accepted.add(batch.select(Bitmap.of(batch.size(), i -> !late.contains(ids[i]))));
    }
    AggregateRecords batch = AggregateRecords.of(batchSpec, SCHEMA).withShards(4);
    SkewPlan plan =
        SkewPlan.of(
            stream.outputSchema(PCollection.IsBounded.UNBOUNDED),
            batch.outputSchema(PCollection.IsBounded.BOUNDED),
            List.of(on.split(" ", -1)));
    SkewShard shard = new SkewShard(plan);
    logged.stream()
        .filter(Flow::isRecords)
        .forEach(rows -> shard.add(plan.prepare(Side.LOGGED, rows)));
    Streaming.bounded(accepted, batch)
        .forEach(rows -> shard.add(plan.prepare(Side.RECOMPUTED, rows)));
    return shard.finish();
  }

  private static void assertRevisionsAreTheBatchRows(WindowedAggregates spec, int latenessMinutes) {
    AggregateRecords transform =
        AggregateRecords.of(spec, SCHEMA).withShards(4).withLateness(latenessMinutes * MINUTE);
    List<RecordBatch> arrivals = arrivals();

    Rows stream = rows(spec, Streaming.stream(arrivals, transform));

    List<RecordBatch> accepted = new ArrayList<>();
    for (RecordBatch batch : arrivals) {
      long[] ids = batch.longs("id").values();
      accepted.add(batch.select(Bitmap.of(batch.size(), i -> !stream.late.contains(ids[i]))));
    }
    Rows batch = rows(spec, Streaming.bounded(accepted, transform));
    assertFalse(stream.late.isEmpty(), "no event is late");
    assertEquals(batch.values, stream.values);
  }

  /** On Flink time passes by itself: there the next event waits until a row was shown. */
  @Test
  void anOpenHopIsShownEarlyEachTimeItHasChanged() {
    boolean waits = Runner.current() == Runner.FLINK;
    WindowedAggregates spec =
        new WindowedAggregates(
            List.of("card"),
            "time",
            null,
            Emission.every(HOUR).withEarly(waits ? 1000 : 10_000_000),
            List.of(
                new Group(
                    List.of(Window.of("1h")),
                    WindowBounds.DEFAULT,
                    List.of(Feature.of("count", Aggregates.count())))));
    TestStream.Builder<RecordBatch> events = TestStream.create(BatchCoder.of());
    for (int minute = 10; minute <= 30; minute += 10) {
      RecordBatch event =
          RecordBatch.builder(SCHEMA).add((long) minute, "a", minute * MINUTE, 1.0, null).build();
      events = events.addElements(TimestampedValue.of(event, Streaming.instant(minute * MINUTE)));
      if (!waits) {
        events =
            events
                .advanceProcessingTime(Duration.standardSeconds(9)) // not yet
                .advanceProcessingTime(Duration.standardSeconds(2));
      }
    }
    Collected out = new Collected();
    TestPipeline pipeline = TestPipeline.fromOptions(Streaming.options());
    pipeline.enableAbandonedNodeEnforcement(false);
    pipeline
        .apply("Events", events.advanceWatermarkToInfinity())
        .apply("Wait", ParDo.of(new AfterEarly(waits)))
        .setCoder(BatchCoder.of())
        .apply("Aggregate", AggregateRecords.of(spec, SCHEMA).withShards(1))
        .apply("Show", ParDo.of(new ShowEarly()))
        .setCoder(BatchCoder.of())
        .apply("Collect", ParDo.of(out));

    pipeline.run().waitUntilFinish();

    List<String> rows = new ArrayList<>();
    for (RecordBatch batch : out.batches()) {
      for (int i = 0; i < batch.size(); i++) {
        rows.add(
            batch.value(i, "count_1h")
                + " "
                + batch.value(i, "pane")
                + (Objects.equals(batch.value(i, "final"), true) ? " final" : ""));
      }
    }
    List<String> all = List.of("1 early", "2 early", "3 early", "3 on_time final");
    boolean lastIsShown = !waits || rows.size() == all.size(); // the end may come before a timer
    assertEquals(lastIsShown ? all : List.of("1 early", "2 early", "3 on_time final"), rows);
  }

  /** Of rows that were shown early. */
  private static final Semaphore SHOWN = new Semaphore(0);

  private static final class ShowEarly extends DoFn<RecordBatch, RecordBatch> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void show(@Element RecordBatch batch, OutputReceiver<RecordBatch> out) {
      out.output(batch);
      for (int i = 0; i < batch.size(); i++) {
        if (Objects.equals(batch.value(i, "pane"), "early")) {
          SHOWN.release();
        }
      }
    }
  }

  /** Lets an event go on when the row of the one before was shown. */
  private static final class AfterEarly extends DoFn<RecordBatch, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final boolean waits;

    AfterEarly(boolean waits) {
      this.waits = waits;
    }

    @ProcessElement
    public void wait(@Element RecordBatch batch, OutputReceiver<RecordBatch> out)
        throws InterruptedException {
      if (waits && batch.longs("id").get(0) > 10) {
        assertTrue(SHOWN.tryAcquire(1, TimeUnit.MINUTES), "no row is shown");
      }
      out.output(batch);
    }
  }

  private static final List<Feature> EVENT_FEATURES =
      List.of(
          Feature.of("count", Aggregates.count()),
          Feature.of("sum", Aggregates.sum("amount")),
          Feature.of("max", Aggregates.max("amount")),
          Feature.of("stddev", Aggregates.stddev("amount")),
          Feature.of("last", Aggregates.last("amount")));

  private static final List<Feature> CHANGE_FEATURES =
      List.of(
          Feature.of("count", Aggregates.count()),
          Feature.of("sum", Aggregates.sum("amount")),
          Feature.of("mean", Aggregates.mean("amount")),
          Feature.of("median", Aggregates.median("amount")),
          Feature.of("which", Aggregates.distinctList("amount")));

  private static WindowedAggregates spec(String emit, List<Feature> features) {
    Emission emission =
        switch (emit) {
          case "everyEvent" -> Emission.everyEvent();
          case "every" -> Emission.every(10 * MINUTE);
          default -> Emission.windowClose();
        };
    Window session = Window.session(10 * MINUTE);
    List<Window> windows =
        switch (emit) {
          case "windowClose" -> List.of(Window.of("1h"));
          case "sessionClose" -> List.of(session);
          default -> List.of(Window.of("10m"), Window.of("1h"), Window.of("1d"), session);
        };
    return new WindowedAggregates(
        List.of("card"),
        "time",
        null,
        emission,
        List.of(new Group(windows, WindowBounds.DEFAULT, features)));
  }

  /** Of half a day; most in order, some up to half an hour late, a few much later. */
  private static List<RecordBatch> arrivals() {
    Random random = new Random(11);
    List<long[]> events = new ArrayList<>(); // id, time, arrival, and the id whose values it has
    for (long id = 0; id < EVENTS; id++) {
      boolean deletes = id % 4 == 3;
      long time = deletes ? events.get(events.size() - 1)[1] : random.nextLong(12 * HOUR);
      long delay = random.nextInt(3) > 0 ? 0 : random.nextLong(30 * MINUTE);
      long arrival = time + (random.nextInt(40) == 0 ? 6 * HOUR : delay);
      events.add(new long[] {id, time, arrival, deletes ? id - 1 : id});
    }
    events.sort((a, b) -> Long.compare(a[2], b[2]));
    List<RecordBatch> batches = new ArrayList<>();
    for (int at = 0; at < EVENTS; ) {
      int size = Math.min(EVENTS - at, 1 + random.nextInt(100));
      RecordBatch.Builder builder = RecordBatch.builder(SCHEMA);
      for (long[] event : events.subList(at, at + size)) {
        Random values = new Random(event[3] * 0x9E3779B97F4A7C15L);
        int card = values.nextInt(20);
        builder.add(
            event[0],
            card == 0 ? null : "card" + card,
            event[1],
            values.nextInt(20) == 0 ? null : values.nextInt(100_000) / 100.0,
            event[3] == event[0] ? null : "d");
      }
      batches.add(builder.build().withPositions(Positions.contiguous("topic", at)));
      at += size;
    }
    return batches;
  }

  private static Rows rows(WindowedAggregates spec, List<RecordBatch> batches) {
    boolean everyEvent = spec.emission().equals(Emission.everyEvent());
    Rows rows = new Rows();
    for (RecordBatch batch : batches) {
      for (int i = 0; i < batch.size(); i++) {
        if (Flow.isRejects(batch)) {
          String record = String.valueOf(batch.value(i, "record"));
          rows.late.add(Long.parseLong(record.replaceAll("\\{\"id\":(\\d+),.*", "$1")));
        } else {
          add(rows, batch, i, everyEvent);
        }
      }
    }
    return rows;
  }

  private static void add(Rows rows, RecordBatch batch, int row, boolean everyEvent) {
    StringBuilder values = new StringBuilder();
    for (Field field : batch.schema().fields()) {
      if (!STREAM_COLUMNS.contains(field.name())) {
        values.append(field.name()).append('=').append(batch.value(row, field.name())).append(' ');
      }
    }
    String id =
        everyEvent
            ? String.valueOf(batch.value(row, "id"))
            : batch.value(row, "card") + " " + batch.value(row, "window_end");
    boolean isStream = batch.schema().names().contains("revision");
    long revision = isStream ? batch.longs("revision").get(row) : 0;
    Long old = rows.revisions.get(id);
    if (old == null || old < revision) {
      rows.revisions.put(id, revision);
      rows.values.put(id, values.toString());
    }
  }
}
