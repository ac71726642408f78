package io.featurebeam.io.file.publish;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.publish.Manifest.ColumnEntry;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run publishes, apart from the files.
 *
 * <pre>{@code
 * Publication.of("out/features", schema)
 *     .withPartitionBy(PartitionBy.parse("day(date)"))
 *     .withEventTime("date")
 *     .withMode(PublishMode.replaceRange(from, to));
 * }</pre>
 *
 * @param output where to
 * @param schema the columns, in a form that travels
 * @param partitionBy by which folders
 * @param mode what is replaced; all unless told otherwise
 * @param eventTime the timestamp or date column of event time, if there is one
 * @param overwrite whether what others published or put into the folder may be replaced
 * @param spec the name of the pipeline's spec, if it has one
 * @param specHash the hash of the spec's text, if it has one
 * @param extension what the names of its files end in, if all end alike
 * @param origin how it is made, if the manifest is to say it, and what rows there are
 * @param keptManifests how many earlier manifests are kept
 */
public record Publication(
    OutputFolder output,
    List<ColumnEntry> schema,
    PartitionBy partitionBy,
    PublishMode mode,
    @Nullable String eventTime,
    boolean overwrite,
    @Nullable String spec,
    @Nullable String specHash,
    @Nullable String extension,
    @Nullable Origin origin,
    int keptManifests)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  public Publication {
    Objects.requireNonNull(output, "output is null");
    Objects.requireNonNull(partitionBy, "partitionBy is null");
    Objects.requireNonNull(mode, "mode is null");
    schema = List.copyOf(schema);
  }

  public static Publication of(String path, RecordSchema schema) {
    return new Publication(
        OutputFolder.of(path),
        Manifest.entries(schema),
        PartitionBy.none(),
        PublishMode.replaceAll(),
        null,
        false,
        null,
        null,
        null,
        null,
        0);
  }

  public Publication withPartitionBy(PartitionBy newPartitionBy) {
    return new Publication(
        output,
        schema,
        newPartitionBy,
        mode,
        eventTime,
        overwrite,
        spec,
        specHash,
        extension,
        origin,
        keptManifests);
  }

  public Publication withMode(PublishMode newMode) {
    return new Publication(
        output,
        schema,
        partitionBy,
        newMode,
        eventTime,
        overwrite,
        spec,
        specHash,
        extension,
        origin,
        keptManifests);
  }

  public Publication withEventTime(String newEventTime) {
    return new Publication(
        output,
        schema,
        partitionBy,
        mode,
        newEventTime,
        overwrite,
        spec,
        specHash,
        extension,
        origin,
        keptManifests);
  }

  public Publication withOverwrite(boolean newOverwrite) {
    return new Publication(
        output,
        schema,
        partitionBy,
        mode,
        eventTime,
        newOverwrite,
        spec,
        specHash,
        extension,
        origin,
        keptManifests);
  }

  public Publication withSpec(String newSpec, String newSpecHash) {
    return new Publication(
        output,
        schema,
        partitionBy,
        mode,
        eventTime,
        overwrite,
        newSpec,
        newSpecHash,
        extension,
        origin,
        keptManifests);
  }

  /** What the names of the files end in, without the dot: {@code parquet}. */
  public Publication withExtension(String newExtension) {
    return new Publication(
        output,
        schema,
        partitionBy,
        mode,
        eventTime,
        overwrite,
        spec,
        specHash,
        newExtension,
        origin,
        keptManifests);
  }

  /** Says in the manifest how the output was made, and keeps that many earlier manifests. */
  public Publication withOrigin(@Nullable Origin newOrigin, int newKeptManifests) {
    if (newKeptManifests < 0) {
      throw new IllegalArgumentException(
          "Invalid number of kept manifests: " + newKeptManifests + " (must be >= 0)");
    }
    return new Publication(
        output,
        schema,
        partitionBy,
        mode,
        eventTime,
        overwrite,
        spec,
        specHash,
        extension,
        newOrigin,
        newKeptManifests);
  }

  /** With the hashes of what was read, if the manifest is to say how the output was made. */
  public Publication withHashes(Map<String, String> sha256) {
    return origin == null ? this : withOrigin(origin.withHashes(sha256), keptManifests);
  }

  public RecordSchema recordSchema() {
    return Manifest.recordSchema(schema);
  }

  /**
   * Refuses what does not fit together or with what is published there already; reads the folder,
   * writes nothing.
   */
  public void check() {
    checkColumns();
    mode.check(partitionBy, eventTime);
    try {
      OutputCheck.check(output, overwrite, spec);
      checkFits(output.manifest());
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** The same for files that a stream adds one by one, beside those of streams before it. */
  public void checkAppend() {
    checkColumns();
    OutputCheck.checkPath(output);
    try {
      if (output.manifest().isPresent()) {
        throw new IllegalArgumentException(
            "Output path is published as a whole: "
                + output
                + " (its readers would not see the files that a stream adds; choose another path)");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private void checkColumns() {
    RecordSchema columns = recordSchema();
    partitionBy.check(columns);
    if (eventTime != null) {
      FieldType type = columns.field(eventTime).type();
      if (type.kind() != FieldType.Kind.TIMESTAMP && type.kind() != FieldType.Kind.DATE) {
        throw new IllegalArgumentException(
            "Invalid event time column: '"
                + eventTime
                + "' is "
                + type
                + " (must be timestamp or date)");
      }
    }
  }

  /** Writes a file where the output will be, or as near as a folder is, and deletes it again. */
  public void checkWritable() {
    OutputCheck.checkWritable(output);
  }

  /** A range is put into what is there, so both must have one form. */
  void checkFits(Optional<Manifest> published) {
    if (mode instanceof PublishMode.All || published.isEmpty()) {
      return;
    }
    Manifest old = published.get();
    if (!old.schema().equals(schema)) {
      throw new IllegalArgumentException(
          "Cannot replace "
              + mode
              + " in "
              + output
              + ": its columns are "
              + old.recordSchema()
              + ", this run's are "
              + recordSchema()
              + " (run over all of the input to replace all)");
    }
    if (!old.partitionBy().equals(partitionBy.declarations())) {
      throw new IllegalArgumentException(
          "Cannot replace "
              + mode
              + " in "
              + output
              + ": it is partitioned by "
              + old.partitionBy()
              + ", this run's output by "
              + partitionBy.declarations()
              + " (run over all of the input to replace all)");
    }
    for (PublishedFile file : old.files()) {
      if (extension != null && !file.path().endsWith("." + extension)) {
        throw new IllegalArgumentException(
            "Cannot replace "
                + mode
                + " in "
                + output
                + ": it holds "
                + file.path()
                + ", this run writes ."
                + extension
                + " files (run over all of the input to replace all)");
      }
    }
  }
}
