package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.transforms.PipelineExtension;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.LiveCounts;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PipelineExtension.class)
final class NarrowFlowTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(Field.of("t", FieldType.TIMESTAMP), Field.of("x", FieldType.FLOAT64));

  private static final SourcePlan.Request REQUEST =
      new SourcePlan.Request(List.of("t"), "t", Long.MIN_VALUE, Long.MAX_VALUE, Set.of(), 0);

  private static void narrow(TestPipeline pipeline, RecordSchema promised) {
    RecordBatch batch = RecordBatch.builder(SCHEMA).add(1L, 0.5).add(2L, null).build();
    pipeline
        .apply(Create.of(batch).withCoder(BatchCoder.of()))
        .apply(NarrowFlow.of(REQUEST, promised));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void recordsCountAsRead(TestPipeline pipeline) {
    long before = LiveCounts.read();
    narrow(pipeline, SCHEMA);
    assertEquals(before + 2, LiveCounts.read());
  }

  @Test
  void recordsOfAnotherSchemaThanTheSourceSaidFailTheRun(TestPipeline pipeline) {
    RecordSchema promised =
        RecordSchema.of(Field.of("t", FieldType.TIMESTAMP), Field.of("x", FieldType.INT64));
    Pipeline.PipelineExecutionException thrown =
        assertThrows(Pipeline.PipelineExecutionException.class, () -> narrow(pipeline, promised));
    assertEquals(
        "The source gave records of (t timestamp, x float64) (must be (t timestamp, x int64),"
            + " as it said)",
        thrown.getCause().getMessage());
  }
}
