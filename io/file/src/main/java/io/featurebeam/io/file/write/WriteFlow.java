package io.featurebeam.io.file.write;

import io.featurebeam.columnar.BatchCodec;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.io.file.publish.Publication;
import io.featurebeam.io.file.publish.Publisher;
import io.featurebeam.io.file.publish.WrittenFile;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.LiveCounts;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/**
 * Writes the records and the rejects of a flow into temporary files, each to its own output, and
 * gives what there is to publish: one {@link Piece} per file and per batch of facts. Nothing is
 * visible until somebody hands the files to a {@link io.featurebeam.io.file.publish.Publisher}.
 *
 * <p>One step for both, because the Spark runner would keep a flow that two steps read whole in
 * memory.
 */
public final class WriteFlow
    extends PTransform<PCollection<RecordBatch>, PCollection<WriteFlow.Piece>> {

  private static final long serialVersionUID = 1L;

  /** An output folder and how files are written there. */
  public record Destination(Publication publication, FileFormat format, WriteLimits limits)
      implements Serializable {}

  /**
   * A written file or a batch of facts.
   *
   * @param destination {@link #RECORDS}, {@link #REJECTS}, or {@link #FACTS}
   * @param file a file of that destination; null for facts
   * @param facts a batch of facts; null for a file
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Piece(String destination, @Nullable WrittenFile file, byte @Nullable [] facts)
      implements Serializable {}

  /** The name of the step in facts. */
  public static final String STEP = "write";

  public static final String RECORDS = "records";
  public static final String REJECTS = "rejects";
  public static final String FACTS = "facts";

  private final @Nullable Destination records;
  private final @Nullable Destination rejects;
  private final String runId;

  private WriteFlow(@Nullable Destination records, @Nullable Destination rejects, String runId) {
    this.records = records;
    this.rejects = rejects;
    this.runId = runId;
  }

  /**
   * Checks both outputs, as far as looking tells; they must be folders of their own.
   *
   * @param records where records go; null to write none
   * @param rejects where rejects go; null to write none
   * @param runId names temporary files; never use one twice
   */
  public static WriteFlow to(
      @Nullable Destination records, @Nullable Destination rejects, String runId) {
    Publisher.checkRunId(runId);
    if (records != null && rejects != null) {
      checkApart(records.publication().output().path(), rejects.publication().output().path());
    }
    for (Destination destination : new Destination[] {records, rejects}) {
      if (destination != null) {
        destination.format().checkSchema(destination.publication().recordSchema());
        destination.publication().check();
      }
    }
    return new WriteFlow(records, rejects, runId);
  }

  /** An output owns its folder, so none lies in another. */
  private static void checkApart(String records, String rejects) {
    if (records.startsWith(rejects) || rejects.startsWith(records)) {
      throw new IllegalArgumentException(
          "Invalid output paths: records go to "
              + records
              + " and rejects to "
              + rejects
              + " (must be two folders, neither in the other)");
    }
  }

  @Override
  public PCollection<Piece> expand(PCollection<RecordBatch> flow) {
    return flow.apply("Write files", ParDo.of(new WriteFn(records, rejects, runId)))
        .setCoder(SerializableCoder.of(Piece.class));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.add(DisplayData.item("runId", runId));
  }

  private static final class WriteFn extends DoFn<RecordBatch, Piece> {
    private static final long serialVersionUID = 1L;
    private final @Nullable Destination records;
    private final @Nullable Destination rejects;
    private final String runId;
    private transient @Nullable Output recordOutput;
    private transient @Nullable Output rejectOutput;
    private transient long rows;
    private transient long nanos;

    WriteFn(@Nullable Destination records, @Nullable Destination rejects, String runId) {
      this.records = records;
      this.rejects = rejects;
      this.runId = runId;
    }

    @StartBundle
    public void startBundle() {
      abandon(); // of a bundle that failed
      recordOutput = records == null ? null : new Output(RECORDS, records, runId);
      rejectOutput = rejects == null ? null : new Output(REJECTS, rejects, runId);
      rows = 0;
      nanos = 0;
    }

    @ProcessElement
    public void process(@Element RecordBatch batch, OutputReceiver<Piece> out) throws IOException {
      if (Flow.isFacts(batch)) {
        out.output(new Piece(FACTS, null, BatchCodec.encode(batch)));
        return;
      }
      Output output = Flow.isRejects(batch) ? rejectOutput : recordOutput;
      if (output == null) {
        return;
      }
      long start = System.nanoTime();
      output.write(batch);
      nanos += System.nanoTime() - start;
      if (output == recordOutput) {
        rows += batch.size();
        LiveCounts.written(batch.size());
      }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) throws IOException {
      long start = System.nanoTime();
      List<Piece> pieces = new ArrayList<>();
      for (Output output : new Output[] {recordOutput, rejectOutput}) {
        if (output != null) {
          pieces.addAll(output.finish());
        }
      }
      nanos += System.nanoTime() - start;
      if (!pieces.isEmpty()) {
        pieces.add(new Piece(FACTS, null, BatchCodec.encode(facts())));
      }
      for (Piece piece : pieces) {
        context.output(piece, BoundedWindow.TIMESTAMP_MIN_VALUE, GlobalWindow.INSTANCE);
      }
    }

    private RecordBatch facts() {
      return new Facts.Builder()
          .add(STEP, Facts.RECORDS_IN, rows)
          .add(STEP, Facts.RECORDS_OUT, rows)
          .add(STEP, Facts.NANOS, nanos)
          .build();
    }

    @Teardown
    @SuppressWarnings("EffectivelyPrivate") // Beam wants it public
    public void abandon() {
      for (Output output : new Output[] {recordOutput, rejectOutput}) {
        if (output != null) {
          output.files.abandon();
        }
      }
    }
  }

  /** The open files of one destination. */
  private static final class Output {
    private final String name;
    private final Partitioner partitioner;
    private final OpenFiles files;

    Output(String name, Destination destination, String runId) {
      this.name = name;
      partitioner = new Partitioner(destination.publication().partitionBy());
      files =
          new OpenFiles(
              destination.publication(), destination.format(), runId, destination.limits());
    }

    void write(RecordBatch batch) throws IOException {
      for (Partitioner.Slice slice : partitioner.split(batch)) {
        files.write(slice.values(), slice.batch());
      }
    }

    List<Piece> finish() throws IOException {
      List<Piece> pieces = new ArrayList<>();
      for (WrittenFile file : files.finish()) {
        pieces.add(new Piece(name, file, null));
      }
      return pieces;
    }
  }
}
