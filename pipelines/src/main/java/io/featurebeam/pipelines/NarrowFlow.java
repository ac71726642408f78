package io.featurebeam.pipelines;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.read.ReadFiles;
import io.featurebeam.time.Micros;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.FlowFn;
import io.featurebeam.transforms.records.LiveCounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.function.Consumer;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/** Of batches that no source of ours read: the wanted columns and times, counted as read. */
final class NarrowFlow extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  private final NarrowFn fn;

  private NarrowFlow(NarrowFn fn) {
    this.fn = fn;
  }

  static NarrowFlow of(SourcePlan.Request request) {
    return new NarrowFlow(new NarrowFn(request, null));
  }

  /** Of a source that said that its batches have this schema: others fail the run. */
  static NarrowFlow of(SourcePlan.Request request, RecordSchema promised) {
    return new NarrowFlow(new NarrowFn(request, promised));
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
    private final @Nullable RecordSchema promised;

    NarrowFn(SourcePlan.Request request, @Nullable RecordSchema promised) {
      super(ReadFiles.STEP, false);
      columns = new ArrayList<>(request.columns());
      eventTime = request.eventTime();
      ranged = request.isRanged();
      from = request.from();
      to = request.to();
      this.promised = promised;
    }

    @Override
    protected void records(RecordBatch batch, Consumer<RecordBatch> out) {
      if (promised != null && !promised.equals(batch.schema())) {
        throw new IllegalStateException(
            "The source gave records of "
                + batch.schema()
                + " (must be "
                + promised
                + ", as it said)");
      }
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
    private transient long firstRecord;

    CountFn() {
      super(ReadFiles.STEP, true);
    }

    @Override
    protected void records(RecordBatch batch, Consumer<RecordBatch> out) {
      if (firstRecord == 0) {
        firstRecord = Micros.floor(Instant.now());
      }
      LiveCounts.read(batch.size());
      out.accept(batch);
    }

    @Override
    protected void addFacts(Facts.Builder facts) {
      facts.add(ReadFiles.STEP, ReadFiles.FIRST_RECORD, firstRecord);
      firstRecord = 0;
    }
  }
}
