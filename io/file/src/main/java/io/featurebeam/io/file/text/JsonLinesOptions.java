package io.featurebeam.io.file.text;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * How to read JSON lines.
 *
 * @param schema the columns to read; {@code a.b} is the member of that very name, or member b of
 *     the object a; other members are skipped
 * @param formats of timestamps, dates and times by column, as in {@link CsvOptions}
 * @param texts string columns (or lists of strings) that take any scalar, as the text that stands
 *     in the file
 * @param maxLineBytes a longer line is malformed
 */
public record JsonLinesOptions(
    RecordSchema schema, Map<String, String> formats, Set<String> texts, int maxLineBytes) {

  /** How deep a column may be nested. */
  static final int MAX_PARTS = 50;

  public JsonLinesOptions {
    Objects.requireNonNull(schema, "schema is null");
    formats = Map.copyOf(formats);
    texts = Set.copyOf(texts);
    if (maxLineBytes < 16 || maxLineBytes > 1 << 28) {
      throw new IllegalArgumentException(
          "Invalid maxLineBytes: " + maxLineBytes + " (must be between 16 and 268435456)");
    }
    CsvOptions.checkFormats(schema, formats);
    for (Field field : schema.fields()) {
      ValueParser.of(field.name(), scalar(field.type()), formats.get(field.name()));
      if (isDeep(field.name())) {
        throw new IllegalArgumentException(
            "Invalid column of JSON: '"
                + field.name()
                + "' (must be at most "
                + MAX_PARTS
                + " names joined by dots)");
      }
    }
    for (String text : texts) {
      FieldType type = schema.field(text).type();
      if (scalar(type).kind() != FieldType.Kind.STRING) {
        throw new IllegalArgumentException(
            "Column '" + text + "' is " + type + " (only a string can be any text)");
      }
    }
  }

  static boolean isDeep(String column) {
    return column.chars().filter(c -> c == '.').limit(MAX_PARTS).count() == MAX_PARTS;
  }

  /** Times in ISO 8601, lines of up to 1 MiB. */
  public static JsonLinesOptions of(RecordSchema schema) {
    return new JsonLinesOptions(schema, Map.of(), Set.of(), 1 << 20);
  }

  static FieldType scalar(FieldType type) {
    return type.kind() == FieldType.Kind.LIST ? type.element() : type;
  }

  public JsonLinesOptions withFormats(Map<String, String> byColumn) {
    return new JsonLinesOptions(schema, byColumn, texts, maxLineBytes);
  }

  public JsonLinesOptions withTexts(Set<String> columns) {
    return new JsonLinesOptions(schema, formats, columns, maxLineBytes);
  }

  public JsonLinesOptions withMaxLineBytes(int bytes) {
    return new JsonLinesOptions(schema, formats, texts, bytes);
  }
}
