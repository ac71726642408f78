package io.featurebeam.transforms.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.aggregate.Aggregates;
import io.featurebeam.aggregate.BoundAggregates;
import io.featurebeam.aggregate.BruteForce;
import io.featurebeam.aggregate.Differences;
import io.featurebeam.aggregate.Plans;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.aggregate.WindowedAggregates.Feature;
import io.featurebeam.aggregate.WindowedAggregates.Group;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import io.featurebeam.transforms.PipelineExtension;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PipelineExtension.class)
class AggregateRecordsTest {

  private static final long HOUR = 3_600_000_000L;
  static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("user", FieldType.STRING),
          Field.required("time", FieldType.TIMESTAMP),
          Field.of("merchant", FieldType.STRING),
          Field.of("amount", FieldType.FLOAT64));

  @ParameterizedTest
  @ValueSource(ints = {1, 7})
  void tilesEqualBruteForce(int shards, TestPipeline pipeline) {
    check(pipeline, spec(Emission.every(HOUR), WindowBounds.DEFAULT), shards);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7})
  void everyEventEqualsBruteForce(int shards, TestPipeline pipeline) {
    check(
        pipeline, spec(Emission.everyEvent(), WindowBounds.FEAST.withExcludeCurrent(true)), shards);
  }

  @Test
  void aRangeGivesItsRowsAlone(TestPipeline pipeline) {
    WindowedAggregates spec = spec(Emission.every(HOUR), WindowBounds.DEFAULT);
    List<Map<String, @Nullable Object>> events = events();
    List<List<@Nullable Object>> expected = new BruteForce(spec, Map.of()).rows(events);
    expected.removeIf(row -> (Long) row.get(1) < 10 * HOUR || (Long) row.get(1) >= 20 * HOUR);
    assertGives(
        create(pipeline, events)
            .apply(AggregateRecords.of(spec, SCHEMA).withRange(10 * HOUR, 20 * HOUR)),
        spec,
        expected);
    pipeline.run();
  }

  @Test
  void noEventsGiveNoRows(TestPipeline pipeline) {
    WindowedAggregates spec = spec(Emission.every(HOUR), WindowBounds.DEFAULT);
    RecordBatch none = Plans.batch(SCHEMA, List.of(), new Random(1));
    PCollection<RecordBatch> records =
        pipeline.apply(Create.of(List.of(none)).withCoder(BatchCoder.of()));
    assertGives(records.apply(AggregateRecords.of(spec, SCHEMA)), spec, List.of());
    pipeline.run();
  }

  @Test
  void aRangeOfAStreamIsRefused() {
    TestPipeline pipeline = TestPipeline.create();
    PCollection<RecordBatch> stream =
        pipeline.apply("stream", TestStream.create(BatchCoder.of()).advanceWatermarkToInfinity());
    AggregateRecords transform =
        AggregateRecords.of(spec(Emission.every(HOUR), WindowBounds.DEFAULT), SCHEMA)
            .withRange(0, HOUR);
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> stream.apply(transform));
    assertEquals(
        "Invalid range for a stream: '" + stream.getName() + "' is unbounded (bound the source)",
        error.getMessage());
  }

  @Test
  void columnsThatAStreamAddsMustBeFree() {
    RecordSchema taken =
        RecordSchema.of(
            SCHEMA.field("user"),
            SCHEMA.field("time"),
            SCHEMA.field("merchant"),
            SCHEMA.field("amount"),
            Field.of("final", FieldType.BOOLEAN));
    AggregateRecords transform =
        AggregateRecords.of(spec(Emission.everyEvent(), WindowBounds.DEFAULT), taken);
    assertEquals(
        "Duplicate column: 'final' (a stream adds a column of this name to its rows; rename yours)",
        assertThrows(
                IllegalArgumentException.class,
                () -> transform.outputSchema(PCollection.IsBounded.UNBOUNDED))
            .getMessage());
  }

  @Test
  void optionsAreCheckedWhenTheyAreSet() {
    AggregateRecords transform =
        AggregateRecords.of(spec(Emission.every(HOUR), WindowBounds.DEFAULT), SCHEMA);
    assertEquals(
        "Invalid shards: 0 (must be > 0)",
        assertThrows(IllegalArgumentException.class, () -> transform.withShards(0)).getMessage());
    assertEquals(
        "Invalid range: from 5 to 5 (from must be before to)",
        assertThrows(IllegalArgumentException.class, () -> transform.withRange(5, 5)).getMessage());
    assertEquals(
        "Invalid lateness: -1 microseconds (must be >= 0)",
        assertThrows(IllegalArgumentException.class, () -> transform.withLateness(-1))
            .getMessage());
  }

  @Test
  void anUnknownColumnFailsWhenThePipelineIsBuilt() {
    RecordSchema other = RecordSchema.of(SCHEMA.field("user"), SCHEMA.field("time"));
    WindowedAggregates spec = spec(Emission.every(HOUR), WindowBounds.DEFAULT);
    assertEquals(
        "Unknown column: 'amount'; known: user, time",
        assertThrows(IllegalArgumentException.class, () -> AggregateRecords.of(spec, other))
            .getMessage());
  }

  @Test
  void defaultsAreAsDocumented() {
    AggregateRecords transform =
        AggregateRecords.of(spec(Emission.every(HOUR), WindowBounds.DEFAULT), SCHEMA);
    DisplayData data = DisplayData.from(transform);
    List<String> items =
        data.items().stream().map(i -> i.getKey() + "=" + i.getValue()).sorted().toList();
    assertEquals(List.of("keys=user", "shards=32"), items);
  }

  private static void check(TestPipeline pipeline, WindowedAggregates spec, int shards) {
    List<Map<String, @Nullable Object>> events = events();
    PCollection<RecordBatch> features =
        create(pipeline, events).apply(AggregateRecords.of(spec, SCHEMA).withShards(shards));
    assertGives(features, spec, new BruteForce(spec, Map.of()).rows(events));
    pipeline.run();
  }

  private static void assertGives(
      PCollection<RecordBatch> features,
      WindowedAggregates spec,
      List<List<@Nullable Object>> expected) {
    PAssert.that(features)
        .satisfies(
            batches -> {
              List<List<@Nullable Object>> actual = new ArrayList<>();
              for (RecordBatch batch : batches) {
                if (Flow.isRecords(batch)) {
                  actual.addAll(Plans.rows(batch));
                }
              }
              Differences differences = new Differences(BoundAggregates.bind(spec, SCHEMA));
              assertEquals(Optional.empty(), differences.first(expected, actual));
              return null;
            });
  }

  /** Batches of uneven size, in an order that is not that of time. */
  private static PCollection<RecordBatch> create(
      TestPipeline pipeline, List<Map<String, @Nullable Object>> events) {
    Random random = new Random(5);
    List<Map<String, @Nullable Object>> shuffled = new ArrayList<>(events);
    Collections.shuffle(shuffled, random);
    List<RecordBatch> batches = new ArrayList<>();
    for (int at = 0; at < shuffled.size(); ) {
      int end = Math.min(shuffled.size(), at + 1 + random.nextInt(300));
      batches.add(Plans.batch(SCHEMA, shuffled.subList(at, end), random));
      at = end;
    }
    return pipeline.apply(Create.of(batches).withCoder(BatchCoder.of()));
  }

  /** 3,000 events of 40 users, of whom one has a third, in two days around 1970. */
  static List<Map<String, @Nullable Object>> events() {
    Random random = new Random(3);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      int user = random.nextInt(3) == 0 ? 0 : random.nextInt(40);
      int minutes = random.nextInt(2 * 24 * 60) - 24 * 60;
      rows.add(
          Arrays.asList(
              user == 7 ? null : "user" + user,
              minutes * 60_000_000L,
              "merchant" + random.nextInt(25),
              random.nextInt(20) == 0 ? null : random.nextInt(100_000) / 100.0));
    }
    return Plans.events(SCHEMA, rows);
  }

  static WindowedAggregates spec(Emission emission, WindowBounds bounds) {
    return new WindowedAggregates(
        List.of("user"),
        "time",
        null,
        emission,
        List.of(
            new Group(
                List.of(Window.of("1h"), Window.of("1d"), Window.LIFETIME),
                bounds,
                List.of(
                    Feature.of("count", Aggregates.count()),
                    Feature.of("sum", Aggregates.sum("amount")),
                    Feature.of("mean", Aggregates.mean("amount")),
                    Feature.of("stddev", Aggregates.stddev("amount")),
                    Feature.of("median", Aggregates.quantile("amount", 0.5)),
                    Feature.of("merchants", Aggregates.approximateDistinct("merchant")),
                    Feature.of("last", Aggregates.last("merchant"))))));
  }
}
