package io.featurebeam.io.file.text;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Spelling;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file as batches of declared columns.
 *
 * <pre>{@code
 * try (BatchReader reader = CsvBatchReader.open(file, CsvOptions.of(schema), rejects::addMalformed)) {
 *   for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) { ... }
 * }
 * }</pre>
 *
 * <p>An empty field is null, as is one of the declared null texts; in quotes a string is never null
 * and nothing at all is the empty string. Malformed, each with its reason: a wrong number of
 * fields, a value that is not of its type or too large for it, a day that does not exist, invalid
 * UTF-8 in a string that is read, a null where none may be, an open quote, an over-long record.
 * Positions are data records from 0; blank lines (of a file with more than one column), comments
 * and the header do not count.
 */
public final class CsvBatchReader implements BatchReader {

  private final InputStream in;
  private final CsvRecords records;
  private final RecordSchema schema;
  private final Assembler batch;
  private final int width;
  private final int[] fieldOf;
  private final ValueParser[] parsers;
  private final boolean[] text;
  private final boolean latin1;
  private final byte[][] nulls;
  private long record;

  private CsvBatchReader(String source, InputStream in, CsvOptions options, Malformed malformed)
      throws IOException {
    this.in = in;
    this.schema = options.schema();
    ByteWindow window = new ByteWindow(source, in, options.maxRecordBytes());
    window.skipByteOrderMark();
    boolean header = options.columns().isEmpty();
    this.records = new CsvRecords(window, options.dialect(), options.maxRecordBytes());
    this.latin1 = options.encoding().equals(StandardCharsets.ISO_8859_1);
    List<String> names = header ? header(source, records, options.encoding()) : options.columns();
    this.width = names.size();
    records.keepBlank(width == 1);
    this.fieldOf = new int[schema.size()];
    this.parsers = new ValueParser[schema.size()];
    this.text = new boolean[schema.size()];
    for (int c = 0; c < schema.size(); c++) {
      Field field = schema.field(c);
      fieldOf[c] = find(source, field.name(), names);
      parsers[c] = ValueParser.of(field.name(), field.type(), options.formats().get(field.name()));
      text[c] = field.type().kind() == FieldType.Kind.STRING;
    }
    this.nulls =
        options.nulls().stream().map(n -> n.getBytes(options.encoding())).toArray(byte[][]::new);
    this.batch = new Assembler(schema, source, malformed);
  }

  /** The file, decompressed as its name says. A column that its header lacks is an error. */
  public static CsvBatchReader open(ResourceId file, CsvOptions options, Malformed malformed)
      throws IOException {
    return open(file.toString(), Text.open(file), options, malformed);
  }

  /** Bytes of any origin; {@code source} names them in positions and errors. */
  public static CsvBatchReader open(
      String source, InputStream in, CsvOptions options, Malformed malformed) throws IOException {
    try {
      return new CsvBatchReader(source, in, options, malformed);
    } catch (IOException | RuntimeException e) {
      try (in) {
        throw e;
      }
    }
  }

  static List<String> header(String source, CsvRecords records, Charset encoding)
      throws IOException {
    if (!records.next()) {
      throw new IllegalArgumentException(
          "File "
              + source
              + " is empty (must start with a header; say header: false if it has none)");
    }
    if (records.problem() != null) {
      throw new IllegalArgumentException("Invalid header of " + source + ": " + records.problem());
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < records.count(); i++) {
      names.add(
          new String(
              records.array(i), records.start(i), records.end(i) - records.start(i), encoding));
    }
    return names;
  }

  private static int find(String source, String name, List<String> names) {
    int index = names.indexOf(name);
    if (index < 0) {
      Set<String> known = new HashSet<>(names);
      throw new IllegalArgumentException(
          "File "
              + source
              + " has no column '"
              + name
              + "'"
              + Spelling.hint(name, known.stream().sorted().toList()));
    }
    if (names.lastIndexOf(name) != index) {
      throw new IllegalArgumentException(
          "File " + source + " has the column '" + name + "' twice (names must be unique)");
    }
    return index;
  }

  @Override
  public RecordSchema schema() {
    return schema;
  }

  @Override
  public @Nullable RecordBatch next() throws IOException {
    while (!batch.isFull() && records.next()) {
      String problem = records.problem() == null ? parse() : records.problem();
      if (problem == null) {
        batch.accept(record, records.length());
      } else {
        batch.reject(record, records.raw(), problem);
      }
      record++;
    }
    return batch.build();
  }

  private @Nullable String parse() {
    if (records.count() != width) {
      return records.count() + " fields (must be " + width + ")";
    }
    for (int c = 0; c < parsers.length; c++) {
      int field = fieldOf[c];
      byte[] b = records.array(field);
      int from = records.start(field);
      int to = records.end(field);
      ColumnBuilder column = batch.column(c);
      if (isNull(b, from, to, records.isQuoted(field), text[c])) {
        if (!schema.field(c).nullable()) {
          return "column '" + schema.field(c).name() + "' is null (must not be)";
        }
        column.appendNull();
        continue;
      }
      String problem =
          latin1 && text[c]
              ? appendLatin1(b, from, to, column)
              : parsers[c].parse(b, from, to, column);
      if (problem != null) {
        return "column '" + schema.field(c).name() + "': " + problem;
      }
    }
    return null;
  }

  private boolean isNull(byte[] b, int from, int to, boolean inQuotes, boolean isText) {
    if (from == to) {
      return !inQuotes || !isText;
    }
    if (inQuotes) {
      return false;
    }
    for (byte[] value : nulls) {
      if (Arrays.equals(b, from, to, value, 0, value.length)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String appendLatin1(byte[] b, int from, int to, ColumnBuilder column) {
    byte[] utf8 =
        new String(b, from, to - from, StandardCharsets.ISO_8859_1)
            .getBytes(StandardCharsets.UTF_8);
    column.appendBytes(utf8, 0, utf8.length);
    return null;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
