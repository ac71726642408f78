package io.featurebeam.transforms.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RandomBatches;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Reify;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowAdaptersTest {

  private static final RecordSchema EVENTS =
      RecordSchema.of(Field.of("t", FieldType.TIMESTAMP), Field.required("n", FieldType.INT64));
  private static final Schema ROWS = BeamSchemas.fromRecordSchema(EVENTS);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void batchesToRowsAndBackKeepEveryRecord(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RandomBatches batches = new RandomBatches(random);
    RecordSchema schema = batches.schema().with(Field.required("id", FieldType.INT64));
    List<RecordBatch> input = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      input.add(batches.batch(schema, random.nextInt(60)));
    }
    ArrayList<String> expected = new ArrayList<>();
    input.forEach(batch -> lines(batch, expected));
    String columns = schema.toString();
    Pipeline pipeline = Pipeline.create();
    PCollection<RecordBatch> output =
        pipeline
            .apply(Create.of(input))
            .apply(BatchesToRows.of(schema))
            .apply(RowsToBatches.create().withMaxRecords(7));
    PAssert.that(output)
        .satisfies(
            result -> {
              List<String> actual = new ArrayList<>();
              for (RecordBatch batch : result) {
                assertTrue(batch.size() <= 7);
                assertEquals(columns, batch.schema().toString());
                lines(batch, actual);
              }
              assertEquals(expected.stream().sorted().toList(), actual.stream().sorted().toList());
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  private static void lines(RecordBatch batch, List<String> into) {
    for (int row = 0; row < batch.size(); row++) {
      into.add(Rejects.json(batch, row, Set.of()));
    }
  }

  @Test
  void aBatchHasTheLeastEventTimeOfItsRecordsAndARowItsOwn() {
    Pipeline pipeline = Pipeline.create();
    RecordBatch batch =
        RecordBatch.builder(EVENTS)
            .add(5_000_999L, 1L)
            .add(-1L, 2L)
            .add(null, 3L)
            .add(Long.MAX_VALUE, 4L)
            .build();
    PCollection<Row> rows =
        pipeline
            .apply(Create.timestamped(TimestampedValue.of(batch, Instant.ofEpochMilli(9000))))
            .apply(BatchesToRows.of(EVENTS).withEventTime("t"));
    PAssert.that(rows.apply(Reify.timestamps()))
        .satisfies(
            stamped -> {
              List<String> actual = new ArrayList<>();
              stamped.forEach(
                  v -> actual.add(v.getValue().getInt64("n") + "@" + v.getTimestamp().getMillis()));
              assertEquals(
                  List.of(
                      "1@5000",
                      "2@-1",
                      "3@9000",
                      "4@" + GlobalWindow.INSTANCE.maxTimestamp().getMillis()),
                  actual.stream().sorted().toList());
              return null;
            });
    PCollection<RecordBatch> back = rows.apply(RowsToBatches.create().withEventTime("t"));
    PAssert.that(back.apply(Reify.timestamps()))
        .satisfies(
            stamped -> {
              List<Long> leastOfAll =
                  StreamSupport.stream(stamped.spliterator(), false)
                      .map(v -> v.getTimestamp().getMillis())
                      .sorted()
                      .toList();
              assertEquals(-1L, leastOfAll.get(0));
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void batchesAreCappedInRecordsAndBytes() {
    List<Row> rows =
        LongStream.range(0, 100)
            .mapToObj(n -> Row.withSchema(ROWS).addValues(java.time.Instant.EPOCH, n).build())
            .toList();
    Pipeline pipeline = Pipeline.create();
    PCollection<Row> input = pipeline.apply(Create.of(rows).withRowSchema(ROWS));
    PAssert.that(input.apply("records", RowsToBatches.create().withMaxRecords(3)))
        .satisfies(batches -> assertSizes(batches, 3));
    PAssert.that(input.apply("bytes", RowsToBatches.create().withMaxBytes(33)))
        .satisfies(batches -> assertSizes(batches, 3));
    pipeline.run().waitUntilFinish();
  }

  private static Void assertSizes(Iterable<RecordBatch> batches, int atMost) {
    int total = 0;
    for (RecordBatch batch : batches) {
      assertTrue(batch.size() >= 1 && batch.size() <= atMost);
      total += batch.size();
    }
    assertEquals(100, total);
    return null;
  }

  @Test
  void windowedRowsAreRefusedWhenThePipelineIsBuilt() {
    Pipeline pipeline = Pipeline.create();
    PCollection<Row> rows =
        pipeline
            .apply("Read", Create.empty(ROWS))
            .apply("Hourly", Window.into(FixedWindows.of(Duration.standardHours(1))));
    String message =
        assertThrows(IllegalArgumentException.class, () -> rows.apply(RowsToBatches.create()))
            .getMessage();
    assertTrue(message.startsWith("Rows of 'Hourly/Window.Assign.out' are windowed by "), message);
    assertTrue(
        message.endsWith("(must be in the global window; windows are declared with the aggregate)"),
        message);
  }

  @Test
  void aWrongEventTimeColumnIsRefusedWhenThePipelineIsBuilt() {
    PCollection<Row> rows = Pipeline.create().apply(Create.empty(ROWS));
    assertRefused(
        "Invalid event-time column: 'n' is int64 (must be timestamp)",
        () -> rows.apply(RowsToBatches.create().withEventTime("n")));
    assertRefused(
        "Unknown column: 'tt'; did you mean 't'?",
        () -> BatchesToRows.of(EVENTS).withEventTime("tt"));
  }

  @Test
  void optionsAreChecked() {
    assertRefused(
        "Invalid maxRecords: 0 (must be > 0)", () -> RowsToBatches.create().withMaxRecords(0));
    assertRefused(
        "Invalid maxBytes: 0 (must be > 0)", () -> RowsToBatches.create().withMaxBytes(0));
  }

  @Test
  void aBatchOfOtherColumnsFailsTheStep() {
    Pipeline pipeline = Pipeline.create();
    RecordBatch other = RecordBatch.of(RecordSchema.of(), 1, List.of());
    pipeline.apply(Create.of(other)).apply(BatchesToRows.of(EVENTS));
    RuntimeException e =
        assertThrows(
            Pipeline.PipelineExecutionException.class, () -> pipeline.run().waitUntilFinish());
    assertEquals(
        "java.lang.IllegalArgumentException: A batch has the columns () (must be (t timestamp, n"
            + " int64 not null))",
        e.getMessage());
  }

  private static void assertRefused(
      String message, org.junit.jupiter.api.function.Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
