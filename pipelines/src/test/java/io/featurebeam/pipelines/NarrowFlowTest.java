package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.BatchCodec;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Micros;
import io.featurebeam.transforms.PipelineExtension;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.LiveCounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PipelineExtension.class)
class NarrowFlowTest {

  private static final String ROWS =
      """
      1, A, 1, 2026-03-01T09:59:59.999999Z
      2, B, 2, 2026-03-01T10:00:00Z
      3, C, 3, 2026-03-01T10:59:59.999999Z
      4, D, 4, 2026-03-01T11:00:00Z
      5, E, 5,
      """;

  private static SourcePlan.Request request(long from, long to, String... columns) {
    return new SourcePlan.Request(List.of(columns), "seen", from, to, Set.of(), 0);
  }

  private static void assertFlow(
      TestPipeline pipeline, SourcePlan.Request request, long in, List<String> expected) {
    long before = Micros.floor(Instant.now());
    PAssert.that(
            pipeline
                .apply(Create.of(Payments.batch(ROWS)).withCoder(BatchCoder.of()))
                .apply(NarrowFlow.of(request)))
        .satisfies(
            flow -> {
              List<String> rows = new ArrayList<>();
              RunFacts facts = new RunFacts();
              for (RecordBatch batch : flow) {
                if (Flow.isFacts(batch)) {
                  facts.add(BatchCodec.encode(batch));
                } else {
                  rows(batch, rows::add);
                }
              }
              assertEquals(expected, rows);
              assertEquals(in, facts.in());
              long first = facts.firstRecord().getAsLong();
              assertTrue(first >= before, first + " is before " + before);
              assertTrue(first <= Micros.floor(Instant.now()), first + " is to come");
              return null;
            });
    pipeline.run();
  }

  private static void rows(RecordBatch batch, Consumer<String> out) {
    for (int row = 0; row < batch.size(); row++) {
      out.accept(Payments.text(batch, row));
    }
  }

  @Test
  void givesTheWantedColumnsInTheirOrder(TestPipeline pipeline) {
    assertFlow(
        pipeline,
        request(Long.MIN_VALUE, Long.MAX_VALUE, "amount", "id"),
        5,
        List.of("1.0 | 1", "2.0 | 2", "3.0 | 3", "4.0 | 4", "5.0 | 5"));
  }

  @Test
  void givesTheWantedTimesAndRecordsWithoutOneAndCountsNoOthers(TestPipeline pipeline) {
    assertFlow(
        pipeline,
        request(
            Payments.micros("2026-03-01T10:00:00Z"), Payments.micros("2026-03-01T11:00:00Z"), "id"),
        3,
        List.of("2", "3", "5"));
  }

  @Test
  void aBatchOfOtherTimesAloneGivesNothing(TestPipeline pipeline) {
    PAssert.that(
            pipeline
                .apply(
                    Create.of(Payments.batch("1, A, 1, 2026-03-01T10:00:00Z"))
                        .withCoder(BatchCoder.of()))
                .apply(NarrowFlow.of(request(0, 1, "id"))))
        .empty();
    pipeline.run();
  }

  @Test
  void recordsCountAsRead(TestPipeline pipeline) {
    long before = LiveCounts.read();
    assertFlow(
        pipeline,
        request(Long.MIN_VALUE, Long.MAX_VALUE, "id"),
        5,
        List.of("1", "2", "3", "4", "5"));
    assertEquals(before + 5, LiveCounts.read());
  }

  @Test
  void recordsOfAnotherSchemaThanTheSourceSaidFailTheRun(TestPipeline pipeline) {
    RecordBatch batch =
        RecordBatch.builder(RecordSchema.of(Field.of("seen", FieldType.TIMESTAMP))).add(1L).build();
    RecordSchema promised = RecordSchema.of(Field.of("seen", FieldType.INT64));
    pipeline
        .apply(Create.of(batch).withCoder(BatchCoder.of()))
        .apply(NarrowFlow.of(request(Long.MIN_VALUE, Long.MAX_VALUE, "seen"), promised));
    Pipeline.PipelineExecutionException thrown =
        assertThrows(Pipeline.PipelineExecutionException.class, pipeline::run);
    assertEquals(
        "The source gave records of (seen timestamp) (must be (seen int64), as it said)",
        thrown.getCause().getMessage());
  }
}
