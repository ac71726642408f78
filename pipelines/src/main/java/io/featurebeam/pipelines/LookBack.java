package io.featurebeam.pipelines;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.FlowFn;
import java.util.function.Consumer;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * Ends the way of records that were read only to know whether a later one is their copy: those
 * before the first event time that the output needs.
 */
final class LookBack extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  private final String eventTime;
  private final long from;

  private LookBack(String eventTime, long from) {
    this.eventTime = eventTime;
    this.from = from;
  }

  /** Lets records with an event time of {@code from} or later go on. */
  static LookBack until(String eventTime, long from) {
    return new LookBack(eventTime, from);
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> flow) {
    return flow.apply("Leave earlier", ParDo.of(new LaterFn(eventTime, from)))
        .setCoder(BatchCoder.of());
  }

  private static final class LaterFn extends FlowFn {
    private static final long serialVersionUID = 1L;
    private final String eventTime;
    private final long from;

    LaterFn(String eventTime, long from) {
      super(RunFacts.LOOK_BACK, true);
      this.eventTime = eventTime;
      this.from = from;
    }

    @Override
    protected void records(RecordBatch batch, Consumer<RecordBatch> out) {
      LongColumn time = batch.longs(eventTime);
      RecordBatch later = batch.select(Bitmap.of(batch.size(), row -> time.get(row) >= from));
      if (later.size() > 0) {
        out.accept(later);
      }
    }
  }
}
