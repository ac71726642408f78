package io.featurebeam.io.file.text;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How to read JSON lines.
 *
 * @param schema the columns to read; {@code a.b} is member b of the object a; other members are
 *     skipped
 * @param formats of timestamps, dates and times by column, as in {@link CsvOptions}
 * @param maxLineBytes a longer line is malformed
 */
public record JsonLinesOptions(RecordSchema schema, Map<String, String> formats, int maxLineBytes) {

  /** 1 MiB. */
  public static final int DEFAULT_MAX_LINE_BYTES = 1 << 20;

  public JsonLinesOptions {
    Objects.requireNonNull(schema, "schema is null");
    formats = Map.copyOf(formats);
    if (maxLineBytes < 16 || maxLineBytes > 1 << 28) {
      throw new IllegalArgumentException(
          "Invalid maxLineBytes: " + maxLineBytes + " (must be between 16 and 268435456)");
    }
    CsvOptions.checkFormats(schema, formats);
    for (Field field : schema.fields()) {
      ValueParser.of(field.name(), scalar(field.type()), formats.get(field.name()));
      if (List.of(field.name().split("\\.", -1)).contains("")) {
        throw new IllegalArgumentException(
            "Invalid column of JSON: '" + field.name() + "' (must be names joined by dots)");
      }
    }
    JsonTree.of(schema);
  }

  /** Times in ISO 8601, lines of up to 1 MiB. */
  public static JsonLinesOptions of(RecordSchema schema) {
    return new JsonLinesOptions(schema, Map.of(), DEFAULT_MAX_LINE_BYTES);
  }

  static FieldType scalar(FieldType type) {
    return type.kind() == FieldType.Kind.LIST ? type.element() : type;
  }

  public JsonLinesOptions withFormats(Map<String, String> byColumn) {
    return new JsonLinesOptions(schema, byColumn, maxLineBytes);
  }

  public JsonLinesOptions withMaxLineBytes(int bytes) {
    return new JsonLinesOptions(schema, formats, bytes);
  }
}
