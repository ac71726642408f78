package io.featurebeam.io.file.publish;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a published output is: its files and nothing else. It is written last and replaced in one
 * step, so who reads the files that it names reads one run's output, whole.
 *
 * <pre>{@code
 * Optional<Manifest> manifest = Manifest.read("out/features");
 * List<String> paths = manifest.orElseThrow().paths("out/features");
 * }</pre>
 *
 * @param version of this form
 * @param runId the run that published last; files of older runs may still be in {@code files}
 * @param created when, ISO 8601 in UTC
 * @param spec the name of the pipeline's spec, if it has one
 * @param specHash the hash of the spec's text, if it has one
 * @param schema the columns
 * @param partitionBy as {@link PartitionBy#parse} takes it
 * @param files the data
 */
public record Manifest(
    int version,
    String runId,
    String created,
    @Nullable String spec,
    @Nullable String specHash,
    List<ColumnEntry> schema,
    List<String> partitionBy,
    List<PublishedFile> files) {

  static final int VERSION = 1;

  /** A column in JSON. */
  public record ColumnEntry(String name, String type, boolean nullable) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  public Manifest {
    schema = List.copyOf(schema);
    partitionBy = List.copyOf(partitionBy);
    files = List.copyOf(files);
  }

  /**
   * The manifest of an output folder, if it has one. An {@link IOException} says that it cannot be
   * read, or was written by a newer release.
   */
  public static Optional<Manifest> read(String path) throws IOException {
    return OutputFolder.of(path).manifest();
  }

  /** The columns as the files hold them. */
  public RecordSchema recordSchema() {
    return recordSchema(schema);
  }

  static RecordSchema recordSchema(List<ColumnEntry> columns) {
    return RecordSchema.of(
        columns.stream()
            .map(c -> new Field(c.name(), FieldType.parse(c.type()), c.nullable()))
            .toList());
  }

  static List<ColumnEntry> entries(RecordSchema schema) {
    return schema.fields().stream()
        .map(f -> new ColumnEntry(f.name(), f.type().toString(), f.nullable()))
        .toList();
  }

  /** The same with the files of one run alone. */
  public Manifest ofRun(String run) {
    return new Manifest(
        version,
        runId,
        created,
        spec,
        specHash,
        schema,
        partitionBy,
        files.stream().filter(f -> Plan.runOf(f.path()).equals(run)).toList());
  }

  /** The files' full paths, given the folder that this manifest was read from. */
  public List<String> paths(String folder) {
    OutputFolder output = OutputFolder.of(folder);
    return files.stream().map(f -> output.resource(f.path()).toString()).toList();
  }

  public long rows() {
    return files.stream().mapToLong(PublishedFile::rows).sum();
  }

  public long bytes() {
    return files.stream().mapToLong(PublishedFile::bytes).sum();
  }
}
