package io.featurebeam.pipelines;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.LiveCounts;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/** Counts the records of a stream that end in the output itself: sinks need not write them all. */
final class CountRows extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  private CountRows() {}

  static CountRows create() {
    return new CountRows();
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> flow) {
    return flow.apply("Count rows", ParDo.of(new CountFn())).setCoder(BatchCoder.of());
  }

  private static final class CountFn extends DoFn<RecordBatch, RecordBatch> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element RecordBatch batch, OutputReceiver<RecordBatch> out) {
      out.output(batch);
      if (Flow.isRecords(batch)) {
        LiveCounts.aggregated(batch.size());
      }
    }
  }
}
