package io.featurebeam.io.file.write;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.publish.PartitionBy;
import io.featurebeam.io.file.publish.Publication;
import io.featurebeam.io.file.publish.PublishMode;
import io.featurebeam.io.file.publish.PublishOutcome;
import io.featurebeam.io.file.publish.Publisher;
import io.featurebeam.io.file.publish.WrittenFile;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.jspecify.annotations.Nullable;

/**
 * Writes a bounded collection of batches as files of one output folder and publishes them all at
 * once.
 *
 * <pre>{@code
 * WriteResult written =
 *     batches.apply(
 *         WriteBatches.to("out/features", schema)
 *             .partitionedBy(PartitionBy.parse("day(date)"))
 *             .withEventTime("date"));
 * }</pre>
 *
 * <p>Data is not shuffled: each worker writes what it has, per bundle and partition, into temporary
 * files; only their descriptions are gathered, and one worker publishes them (see {@link
 * Publisher}). A retried or speculative attempt leaves a file that nobody publishes and that is
 * deleted at the end. An empty input publishes an empty output. Nothing is rejected: a batch of
 * another schema fails the pipeline.
 *
 * <p>Input must be bounded and in the global window; both are checked when the pipeline is built,
 * as are the schema, the partitions and the output folder.
 *
 * <p>Metrics: {@value #FILES_WRITTEN}, {@value #ROWS_WRITTEN} and {@value #BYTES_WRITTEN} count
 * attempts; {@link PublishOutcome} counts what holds.
 */
public final class WriteBatches extends PTransform<PCollection<RecordBatch>, WriteResult> {

  /** Completed files, by attempt. */
  public static final String FILES_WRITTEN = "files_written";

  /** Records in completed files, by attempt. */
  public static final String ROWS_WRITTEN = "rows_written";

  /** Lengths of completed files, by attempt. */
  public static final String BYTES_WRITTEN = "bytes_written";

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmssSSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Publication publication;
  private final FileFormat format;
  private final WriteLimits limits;
  private final String runId;
  private final @Nullable PCollectionView<List<String>> objections;

  private WriteBatches(
      Publication publication,
      FileFormat format,
      WriteLimits limits,
      String runId,
      @Nullable PCollectionView<List<String>> objections) {
    this.publication = publication;
    this.format = format;
    this.limits = limits;
    this.runId = runId;
    this.objections = objections;
  }

  /** Parquet files of this schema under {@code path}, replacing all that was published there. */
  public static WriteBatches to(String path, RecordSchema schema) {
    return new WriteBatches(
        Publication.of(path, schema),
        ParquetFormat.create(),
        WriteLimits.defaults(),
        newRunId(),
        null);
  }

  /**
   * An id that no other run has: the UTC time to the millisecond, by which the runs of an output
   * sort, and some random digits.
   */
  public static String newRunId() {
    return newRunId(Clock.systemUTC().instant());
  }

  static String newRunId(Instant now) {
    String random = UUID.randomUUID().toString().substring(0, 8);
    return STAMP.format(now) + "-" + random;
  }

  /** Parquet unless told otherwise. */
  public WriteBatches withFormat(FileFormat newFormat) {
    return new WriteBatches(publication, newFormat, limits, runId, objections);
  }

  /** Not partitioned unless told otherwise. */
  public WriteBatches partitionedBy(PartitionBy partitionBy) {
    return with(publication.withPartitionBy(partitionBy));
  }

  /** The column whose range the manifest gives per file, and that a replaced range is of. */
  public WriteBatches withEventTime(String column) {
    return with(publication.withEventTime(column));
  }

  /** Replaces all unless told otherwise. */
  public WriteBatches withMode(PublishMode mode) {
    return with(publication.withMode(mode));
  }

  /** Lets the output replace data files in the folder that this project did not write. */
  public WriteBatches withOverwrite(boolean overwrite) {
    return with(publication.withOverwrite(overwrite));
  }

  /** Names the spec in the manifest. */
  public WriteBatches withSpec(String name, String hash) {
    return with(publication.withSpec(name, hash));
  }

  /** File sizes and memory. */
  public WriteBatches withLimits(WriteLimits newLimits) {
    return new WriteBatches(publication, format, newLimits, runId, objections);
  }

  /**
   * The run's id, in file names and the manifest: letters, digits, - and _. Never use one twice.
   */
  public WriteBatches withRunId(String newRunId) {
    return new WriteBatches(publication, format, limits, newRunId, objections);
  }

  /**
   * Waits for a verdict: if the list is not empty nothing is published, the old output stands, and
   * the list is the outcome's reasons.
   */
  public WriteBatches unless(PCollectionView<List<String>> newObjections) {
    return new WriteBatches(publication, format, limits, runId, newObjections);
  }

  private WriteBatches with(Publication newPublication) {
    return new WriteBatches(newPublication, format, limits, runId, objections);
  }

