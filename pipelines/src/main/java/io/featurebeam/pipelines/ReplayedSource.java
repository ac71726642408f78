package io.featurebeam.pipelines;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.publish.Origin;
import io.featurebeam.io.file.read.ReadFiles;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Flow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/**
 * A source in which some records are replaced by repaired ones: what stood at their places is
 * passed over, parsed or not, so a record counts once.
 *
 * @param original the source as it was read when the records were rejected
 * @param repaired the repaired records
 * @param replaced the places of the records that they replace, by source
 * @param file where the repaired records stand
 */
record ReplayedSource(
    SourcePlan original, MemorySource repaired, HashMap<String, Set<Long>> replaced, String file)
    implements SourcePlan {

  @Override
  public RecordSchema schema() {
    return original.schema();
  }

  @Override
  public long rows() {
    return original.rows();
  }

  @Override
  public PTransform<PBegin, PCollection<RecordBatch>> read(Request request) {
    return new PTransform<>() {
      private static final long serialVersionUID = 1L;

      @Override
      public PCollection<RecordBatch> expand(PBegin begin) {
        PCollection<RecordBatch> kept =
            begin
                .apply("Original", original.read(request))
                .apply("Pass over repaired", ParDo.of(new PassOverFn(replaced)))
                .setCoder(BatchCoder.of());
        PCollection<RecordBatch> added = begin.apply("Repaired", repaired.read(request));
        return PCollectionList.of(kept).and(added).apply("Join", Flatten.pCollections());
      }
    };
  }

  @Override
  public List<Origin.Input> reads() {
    List<Origin.Input> inputs = new ArrayList<>(original.reads());
    inputs.add(Inputs.file(Origin.Kind.REPAIRED, file));
    return inputs;
  }

  @Override
  public List<String> notes(Request request) {
    List<String> notes = new ArrayList<>(original.notes(request));
    notes.add(repaired.rows() + " repaired records in the place of those that were rejected");
    return notes;
  }

  private static boolean holds(Map<String, Set<Long>> places, Positions positions, int row) {
    return places.getOrDefault(positions.source(row), Set.of()).contains(positions.place(row));
  }

  /** Whether a reject tells of a record at one of the places. */
  static boolean holds(Map<String, Set<Long>> places, RecordBatch rejects, int row) {
    String source = (String) rejects.value(row, "source");
    Long place = (Long) rejects.value(row, "position");
    return source != null && place != null && places.getOrDefault(source, Set.of()).contains(place);
  }

  /** Takes what was read at some places out of the flow, and out of the counts of the read. */
  private static final class PassOverFn extends DoFn<RecordBatch, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final HashMap<String, Set<Long>> places;
    private transient long records;
    private transient long rejects;

    PassOverFn(Map<String, Set<Long>> places) {
      this.places = new HashMap<>(places);
    }

    @StartBundle
    public void startBundle() {
      records = 0;
      rejects = 0;
    }

    @ProcessElement
    public void process(@Element RecordBatch batch, OutputReceiver<RecordBatch> out) {
      if (Flow.isFacts(batch)) {
        out.output(batch);
        return;
      }
      boolean unparsed = Flow.isRejects(batch);
      RecordBatch kept =
          batch.select(
              Bitmap.of(
                  batch.size(),
                  row ->
                      unparsed
                          ? !holds(places, batch, row)
                          : !holds(places, batch.positions(), row)));
      if (unparsed) {
        rejects += batch.size() - kept.size();
      } else {
        records += batch.size() - kept.size();
      }
      if (kept.size() > 0) {
        out.output(kept);
      }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      Facts.Builder facts =
          new Facts.Builder()
              .add(ReadFiles.STEP, Facts.RECORDS_IN, -records - rejects)
              .add(ReadFiles.STEP, Facts.RECORDS_OUT, -records)
              .add(ReadFiles.STEP, Facts.REJECTED, -rejects);
      if (!facts.isEmpty()) {
        context.output(facts.build(), GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
      }
    }
  }
}
