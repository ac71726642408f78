package io.featurebeam.pipelines;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
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

  /**
   * Takes the records at some places out of the flow, and the rejects of those that the reader
   * could not parse, and both out of the count of what was read.
   */
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
      Bitmap stays = Bitmap.of(batch.size(), row -> !isRepaired(batch, row));
      int gone = batch.size() - stays.cardinality();
      if (Flow.isRejects(batch)) {
        rejects += gone;
      } else {
        records += gone;
      }
      if (gone < batch.size()) {
        out.output(gone == 0 ? batch : batch.select(stays));
      }
    }

    private boolean isRepaired(RecordBatch batch, int row) {
      if (Flow.isRejects(batch)) {
        String source = (String) batch.value(row, "source");
        Long place = (Long) batch.value(row, "position");
        return place != null && places.getOrDefault(source, Set.of()).contains(place);
      }
      Positions positions = batch.positions();
      return positions.isKnown()
          && places.getOrDefault(positions.source(row), Set.of()).contains(positions.place(row));
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      RecordBatch facts =
          new Facts.Builder()
              .add(ReadFiles.STEP, Facts.RECORDS_IN, -records - rejects)
              .add(ReadFiles.STEP, Facts.RECORDS_OUT, -records)
              .add(ReadFiles.STEP, Facts.REJECTED, -rejects)
              .build();
      if (facts.size() > 0) {
        context.output(facts, GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
      }
    }
  }
}
