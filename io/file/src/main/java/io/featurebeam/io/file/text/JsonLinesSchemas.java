package io.featurebeam.io.file.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.jspecify.annotations.Nullable;

/**
 * A first guess at the schema of a JSON lines file, to be looked at and written down: a later
 * record that does not fit is malformed.
 */
public final class JsonLinesSchemas {

  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonLinesSchemas() {}

  /**
   * The types that the first {@code sample} lines allow: boolean, int64, float64, timestamp (all
   * values ISO 8601 with a zone), string, or lists of one of these; nested objects by dotted name.
   * A column that has no value in the sample, or values of several kinds, is a string. All are
   * nullable.
   */
  public static RecordSchema infer(ResourceId file, int sample) throws IOException {
    Map<String, @Nullable FieldType> types = new LinkedHashMap<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(Text.open(file), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      for (int i = 0; i < sample && line != null; i++, line = lines.readLine()) {
        add(line, types);
      }
    }
    if (types.isEmpty()) {
      throw new IOException(
          "No JSON object in the first "
              + sample
              + " lines of "
              + file
              + " (must hold one object a line)");
    }
    List<Field> fields =
        types.entrySet().stream()
            .map(e -> Field.of(e.getKey(), e.getValue() == null ? FieldType.STRING : e.getValue()))
            .toList();
    return RecordSchema.of(fields);
  }

  private static void add(String line, Map<String, @Nullable FieldType> types) {
    try {
      JsonNode node = JSON.readTree(line);
      if (node != null && node.isObject()) {
        add("", node, types);
      }
    } catch (JsonProcessingException e) {
      return; // malformed: the reader will say so
    }
  }

  private static void add(String prefix, JsonNode object, Map<String, @Nullable FieldType> types) {
    object
        .fields()
        .forEachRemaining(
            entry -> {
              String name = prefix + entry.getKey();
              JsonNode value = entry.getValue();
              if (value.isObject()) {
                add(name + ".", value, types);
              } else {
                FieldType type = type(value);
                FieldType known = types.putIfAbsent(name, type);
                if (known != null && type != null && !known.equals(type)) {
                  types.put(name, wider(known, type));
                }
              }
            });
  }

  private static @Nullable FieldType type(JsonNode value) {
    if (value.isBoolean()) {
      return FieldType.BOOLEAN;
    } else if (value.isIntegralNumber() && value.canConvertToLong()) {
      return FieldType.INT64;
    } else if (value.isNumber()) {
      return FieldType.FLOAT64;
    } else if (value.isTextual()) {
      return isTimestamp(value.textValue()) ? FieldType.TIMESTAMP : FieldType.STRING;
    } else if (value.isArray()) {
      FieldType element = null;
      for (JsonNode item : value) {
        FieldType type = type(item);
        element = element == null || type == null ? type : wider(element, type);
      }
      boolean plain = element != null && element.kind() != FieldType.Kind.LIST;
      return plain ? FieldType.listOf(element) : null;
    }
    return null;
  }

  private static boolean isTimestamp(String text) {
    try {
      Instant.parse(text);
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static FieldType wider(FieldType a, FieldType b) {
    return a.equals(b) ? a : a.isNumeric() && b.isNumeric() ? FieldType.FLOAT64 : FieldType.STRING;
  }
}
