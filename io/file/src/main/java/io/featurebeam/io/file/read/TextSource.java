package io.featurebeam.io.file.read;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.InputFiles;
import io.featurebeam.io.file.avro.AvroBatchReader;
import io.featurebeam.io.file.text.BatchReader;
import io.featurebeam.io.file.text.CsvBatchReader;
import io.featurebeam.io.file.text.CsvOptions;
import io.featurebeam.io.file.text.CsvSchemas;
import io.featurebeam.io.file.text.JsonLinesBatchReader;
import io.featurebeam.io.file.text.JsonLinesOptions;
import io.featurebeam.io.file.text.JsonLinesSchemas;
import io.featurebeam.io.file.text.Malformed;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResourceId;

/**
 * CSV, JSON lines and Avro files for {@link ReadFiles}: each file is one split, read from its start
 * to its end.
 *
 * @param format how to read a file
 * @param files the files, sorted
 * @param schema all columns that can be read
 */
public record TextSource(Format format, List<String> files, RecordSchema schema) {

  /** How many records a schema is inferred from, where none is declared. */
  public static final int SAMPLE = 1000;

  private static final List<String> COMPRESSED = List.of("", ".gz", ".bz2", ".zst");

  /** Opens a file of one format for some of its columns. */
  public interface Format extends Serializable {
    BatchReader open(ResourceId file, RecordSchema columns, Malformed malformed) throws IOException;
  }

  public TextSource {
    files = List.copyOf(files);
  }

  /**
   * CSV files.
   *
   * @param columns name and type of each column; empty to infer them from the first file
   * @param header whether the first record holds the names; else {@code columns} are those of the
   *     file
   * @param nulls what stands for a null when not in quotes, besides nothing at all
   * @param formats of timestamps, dates and times by column
   */
  public static TextSource csv(
      Collection<String> paths,
      List<Field> columns,
      char delimiter,
      boolean header,
      List<String> nulls,
      Map<String, String> formats) {
    List<String> files = match(paths, ".csv");
    CsvFormat format =
        new CsvFormat(
            delimiter,
            header ? List.of() : columns.stream().map(Field::name).toList(),
            nulls.stream().filter(text -> !text.isEmpty()).toList(),
            new TreeMap<>(formats));
    RecordSchema schema =
        columns.isEmpty()
            ? inferred(
                files, file -> CsvSchemas.infer(file, format.options(RecordSchema.of()), SAMPLE))
            : RecordSchema.of(columns);
    return new TextSource(format, files, schema);
  }

  /** JSON lines files; without columns they are inferred from the first file. */
  public static TextSource jsonLines(
      Collection<String> paths, List<Field> columns, Map<String, String> formats) {
    List<String> files = match(paths, ".json", ".jsonl", ".ndjson");
    RecordSchema schema =
        columns.isEmpty()
            ? inferred(files, file -> JsonLinesSchemas.infer(file, SAMPLE))
            : RecordSchema.of(columns);
    return new TextSource(new JsonLinesFormat(new TreeMap<>(formats)), files, schema);
  }

  /** Avro container files; without columns all that can be read. */
  public static TextSource avro(Collection<String> paths, List<String> columns) {
    List<String> files = match(paths, ".avro");
    RecordSchema schema = inferred(files, TextSource::avroSchema);
    return new TextSource(
        AvroBatchReader::open, files, columns.isEmpty() ? schema : schema.project(columns));
  }

  private static RecordSchema avroSchema(ResourceId file) throws IOException {
    try (BatchReader reader =
        AvroBatchReader.open(
            file.toString(),
            Channels.newInputStream(FileSystems.open(file)),
            null,
            (source, position, raw, reason) -> {})) {
      return reader.schema();
    }
  }

  private static List<String> match(Collection<String> paths, String... endings) {
    List<String> all = new ArrayList<>();
    for (String ending : endings) {
      COMPRESSED.forEach(compressed -> all.add(ending + compressed));
    }
    try {
      return InputFiles.match(paths, all);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + paths + ": " + e.getMessage(), e);
    }
  }

  private interface Inference {
    RecordSchema infer(ResourceId file) throws IOException;
  }

  private static RecordSchema inferred(List<String> files, Inference inference) {
    String first = files.get(0);
    try {
      return inference.infer(FileSystems.matchNewResource(first, false));
    } catch (IOException e) {
      String message = String.valueOf(e.getMessage());
      throw new UncheckedIOException(
          message.contains(first) ? message : "Cannot read " + first + ": " + message, e);
    }
  }

  /** A split per file, of some of the columns. */
  public List<FileSplit> splits(Collection<String> columns) {
    RecordSchema wanted = schema.project(columns);
    List<FileSplit> splits = new ArrayList<>();
    for (String file : files) {
      splits.add(new Split(file, size(file), wanted, format));
    }
    return splits;
  }

  private static long size(String file) {
    try {
      return FileSystems.matchSingleFileSpec(file).sizeBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private record Split(String file, long bytes, RecordSchema schema, Format format)
      implements FileSplit {
    @Override
    public BatchReader open(Malformed malformed) throws IOException {
      return format.open(FileSystems.matchNewResource(file, false), schema, malformed);
    }

    @Override
    public String toString() {
      return file;
    }
  }

  private record CsvFormat(
      char delimiter, List<String> columns, List<String> nulls, TreeMap<String, String> formats)
      implements Format {
    CsvOptions options(RecordSchema schema) {
      TreeMap<String, String> known = new TreeMap<>(formats);
      known.keySet().retainAll(schema.names());
      return CsvOptions.of(schema)
          .withDelimiter(delimiter)
          .withColumns(columns)
          .withNulls(nulls)
          .withFormats(known);
    }

    @Override
    public BatchReader open(ResourceId file, RecordSchema wanted, Malformed malformed)
        throws IOException {
      return CsvBatchReader.open(file, options(wanted), malformed);
    }
  }

  private record JsonLinesFormat(TreeMap<String, String> formats) implements Format {
    @Override
    public BatchReader open(ResourceId file, RecordSchema wanted, Malformed malformed)
        throws IOException {
      TreeMap<String, String> known = new TreeMap<>(formats);
      known.keySet().retainAll(wanted.names());
      return JsonLinesBatchReader.open(
          file, JsonLinesOptions.of(wanted).withFormats(known), malformed);
    }
  }
}