  @Override
  public WriteResult expand(PCollection<RecordBatch> input) {
    check(input);
    PCollection<WrittenFile> files =
        input
            .apply("Write files", ParDo.of(new WriteFn(publication, format, limits, runId)))
            .setCoder(SerializableCoder.of(WrittenFile.class));
    PCollectionView<List<WrittenFile>> all = files.apply("Gather files", View.asList());
    List<PCollectionView<?>> views = new ArrayList<>(List.of(all));
    if (objections != null) {
      views.add(objections);
    }
    PCollection<PublishOutcome> outcome =
        input
            .getPipeline()
            .apply("Begin", Impulse.create())
            .apply("Claim output", ParDo.of(new ClaimFn(publication, runId)))
            .apply("Keep claim", Reshuffle.viaRandomKey())
            .apply(
                "Publish",
                ParDo.of(new PublishFn(publication, all, objections)).withSideInputs(views))
            .setCoder(SerializableCoder.of(PublishOutcome.class));
    return new WriteResult(files, outcome);
  }

  private void check(PCollection<RecordBatch> input) {
    if (input.isBounded() == PCollection.IsBounded.UNBOUNDED) {
      throw new IllegalArgumentException(
          "Cannot write an unbounded collection to "
              + publication.output()
              + " (it is published when the input ends; bound the source)");
    }
    if (!(input.getWindowingStrategy().getWindowFn() instanceof GlobalWindows)) {
      throw new IllegalArgumentException(
          "Cannot write windowed batches to "
              + publication.output()
              + " (must be in the global window, which batches always are)");
    }
    Publisher.checkRunId(runId);
    format.checkSchema(publication.recordSchema());
    publication.check();
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("path", publication.output().path()).withLabel("Output folder"))
        .add(DisplayData.item("format", format.extension()).withLabel("File format"))
        .add(
            DisplayData.item("partitionBy", publication.partitionBy().toString())
                .withLabel("Partitioned by"))
        .add(DisplayData.item("mode", publication.mode().toString()).withLabel("Replaces"))
        .add(DisplayData.item("runId", runId).withLabel("Run"));
  }

  private static final class WriteFn extends DoFn<RecordBatch, WrittenFile> {
    private final Counter files = Metrics.counter(WriteBatches.class, FILES_WRITTEN);
    private final Counter rows = Metrics.counter(WriteBatches.class, ROWS_WRITTEN);
    private final Counter bytes = Metrics.counter(WriteBatches.class, BYTES_WRITTEN);
    private final Publication publication;
    private final FileFormat format;
    private final WriteLimits limits;
    private final String runId;
    private transient @Nullable Partitioner partitioner;
    private transient @Nullable OpenFiles open;

    WriteFn(Publication publication, FileFormat format, WriteLimits limits, String runId) {
      this.publication = publication;
      this.format = format;
      this.limits = limits;
      this.runId = runId;
    }

    @StartBundle
    public void start() {
      abandon(); // of a bundle that failed
      open = new OpenFiles(publication, format, runId, limits);
      partitioner = new Partitioner(publication.partitionBy());
    }

    @ProcessElement
    public void write(@Element RecordBatch batch) throws IOException {
      for (Partitioner.Slice slice : partitioner.split(batch)) {
        open.write(slice.values(), slice.batch());
      }
    }

    @FinishBundle
    public void finish(FinishBundleContext context) throws IOException {
      for (WrittenFile file : open.finish()) {
        files.inc();
        rows.inc(file.rows());
        bytes.inc(file.bytes());
        context.output(file, BoundedWindow.TIMESTAMP_MIN_VALUE, GlobalWindow.INSTANCE);
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

  private static final class ClaimFn extends DoFn<byte[], String> {
    private final Publication publication;
    private final String runId;

    ClaimFn(Publication publication, String runId) {
      this.publication = publication;
      this.runId = runId;
    }

    @ProcessElement
    public void claim(OutputReceiver<String> out) throws IOException {
      new Publisher(publication, runId).claim();
      out.output(runId);
    }
  }

  private static final class PublishFn extends DoFn<String, PublishOutcome> {
    private final Publication publication;
    private final PCollectionView<List<WrittenFile>> files;
    private final @Nullable PCollectionView<List<String>> objections;

    PublishFn(
        Publication publication,
        PCollectionView<List<WrittenFile>> files,
        @Nullable PCollectionView<List<String>> objections) {
      this.publication = publication;
      this.files = files;
      this.objections = objections;
    }

    @ProcessElement
    public void publish(ProcessContext context) throws IOException {
      Publisher publisher = new Publisher(publication, context.element());
      List<String> reasons = objections == null ? List.of() : context.sideInput(objections);
      context.output(
          reasons.isEmpty()
              ? publisher.publish(context.sideInput(files))
              : publisher.withhold(reasons));
    }
  }
}
