package io.featurebeam.io.file.text;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Spelling;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of a CSV record as values of declared columns. */
final class CsvValues {

  private final RecordSchema schema;
  private final Columns columns;
  private final int width;
  private final int[] fieldOf;
  private final ValueParser[] parsers;
  private final boolean[] text;
  private final boolean latin1;
  private final byte[][] nulls;

  /**
   * Of one file.
   *
   * @param source names it in errors
   * @param names of its fields, in order
   */
  CsvValues(String source, List<String> names, CsvOptions options, Columns columns) {
    this.schema = options.schema();
    this.columns = columns;
    this.latin1 = options.encoding().equals(StandardCharsets.ISO_8859_1);
    this.width = names.size();
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

  /** Appends the fields of the record; null, or what is wrong with it. */
  @Nullable String append(CsvRecords records) {
    if (records.count() != width) {
      return records.count() + " fields (must be " + width + ")";
    }
    for (int c = 0; c < parsers.length; c++) {
      int field = fieldOf[c];
      byte[] b = records.array(field);
      int from = records.start(field);
      int to = records.end(field);
      ColumnBuilder column = columns.column(c);
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
}
