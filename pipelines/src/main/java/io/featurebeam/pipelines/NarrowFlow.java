package io.featurebeam.pipelines;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.io.file.read.ReadFiles;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.FlowFn;
import io.featurebeam.transforms.records.LiveCounts;
import java.util.ArrayList;
import java.util.function.Consumer;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/** Of batches that no source of ours read: the wanted columns and times, counted as read. */
final class NarrowFlow extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  private final NarrowFn fn;

  private NarrowFlow(NarrowFn fn) {
    this.fn = fn;
  }

  static NarrowFlow of(SourcePlan.Request request) {
    return new NarrowFlow(new NarrowFn(request));
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> batches) {
    return batches
        .apply("Narrow", ParDo.of(fn))
        .setCoder(BatchCoder.of())
        .apply("Count", ParDo.of(new CountFn()))
        .setCoder(BatchCoder.of());
  }

  private static final class NarrowFn extends FlowFn {
    private static final long serialVersionUID = 1L;
    private final ArrayList<String> columns;
    private final String eventTime;
    private final boolean ranged;
    private final long from;
    private final long to;

    NarrowFn(SourcePlan.Request request) {
      super(ReadFiles.STEP, false);
      columns = new ArrayList<>(request.columns());
      eventTime = request.eventTime();
      ranged = request.isRanged();
      from = request.from();
      to = request.to();
    }

    @Override
    protected void records(RecordBatch batch, Consumer<RecordBatch> out) {
      RecordBatch wanted = ranged ? inRange(batch) : batch;
      if (wanted.size() > 0) {
        out.accept(wanted.project(columns));
      }
    }

    private RecordBatch inRange(RecordBatch batch) {
      LongColumn time = batch.longs(eventTime);
      return batch.select(
          Bitmap.of(
              batch.size(),
              row -> time.isNull(row) || (time.get(row) >= from && time.get(row) < to)));
    }
  }

  private static final class CountFn extends FlowFn {
    private static final long serialVersionUID = 1L;

    CountFn() {
      super(ReadFiles.STEP, true);
    }

    @Override
    protected void records(RecordBatch batch, Consumer<RecordBatch> out) {
      LiveCounts.read(batch.size());
      out.accept(batch);
    }
  }
}
