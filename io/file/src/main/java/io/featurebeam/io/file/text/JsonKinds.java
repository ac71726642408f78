package io.featurebeam.io.file.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** What kinds of values a member has had, and which column holds them all. */
final class JsonKinds {

  private static final int BOOLEAN = 1;
  private static final int WHOLE = 1 << 1;
  private static final int FRACTION = 1 << 2;

  /** Too large for a double. */
  private static final int HUGE = 1 << 3;

  /** A string that a float column takes, such as NaN. */
  private static final int NOT_FINITE = 1 << 4;

  private static final int TIME = 1 << 5;
  private static final int STRING = 1 << 6;
  private static final int ARRAY = 1 << 7;
  private static final int OBJECT = 1 << 8;

  private static final ValueParser TIMES = ValueParser.of("", FieldType.TIMESTAMP, null);

  private int seen;
  private @Nullable JsonKinds elements;

  /** Takes note of a value; of an object not of its members. */
  void see(JsonNode value) {
    seen |= kind(value);
    if (value.isArray()) {
      if (elements == null) {
        elements = new JsonKinds();
      }
      for (JsonNode element : value) {
        elements.see(element);
      }
    }
  }

  private static int kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case BOOLEAN -> BOOLEAN;
      case NUMBER ->
          value.isIntegralNumber() && value.canConvertToLong()
              ? WHOLE
              : Double.isFinite(value.doubleValue()) ? FRACTION : HUGE;
      case STRING -> kind(value.textValue());
      case ARRAY -> ARRAY;
      case OBJECT -> OBJECT;
      default -> 0;
    };
  }

  private static int kind(String text) {
    return switch (text) {
      case "NaN", "Infinity", "-Infinity" -> NOT_FINITE;
      default -> isTime(text) ? TIME : STRING;
    };
  }

  /** With a zone, as a person would write it, and within the range of a timestamp. */
  private static boolean isTime(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      Instant.parse(text);
    } catch (DateTimeParseException e) {
      return false;
    }
    return TIMES.parse(bytes, 0, bytes.length, ColumnBuilder.of(FieldType.TIMESTAMP)) == null;
  }

  /** Whether it was an object whenever it was anything. */
  boolean isOnlyObject() {
    return seen == OBJECT;
  }

  /** Whether it was an object in some records, and a scalar in others. */
  boolean isObjectAlso() {
    return (seen & OBJECT) != 0 && seen != OBJECT;
  }

  /** Why no column holds all the values that are no objects, or null if one does. */
  @Nullable String refusal() {
    if ((seen & ARRAY) != 0 && seen != ARRAY) {
      return "an array in some records and not in others";
    }
    if (elements == null) {
      return null;
    }
    if ((elements.seen & OBJECT) != 0) {
      return "an array of objects";
    }
    return (elements.seen & ARRAY) != 0 ? "an array of arrays" : null;
  }

  /** The type of the column. */
  FieldType type() {
    return elements == null ? scalar() : FieldType.listOf(elements.scalar());
  }

  private FieldType scalar() {
    int kinds = seen & ~OBJECT;
    if (kinds == BOOLEAN) {
      return FieldType.BOOLEAN;
    } else if (kinds == WHOLE) {
      return FieldType.INT64;
    } else if ((kinds & (WHOLE | FRACTION)) != 0
        && (kinds & ~(WHOLE | FRACTION | NOT_FINITE)) == 0) {
      return FieldType.FLOAT64;
    }
    return kinds == TIME ? FieldType.TIMESTAMP : FieldType.STRING;
  }

  /** Whether the column is a string (or a list of them) for values that were not all strings. */
  boolean isText() {
    if (elements != null) {
      return elements.isText();
    }
    int strings = NOT_FINITE | TIME | STRING;
    int kinds = seen & ~OBJECT;
    return scalar().equals(FieldType.STRING) && (kinds == 0 || (kinds & ~strings) != 0);
  }
}
