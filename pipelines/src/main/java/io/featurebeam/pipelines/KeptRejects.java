package io.featurebeam.pipelines;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.io.file.parquet.ParquetSplits;
import io.featurebeam.io.file.read.FileSplit;
import io.featurebeam.io.file.read.ParquetSource;
import io.featurebeam.io.file.read.ReadFiles;
import io.featurebeam.io.file.read.TextSource;
import io.featurebeam.pipelines.spec.RejectsSpec;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.Rejects;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * The rejects of earlier runs that a run over a range must not lose: those whose event time is
 * outside of what it reads. They join the flow and are published again with the new ones.
 */
final class KeptRejects extends PTransform<PBegin, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  private final List<FileSplit> splits;
  private final long from;
  private final long to;

  private KeptRejects(List<FileSplit> splits, long from, long to) {
    this.splits = splits;
    this.from = from;
    this.to = to;
  }

  /** Of the published rejects those outside [from, to), microseconds. */
  static KeptRejects of(RejectsSpec rejects, List<String> published, long from, long to) {
    List<FileSplit> splits =
        rejects.format() == RejectsSpec.Format.PARQUET
            ? ParquetSource.splits(
                ParquetSplits.plan(published, List.of(), List.of()),
                Rejects.SCHEMA.names(),
                List.of())
            : TextSource.jsonLines(published, Rejects.SCHEMA.fields(), Map.of())
                .splits(Rejects.SCHEMA.names());
    return new KeptRejects(splits, from, to);
  }

  @Override
  public PCollection<RecordBatch> expand(PBegin begin) {
    return begin
        .apply("Read rejects", ReadFiles.of(splits).aside())
        .apply("Keep outside", ParDo.of(new OutsideFn(from, to)))
        .setCoder(BatchCoder.of());
  }

  private static final class OutsideFn extends DoFn<RecordBatch, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final long from;
    private final long to;

    OutsideFn(long from, long to) {
      this.from = from;
      this.to = to;
    }

    @ProcessElement
    public void process(@Element RecordBatch batch, OutputReceiver<RecordBatch> out) {
      if (Flow.isFacts(batch)) {
        return; // what an earlier run rejected is not counted again
      }
      LongColumn time = batch.longs("event_time");
      RecordBatch kept =
          batch.select(
              Bitmap.of(
                  batch.size(),
                  row -> !time.isNull(row) && (time.get(row) < from || time.get(row) >= to)));
      if (kept.size() > 0) {
        out.output(RecordBatch.of(Rejects.SCHEMA, kept.size(), kept.columns()));
      }
    }
  }
}
