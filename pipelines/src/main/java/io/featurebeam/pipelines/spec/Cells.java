package io.featurebeam.pipelines.spec;

import io.featurebeam.columnar.FieldType;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Cells of a spec test: text as people write it to values as columns hold them, and CSV to cells.
 */
final class Cells {

  private Cells() {}

  /**
   * The value of a cell that is not null, as {@link io.featurebeam.columnar.Column#value} gives it.
   */
  static Object parse(FieldType type, String text) {
    try {
      return switch (type.kind()) {
        case BOOLEAN -> bool(text);
        case INT64 -> Long.parseLong(text);
        case FLOAT64 -> number(text);
        case STRING -> text;
        case BYTES -> HexFormat.of().parseHex(text.startsWith("0x") ? text.substring(2) : text);
        case TIMESTAMP -> Times.parse("timestamp", text);
        case DATE -> LocalDate.parse(text).toEpochDay();
        case TIME -> LocalTime.parse(text).toNanoOfDay() / 1000;
        case LIST -> list(type.element(), text);
      };
    } catch (NumberFormatException | DateTimeException e) {
      throw new IllegalArgumentException("Invalid " + type + ": '" + text + "'", e);
    }
  }

  private static boolean bool(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException("Invalid boolean: '" + text + "' (must be true or false)");
    }
    return text.equals("true");
  }

  private static double number(String text) {
    return switch (text) {
      case ".nan" -> Double.NaN;
      case ".inf" -> Double.POSITIVE_INFINITY;
      case "-.inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private static List<Object> list(FieldType element, String text) {
    if (!text.startsWith("[") || !text.endsWith("]")) {
      throw new IllegalArgumentException("Invalid list: '" + text + "' (must be [a, b])");
    }
    String inside = text.substring(1, text.length() - 1).strip();
    return inside.isEmpty()
        ? List.of()
        : Stream.of(inside.split(",", -1)).map(cell -> parse(element, cell.strip())).toList();
  }
}
