package io.featurebeam.pipelines;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.io.file.parquet.ParquetSplits;
import io.featurebeam.io.file.read.FileSplit;
import io.featurebeam.io.file.read.ParquetSource;
import io.featurebeam.io.file.read.ReadFiles;
import io.featurebeam.io.file.read.TextSource;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.Rejects;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * The rejects of earlier runs that a run over a range must not lose: those whose event time is
 * outside of what it reads, unless they are replaced. They join the flow and are published again
 * with the new ones. A group of a training set reads more than its labels do, as windows look back.
 */
final class KeptRejects extends PTransform<PBegin, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  private final List<FileSplit> splits;
  private final Times read;
  private final Map<String, Times> ofGroups;
  private final Map<String, Set<Long>> replaced;

  /** The event times in [from, to). */
  private record Times(long from, long to) implements Serializable {
    boolean contains(long time) {
      return time >= from && time < to;
    }
  }

  private KeptRejects(
      List<FileSplit> splits,
      Times read,
      Map<String, Times> ofGroups,
      Map<String, Set<Long>> replaced) {
    this.splits = splits;
    this.read = read;
    this.ofGroups = ofGroups;
    this.replaced = replaced;
  }

  /**
   * Of rejects that are published in these files those outside [from, to), microseconds.
   *
   * @param replaced the places, by source, of those that must not be kept
   */
  static KeptRejects of(
      List<String> published, long from, long to, Map<String, Set<Long>> replaced) {
    // The format of earlier runs, which need not be that of this one.
    boolean parquet = published.get(0).endsWith(".parquet");
    List<FileSplit> splits =
        parquet
            ? ParquetSource.splits(
                ParquetSplits.plan(published, List.of(), List.of()),
                Rejects.SCHEMA.names(),
                List.of())
            : TextSource.jsonLines(published, Rejects.SCHEMA.fields(), Map.of())
                .splits(Rejects.SCHEMA.names());
    return new KeptRejects(splits, new Times(from, to), Map.of(), replaced);
  }

  /** Of the rejects of a group of a training set keeps those outside [from, to). */
  KeptRejects withGroup(String name, long from, long to) {
    Map<String, Times> more = new HashMap<>(ofGroups);
    more.put(name, new Times(from, to));
    return new KeptRejects(splits, read, more, replaced);
  }

  @Override
  public PCollection<RecordBatch> expand(PBegin begin) {
    return begin
        .apply("Read rejects", ReadFiles.of(splits).aside())
        .apply("Keep outside", ParDo.of(new OutsideFn(read, ofGroups, replaced)))
        .setCoder(BatchCoder.of());
  }

  private static final class OutsideFn extends DoFn<RecordBatch, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final Times read;
    private final HashMap<String, Times> ofGroups;
    private final HashMap<String, Set<Long>> replaced;

    OutsideFn(Times read, Map<String, Times> ofGroups, Map<String, Set<Long>> replaced) {
      this.read = read;
      this.ofGroups = new HashMap<>(ofGroups);
      this.replaced = new HashMap<>(replaced);
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
                  row ->
                      !time.isNull(row) // such records are read whatever the range
                          && !read(batch, row).contains(time.get(row))
                          && !ReplayedSource.holds(replaced, batch, row)));
      if (kept.size() > 0) {
        out.output(RecordBatch.of(Rejects.SCHEMA, kept.size(), kept.columns()));
      }
    }

    /** What the reader that rejected a record reads now. */
    private Times read(RecordBatch rejects, int row) {
      String group = GroupRejects.group(rejects, row);
      return group == null ? read : ofGroups.getOrDefault(group, read);
    }
  }
}
