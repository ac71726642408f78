package io.featurebeam.io.file.read;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.InputFiles;
import io.featurebeam.io.file.Unreadable;
import io.featurebeam.io.file.avro.AvroBatchReader;
import io.featurebeam.io.file.avro.AvroSchemas;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResourceId;

/**
 * CSV, JSON lines and Avro files for {@link ReadFiles}: each file is one split, read from its start
 * to its end.
 *
 * @param format how to read a file
 * @param files the files, sorted
 * @param schema all columns that can be read
 * @param leftOut what else is in the first file and can be no column, each with the reason
 */
public record TextSource(
    Format format, List<String> files, RecordSchema schema, List<String> leftOut) {

  /** How many records a schema is inferred from, where none is declared. */
  public static final int SAMPLE = 1000;

  private static final List<String> COMPRESSED = List.of("", ".gz", ".bz2", ".zst");

  /** Opens a file of one format for some of its columns. */
  public interface Format extends Serializable {
    BatchReader open(ResourceId file, RecordSchema columns, Malformed malformed) throws IOException;
  }

  public TextSource {
    files = List.copyOf(files);
    leftOut = List.copyOf(leftOut);
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
            ? infer(
                files.get(0),
                file -> CsvSchemas.infer(file, format.options(RecordSchema.of()), SAMPLE))
            : RecordSchema.of(columns);
    return new TextSource(format, files, schema, List.of());
  }

  /** JSON lines files; without columns they are inferred from the first file. */
  public static TextSource jsonLines(
      Collection<String> paths, List<Field> columns, Map<String, String> formats) {
    List<String> files = match(paths, ".json", ".jsonl", ".ndjson");
    JsonLinesSchemas.Inferred found =
        columns.isEmpty()
            ? infer(files.get(0), file -> JsonLinesSchemas.infer(file, SAMPLE))
            : new JsonLinesSchemas.Inferred(RecordSchema.of(columns), Set.of(), List.of());
    return new TextSource(
        new JsonLinesFormat(new TreeMap<>(formats), new TreeSet<>(found.texts())),
        files,
        found.schema(),
        found.leftOut());
  }

  /** Avro container files; without columns all that can be read. */
  public static TextSource avro(Collection<String> paths, List<String> columns) {
    List<String> files = match(paths, ".avro");
    Schema written = infer(files.get(0), AvroSchemas::read);
    RecordSchema schema =
        columns.isEmpty()
            ? AvroSchemas.toRecordSchema(written)
            : AvroSchemas.project(files.get(0), written, columns);
    return new TextSource(
        AvroBatchReader::open,
        files,
        schema,
        columns.isEmpty() ? AvroSchemas.leftOut(written) : List.of());
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

  private interface Inference<T> {
    T infer(ResourceId file) throws IOException;
  }

  private static <T> T infer(String file, Inference<T> inference) {
    try {
      return inference.infer(FileSystems.matchNewResource(file, false));
    } catch (IOException e) {
      IOException named = Unreadable.of(file, e);
      throw new UncheckedIOException(named.getMessage(), named);
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

  private record JsonLinesFormat(TreeMap<String, String> formats, TreeSet<String> texts)
      implements Format {
    @Override
    public BatchReader open(ResourceId file, RecordSchema wanted, Malformed malformed)
        throws IOException {
      TreeMap<String, String> known = new TreeMap<>(formats);
      known.keySet().retainAll(wanted.names());
      TreeSet<String> knownTexts = new TreeSet<>(texts);
      knownTexts.retainAll(wanted.names());
      return JsonLinesBatchReader.open(
          file, JsonLinesOptions.of(wanted).withFormats(known).withTexts(knownTexts), malformed);
    }
  }
}
