package io.featurebeam.transforms.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.dataset.KeySplit;
import io.featurebeam.dataset.Sampling;
import io.featurebeam.dataset.Split;
import io.featurebeam.dataset.TimeSplit;
import io.featurebeam.transforms.records.BatchCoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;

class DatasetRecordsTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("user", FieldType.STRING),
          Field.of("at", FieldType.TIMESTAMP),
          Field.of("label", FieldType.INT64));

  private static final Split SPLIT =
      KeySplit.by("user")
          .share("train", 0.6)
          .rest("test")
          .within("train", TimeSplit.by("at").until("train", Instant.EPOCH).rest("validation"))
          .withSeed(4711);

  private static final Sampling SAMPLING =
      Sampling.of("label == 0", 0.25, List.of("user"), "at").withSeed(4711);

  private final Pipeline pipeline = Pipeline.create();

  private static List<RecordBatch> batches() {
    List<RecordBatch> batches = new ArrayList<>();
    for (int b = 0; b < 5; b++) {
      RecordBatch.Builder rows = RecordBatch.builder(SCHEMA);
      for (long i = 0; i < 40; i++) {
        rows.add("u" + i * b % 13, i % 9 == 0 ? null : i - 20 + b, i % 3);
      }
      batches.add(rows.build());
    }
    return batches;
  }

  private PCollection<RecordBatch> records() {
    return pipeline.apply(Create.of(batches()).withCoder(BatchCoder.of()));
  }

  @Test
  void everyBatchIsLabelled() {
    PAssert.that(records().apply(SplitRecords.of(SPLIT, SCHEMA)))
        .containsInAnyOrder(batches().stream().map(SPLIT.bind(SCHEMA)::label).toList());
    pipeline.run().waitUntilFinish();
    assertEquals(
        SCHEMA.with(Field.of("split", FieldType.STRING)), SplitRecords.of(SPLIT, SCHEMA).schema());
  }

  @Test
  void everyBatchIsSampled() {
    PAssert.that(records().apply(SampleRecords.of(SAMPLING, SCHEMA)))
        .containsInAnyOrder(batches().stream().map(SAMPLING.bind(SCHEMA)::sample).toList());
    pipeline.run().waitUntilFinish();
    assertEquals(
        SCHEMA.with(Field.required("weight", FieldType.FLOAT64)),
        SampleRecords.of(SAMPLING, SCHEMA).schema());
  }

  @Test
  void aBatchOfWhichNothingIsKeptIsNoOutput() {
    RecordBatch batch = RecordBatch.builder(SCHEMA).add("u", 0L, 0L).build();
    PAssert.that(
            pipeline
                .apply(Create.of(batch).withCoder(BatchCoder.of()))
                .apply(SampleRecords.of(Sampling.of("true", 1e-9, List.of("user"), "at"), SCHEMA)))
        .empty();
    pipeline.run().waitUntilFinish();
  }

  @Test
  void whatDoesNotFitIsRefusedWhenThePipelineIsBuilt() {
    RecordSchema other = RecordSchema.of(Field.of("at", FieldType.TIMESTAMP));
    assertEquals(
        "Unknown column: 'user'; known: at",
        assertThrows(IllegalArgumentException.class, () -> SplitRecords.of(SPLIT, other))
            .getMessage());
  }

  @Test
  void displayDataHoldsNoConditionAndNoSeed() {
    assertEquals(
        Map.of("parts", "train, validation, test", "by", "user, at"),
        items(DisplayData.from(SplitRecords.of(SPLIT, SCHEMA))));
    assertEquals(
        Map.of("keep", "0.25", "weight", "weight"),
        items(DisplayData.from(SampleRecords.of(SAMPLING, SCHEMA))));
  }

  private static Map<String, String> items(DisplayData data) {
    Map<String, String> items = new TreeMap<>();
    data.items().forEach(item -> items.put(item.getKey(), String.valueOf(item.getValue())));
    return items;
  }
}
