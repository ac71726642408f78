package io.featurebeam.pipelines;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.read.ReadFiles;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.FlowFn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/**
 * A source in which some records are replaced by repaired ones: what stood at their places is
 * passed over, so a record counts once.
 *
 * @param original the source as it was read when the records were rejected
 * @param repaired the repaired records
 * @param places the places of the records that they replace, by source
 */
record ReplayedSource(SourcePlan original, MemorySource repaired, HashMap<String, Set<Long>> places)
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
                .apply("Pass over repaired", ParDo.of(new PassOverFn(places)))
                .setCoder(BatchCoder.of());
        PCollection<RecordBatch> added = begin.apply("Repaired", repaired.read(request));
        return PCollectionList.of(kept).and(added).apply("Join", Flatten.pCollections());
      }
    };
  }

  @Override
  public List<String> notes(Request request) {
    List<String> notes = new ArrayList<>(original.notes(request));
    notes.add(repaired.rows() + " repaired records in the place of those that were rejected");
    return notes;
  }

  /** Takes the records at some places out of the flow, and out of the count of what was read. */
  private static final class PassOverFn extends FlowFn {
    private static final long serialVersionUID = 1L;
    private final HashMap<String, Set<Long>> places;
    private long passedOver;

    PassOverFn(Map<String, Set<Long>> places) {
      super("replay", true);
      this.places = new HashMap<>(places);
    }

    @Override
    protected void records(RecordBatch batch, Consumer<RecordBatch> out) {
      Positions positions = batch.positions();
      if (positions.sources().stream().noneMatch(places::containsKey)) {
        out.accept(batch);
        return;
      }
      RecordBatch kept =
          batch.select(
              Bitmap.of(
                  batch.size(),
                  row ->
                      !places
                          .getOrDefault(positions.source(row), Set.of())
                          .contains(positions.place(row))));
      passedOver += batch.size() - kept.size();
      if (kept.size() > 0) {
        out.accept(kept);
      }
    }

    @Override
    protected void addFacts(Facts.Builder facts) {
      facts.add(ReadFiles.STEP, Facts.RECORDS_IN, -passedOver);
      passedOver = 0;
    }
  }
}
