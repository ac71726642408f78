package io.featurebeam.io.file.publish;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
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
 * @param origin how it was made; null if an older release or no spec made it
 * @param schema the columns
 * @param partitionBy as {@link PartitionBy#parse} takes it
 * @param content what rows {@code files} hold; null if an older release wrote it
 * @param files the data
 */
public record Manifest(
    int version,
    String runId,
    String created,
    @Nullable String spec,
    @Nullable String specHash,
    @Nullable Origin origin,
    List<ColumnEntry> schema,
    List<String> partitionBy,
    @Nullable Content content,
    List<PublishedFile> files) {

  /** The first had neither origin nor content. */
  static final int VERSION = 2;

  private static final int FIRST_VERSION = 1;

  /** A column in JSON. */
  public record ColumnEntry(String name, String type, boolean nullable) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  public Manifest {
    Objects.requireNonNull(runId, "runId is missing");
    schema = List.copyOf(Objects.requireNonNull(schema, "schema is missing"));
    partitionBy = List.copyOf(Objects.requireNonNull(partitionBy, "partitionBy is missing"));
    files = List.copyOf(Objects.requireNonNull(files, "files is missing"));
  }

  /**
   * The manifest of an output folder, if it has one. An {@link IOException} says that it cannot be
   * read, or was written by a newer release.
   */
  public static Optional<Manifest> read(String path) throws IOException {
    return OutputFolder.of(path).manifest();
  }

  /**
   * The manifest in a file: {@code manifest.json} of an output, one of its versions, or a copy. An
   * {@link IOException} says that there is none, that it cannot be read, or that a newer release
   * wrote it.
   */
  public static Manifest readFile(String file) throws IOException {
    int slash = file.lastIndexOf('/');
    OutputFolder folder = OutputFolder.of(slash < 0 ? "." : file.substring(0, slash + 1));
    return folder
        .manifest(file.substring(slash + 1))
        .orElseThrow(() -> new FileNotFoundException("Missing manifest: " + file));
  }

  /** The manifests of an output, the published one first, then earlier ones as far as kept. */
  public static List<Manifest> versions(String path) throws IOException {
    return OutputFolder.of(path).versions();
  }

  boolean isKnown() {
    return version >= FIRST_VERSION && version <= VERSION;
  }

  /** The runs whose files are in it, the last one first. */
  public List<String> runs() {
    List<String> runs = new ArrayList<>(List.of(runId));
    files.stream()
        .map(file -> Plan.runOf(file.path()))
        .distinct()
        .filter(run -> !run.equals(runId))
        .sorted(Comparator.reverseOrder())
        .forEach(runs::add);
    return runs;
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
        origin,
        schema,
        partitionBy,
        content,
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
