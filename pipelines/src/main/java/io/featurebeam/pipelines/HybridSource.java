package io.featurebeam.pipelines;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.publish.Origin;
import io.featurebeam.pipelines.spec.Times;
import io.featurebeam.time.Micros;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.LiveCounts;
import io.featurebeam.transforms.records.Rejects;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/**
 * History and its continuation as one input. Records before the cut come from {@code batch} and
 * from {@code stream}, where deduplication tells which both have; later ones from {@code stream}
 * alone. Nothing is complete before the history is read: both sides hold the watermark.
 *
 * @param cut the first event time that is the stream's alone
 */
record HybridSource(SourcePlan batch, SourcePlan stream, long cut, RecordSchema schema)
    implements SourcePlan {

  /** The rule of records of the history that are the stream's. */
  static final String CUT = "cut";

  /** Refuses sources whose columns are not the same. */
  static HybridSource of(SourcePlan batch, SourcePlan stream, long cut) {
    return new HybridSource(batch, stream, cut, schema(batch.schema(), stream.schema()));
  }

  /** In the order of the stream. */
  private static RecordSchema schema(RecordSchema batch, RecordSchema stream) {
    List<Field> fields = new ArrayList<>();
    for (Field field : stream.fields()) {
      if (!batch.contains(field.name())) {
        throw missing(field, "stream", "batch");
      }
      Field other = batch.field(field.name());
      if (!other.type().equals(field.type())) {
        throw new IllegalArgumentException(
            "Different column: '"
                + field.name()
                + "' is "
                + other.type()
                + " in batch and "
                + field.type()
                + " in stream (must be one type)");
      }
      fields.add(new Field(field.name(), field.type(), field.nullable() || other.nullable()));
    }
    for (Field field : batch.fields()) {
      if (!stream.contains(field.name())) {
        throw missing(field, "batch", "stream");
      }
    }
    return RecordSchema.of(fields);
  }

  private static IllegalArgumentException missing(Field field, String there, String missing) {
    return new IllegalArgumentException(
        "Missing column: '"
            + field.name()
            + "' ("
            + field.type()
            + ") is in "
            + there
            + " and not in "
            + missing
            + " (both must have the same columns)");
  }

  @Override
  public long rows() {
    return batch.rows() < 0 || stream.rows() < 0 ? -1 : batch.rows() + stream.rows();
  }

  @Override
  public PTransform<PBegin, PCollection<RecordBatch>> read(Request request) {
    PTransform<PBegin, PCollection<RecordBatch>> history = batch.read(of(request, batch));
    PTransform<PBegin, PCollection<RecordBatch>> live = stream.read(of(request, stream));
    RecordSchema columns = schema.project(request.columns());
    HandOver before = new HandOver(request, columns, cut);
    HandOver after = new HandOver(request, columns, Long.MAX_VALUE);
    return new PTransform<>() {
      private static final long serialVersionUID = 1L;

      @Override
      public PCollection<RecordBatch> expand(PBegin begin) {
        PCollection<RecordBatch> first =
            begin
                .apply("Read batch", history)
                .apply("Before the cut", ParDo.of(before))
                .setCoder(BatchCoder.of());
        PCollection<RecordBatch> second =
            begin
                .apply("Read stream", live)
                .apply("One schema", ParDo.of(after))
                .setCoder(BatchCoder.of());
        return PCollectionList.of(first).and(second).apply("Hand over", Flatten.pCollections());
      }
    };
  }

  /** With the columns in the order of that source. */
  private static Request of(Request request, SourcePlan source) {
    Set<String> wanted = new HashSet<>(request.columns());
    return new Request(
        source.schema().names().stream().filter(wanted::contains).toList(),
        request.eventTime(),
        request.from(),
        request.to(),
        request.masked(),
        request.rejectedAt(),
        request.hashed());
  }

  @Override
  public List<Origin.Input> reads() {
    List<Origin.Input> inputs = new ArrayList<>(batch.reads());
    inputs.addAll(stream.reads());
    return inputs;
  }

  @Override
  public SourcePlan over(List<Origin.Input> earlier) {
    return new HybridSource(batch.over(earlier), stream.over(earlier), cut, schema);
  }

  @Override
  public List<String> notes(Request request) {
    List<String> notes = new ArrayList<>();
    batch.notes(of(request, batch)).forEach(note -> notes.add(note + ", in batch"));
    stream.notes(of(request, stream)).forEach(note -> notes.add(note + ", in stream"));
    notes.add("cut      " + Times.format(cut) + ": from there on records of stream alone");
    return notes;
  }

  /** Gives both sides one schema, and keeps of one what is before the cut. */
  private static final class HandOver extends DoFn<RecordBatch, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final RecordSchema columns;
    private final String eventTime;
    private final ArrayList<String> masked;
    private final long rejectedAt;
    private final long cut;

    HandOver(Request request, RecordSchema columns, long cut) {
      this.columns = columns;
      this.eventTime = request.eventTime();
      this.masked = new ArrayList<>(request.masked());
      this.rejectedAt = request.rejectedAt();
      this.cut = cut;
    }

    @ProcessElement
    public void process(@Element RecordBatch batch, OutputReceiver<RecordBatch> out) {
      if (!Flow.isRecords(batch)) {
        out.output(batch);
        return;
      }
      List<Column> ordered = columns.names().stream().map(batch::column).toList();
      RecordBatch records =
          RecordBatch.of(columns, batch.size(), ordered).withPositions(batch.positions());
      LongColumn times = records.longs(eventTime);
      Bitmap before =
          Bitmap.of(
              records.size(),
              row -> cut == Long.MAX_VALUE || times.isNull(row) || times.get(row) < cut);
      if (!before.isAllSet()) {
        int dropped = records.size() - before.cardinality();
        LiveCounts.duplicate(dropped);
        out.output(rejects(records, times, before.not()));
        out.output(new Facts.Builder().add(RunFacts.DEDUPE, Facts.REJECTED, dropped).build());
      }
      if (!before.isEmpty()) {
        out.output(before.isAllSet() ? records : records.select(before));
      }
    }

    private RecordBatch rejects(RecordBatch records, LongColumn times, Bitmap dropped) {
      Rejects.Builder rejects = new Rejects.Builder(RunFacts.DEDUPE, masked, rejectedAt);
      for (int row : dropped.indexes()) {
        String time = Micros.instant(times.get(row)).toString();
        rejects.add(
            records,
            row,
            eventTime,
            CUT,
            List.of(eventTime),
            time,
            eventTime
                + " "
                + time
                + " is not before the cut "
                + Times.format(cut)
                + " (the stream has such records)");
      }
      return rejects.build();
    }
  }
}
