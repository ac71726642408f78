package io.featurebeam.pipelines;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.publish.Origin;
import io.featurebeam.transforms.records.BatchCoder;
import java.util.List;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Batches that are at hand: the input of a spec test, repaired records.
 *
 * @param schema the columns of every batch
 */
record MemorySource(RecordSchema schema, List<RecordBatch> batches) implements SourcePlan {

  @Override
  public long rows() {
    return batches.stream().mapToLong(RecordBatch::size).sum();
  }

  @Override
  public PTransform<PBegin, PCollection<RecordBatch>> read(Request request) {
    return new PTransform<>() {
      private static final long serialVersionUID = 1L;

      @Override
      public PCollection<RecordBatch> expand(PBegin begin) {
        return begin
            .apply("Batches", Create.of(batches).withCoder(BatchCoder.of()))
            .apply("Narrow", NarrowFlow.of(request));
      }
    };
  }

  @Override
  public List<Origin.Input> reads() {
    return List.of();
  }

  @Override
  public List<String> notes(Request request) {
    return List.of(rows() + " records at hand");
  }
}
