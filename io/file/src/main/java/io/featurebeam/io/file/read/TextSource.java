package io.featurebeam.io.file.read;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
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
import java.nio.charset.Charset;
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
    Format format, List<Found> files, RecordSchema schema, List<String> leftOut) {

  /** How many records a schema is inferred from, where none is declared. */
  public static final int SAMPLE = 1000;

  private static final List<String> COMPRESSED = List.of("", ".gz", ".bz2", ".zst");

  /** How many bytes a packed one is usually made from. */
  private static final int PACKED = 5;

  /** A file and its bytes, packed if it is. */
  public record Found(String name, long bytes) implements Serializable {}

  /** Opens a file of one format for some of its columns. */
  public interface Format extends Serializable {
    BatchReader open(ResourceId file, RecordSchema columns, Malformed malformed) throws IOException;

    /** About how many bytes a value takes, its name or delimiter included. */
    int bytesPerValue();
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
   * @param formats of timestamps, dates and times by column; a column with one that is inferred is
   *     a timestamp
   * @param options the dialect, nulls, encoding and limit; their schema is not looked at
   */
  public static TextSource csv(
      Collection<String> paths,
      List<Field> columns,
      boolean header,
      Map<String, String> formats,
      CsvOptions options) {
    List<Found> files = match(paths, ".csv");
    CsvFormat format =
        new CsvFormat(
            header ? List.of() : columns.stream().map(Field::name).toList(),
            new TreeMap<>(formats),
            options.dialect(),
            options.nulls().stream().filter(text -> !text.isEmpty()).toList(),
            options.encoding().name(),
            options.maxRecordBytes());
    RecordSchema schema =
        columns.isEmpty()
            ? timed(
                infer(files.get(0).name(), file -> CsvSchemas.infer(file, options, SAMPLE)),
                formats.keySet())
            : RecordSchema.of(columns);
    formats.keySet().forEach(schema::indexOf);
    format.options(schema); // what is wrong with them is told now
    return new TextSource(format, files, schema, List.of());
  }

  /** JSON lines files with lines of up to 1 MiB; see the other. */
  public static TextSource jsonLines(
      Collection<String> paths, List<Field> columns, Map<String, String> formats) {
    return jsonLines(
        paths, columns, formats, JsonLinesOptions.of(RecordSchema.of()).maxLineBytes());
  }

  /**
   * JSON lines files; without columns they are inferred from the first file.
   *
   * @param formats as of {@link #csv}
   * @param maxLineBytes a longer line is malformed
   */
  public static TextSource jsonLines(
      Collection<String> paths,
      List<Field> columns,
      Map<String, String> formats,
      int maxLineBytes) {
    List<Found> files = match(paths, ".json", ".jsonl", ".ndjson");
    JsonLinesSchemas.Inferred found =
        columns.isEmpty()
            ? infer(files.get(0).name(), file -> JsonLinesSchemas.infer(file, SAMPLE, maxLineBytes))
            : new JsonLinesSchemas.Inferred(RecordSchema.of(columns), Set.of(), List.of());
    RecordSchema schema =
        columns.isEmpty() ? timed(found.schema(), formats.keySet()) : found.schema();
    TreeSet<String> texts = new TreeSet<>(found.texts());
    texts.removeAll(formats.keySet());
    JsonLinesFormat format = new JsonLinesFormat(new TreeMap<>(formats), texts, maxLineBytes);
    formats.keySet().forEach(schema::indexOf);
    format.options(schema); // what is wrong with them is told now
    return new TextSource(format, files, schema, found.leftOut());
  }

  /** The schema, with timestamps for what has a format and does not look like a time without it. */
  private static RecordSchema timed(RecordSchema inferred, Set<String> formatted) {
    return RecordSchema.of(
        inferred.fields().stream()
            .map(
                field ->
                    formatted.contains(field.name())
                        ? Field.of(field.name(), FieldType.TIMESTAMP)
                        : field)
            .toList());
  }

  /** Avro container files; without columns all that can be read. */
  public static TextSource avro(Collection<String> paths, List<String> columns) {
    List<Found> files = match(paths, ".avro");
    Schema written = infer(files.get(0).name(), AvroSchemas::read);
    RecordSchema schema =
        columns.isEmpty()
            ? AvroSchemas.toRecordSchema(written)
            : AvroSchemas.project(files.get(0).name(), written, columns);
    return new TextSource(
        new AvroFormat(),
        files,
        schema,
        columns.isEmpty() ? AvroSchemas.leftOut(written) : List.of());
  }

  private static List<Found> match(Collection<String> paths, String... endings) {
    List<String> all = new ArrayList<>();
    for (String ending : endings) {
      COMPRESSED.forEach(compressed -> all.add(ending + compressed));
    }
    try {
      return InputFiles.sizes(paths, all).entrySet().stream()
          .map(file -> new Found(file.getKey(), file.getValue()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + paths + ": " + e.getMessage(), e);
    }
  }

  /**
   * An estimate of the records in all files, by their bytes and how wide records of so many columns
   * usually are: for deciding how to spread the work, as it may well be several times too much or
   * too little.
   */
  public long estimatedRows() {
    long bytes = 0;
    for (Found file : files) {
      boolean packed = COMPRESSED.stream().anyMatch(c -> !c.isEmpty() && file.name.endsWith(c));
      bytes += packed ? file.bytes * PACKED : file.bytes;
    }
    return bytes / ((long) format.bytesPerValue() * Math.max(1, schema.size()));
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
    for (Found file : files) {
      splits.add(new Split(file.name, file.bytes, wanted, format));
    }
    return splits;
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

  private static TreeMap<String, String> known(
      TreeMap<String, String> formats, RecordSchema schema) {
    TreeMap<String, String> known = new TreeMap<>(formats);
    known.keySet().retainAll(schema.names());
    return known;
  }

  private record CsvFormat(
      List<String> columns,
      TreeMap<String, String> formats,
      CsvOptions.Dialect dialect,
      List<String> nulls,
      String encoding,
      int maxRecordBytes)
      implements Format {
    CsvOptions options(RecordSchema schema) {
      return CsvOptions.of(schema)
          .withColumns(columns)
          .withFormats(known(formats, schema))
          .withDialect(dialect)
          .withNulls(nulls)
          .withEncoding(Charset.forName(encoding))
          .withMaxRecordBytes(maxRecordBytes);
    }

    @Override
    public BatchReader open(ResourceId file, RecordSchema wanted, Malformed malformed)
        throws IOException {
      return CsvBatchReader.open(file, options(wanted), malformed);
    }

    @Override
    public int bytesPerValue() {
      return 8;
    }
  }

  private record JsonLinesFormat(
      TreeMap<String, String> formats, TreeSet<String> texts, int maxLineBytes) implements Format {
    JsonLinesOptions options(RecordSchema schema) {
      TreeSet<String> knownTexts = new TreeSet<>(texts);
      knownTexts.retainAll(schema.names());
      return JsonLinesOptions.of(schema)
          .withFormats(known(formats, schema))
          .withTexts(knownTexts)
          .withMaxLineBytes(maxLineBytes);
    }

    @Override
    public BatchReader open(ResourceId file, RecordSchema wanted, Malformed malformed)
        throws IOException {
      return JsonLinesBatchReader.open(file, options(wanted), malformed);
    }

    @Override
    public int bytesPerValue() {
      return 20;
    }
  }

  private record AvroFormat() implements Format {
    @Override
    public BatchReader open(ResourceId file, RecordSchema wanted, Malformed malformed)
        throws IOException {
      return AvroBatchReader.open(file, wanted, malformed);
    }

    /** Its blocks are mostly packed. */
    @Override
    public int bytesPerValue() {
      return 4;
    }
  }
}
