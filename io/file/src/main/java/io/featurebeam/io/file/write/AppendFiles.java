package io.featurebeam.io.file.write;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.io.file.publish.Publisher;
import io.featurebeam.io.file.publish.WrittenFile;
import io.featurebeam.transforms.records.LiveCounts;
import java.io.IOException;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches without end: each bundle makes files of its own, which appear in the folder when
 * they are complete.
 *
 * <p>There is no manifest, as the output never is whole, and each record is there at least once: a
 * bundle that fails after its files appeared is written again. What is not complete when a run ends
 * lies in the folder's {@code _featurebeam} and is deleted by the next run.
 */
public final class AppendFiles extends PTransform<PCollection<RecordBatch>, PDone> {

  private static final long serialVersionUID = 1L;

  private final WriteFlow.Destination destination;
  private final String runId;
  private final boolean counting;

  private AppendFiles(WriteFlow.Destination destination, String runId, boolean counting) {
    this.destination = destination;
    this.runId = runId;
    this.counting = counting;
  }

  /**
   * Checks the output, as far as looking tells.
   *
   * @param runId names the files; never use one twice
   */
  public static AppendFiles to(WriteFlow.Destination destination, String runId) {
    Publisher.checkRunId(runId);
    destination.format().checkSchema(destination.publication().recordSchema());
    destination.publication().checkAppend();
    return new AppendFiles(destination, runId, false);
  }

  /** Shows its rows as progress: they are the output of the run. */
  public AppendFiles counting() {
    return new AppendFiles(destination, runId, true);
  }

  @Override
  public PDone expand(PCollection<RecordBatch> batches) {
    batches.apply("Append files", ParDo.of(new AppendFn(destination, runId, counting)));
    return PDone.in(batches.getPipeline());
  }

  private static final class AppendFn extends DoFn<RecordBatch, Void> {
    private static final long serialVersionUID = 1L;
    private final WriteFlow.Destination destination;
    private final String runId;
    private final boolean counting;
    private transient @Nullable Partitioner partitioner;
    private transient @Nullable OpenFiles open;

    AppendFn(WriteFlow.Destination destination, String runId, boolean counting) {
      this.destination = destination;
      this.runId = runId;
      this.counting = counting;
    }

    @StartBundle
    public void startBundle() {
      abandon(); // of a bundle that failed
      partitioner = new Partitioner(destination.publication().partitionBy());
      open =
          new OpenFiles(
              destination.publication(), destination.format(), runId, destination.limits());
    }

    @ProcessElement
    public void process(@Element RecordBatch batch) throws IOException {
      for (Partitioner.Slice slice : partitioner.split(batch)) {
        open.write(slice.values(), slice.batch());
      }
      if (counting) {
        LiveCounts.written(destination.publication().output().path(), batch.size());
      }
    }

    @FinishBundle
    public void finishBundle() throws IOException {
      for (WrittenFile file : open.finish()) {
        destination.publication().output().show(file, runId);
      }
    }

    @Teardown
    @SuppressWarnings("EffectivelyPrivate") // Beam wants it public
    public void abandon() {
      if (open != null) {
        open.abandon();
      }
    }
  }
}
