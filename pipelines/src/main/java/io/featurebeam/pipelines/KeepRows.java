package io.featurebeam.pipelines;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.expression.Condition;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/** Of the rows of a flow those that a condition holds for; rejects and facts go on as they are. */
final class KeepRows extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  private final Condition condition;

  private KeepRows(Condition condition) {
    this.condition = condition;
  }

  static KeepRows where(Condition condition) {
    return new KeepRows(condition);
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> flow) {
    return flow.apply("Keep rows", ParDo.of(new KeepFn(condition))).setCoder(BatchCoder.of());
  }

  private static final class KeepFn extends DoFn<RecordBatch, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final Condition condition;

    KeepFn(Condition condition) {
      this.condition = condition;
    }

    @ProcessElement
    public void process(@Element RecordBatch batch, OutputReceiver<RecordBatch> out) {
      RecordBatch kept = Flow.isRecords(batch) ? condition.keep(batch) : batch;
      if (kept.size() > 0) {
        out.output(kept);
      }
    }
  }
}
