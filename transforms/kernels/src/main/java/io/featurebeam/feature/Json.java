package io.featurebeam.feature;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parts of a saved state, with an error that names what is missing. Doubles come back bit
 * for bit: JSON holds their shortest exact decimal, and the text "NaN", "Infinity" or "-Infinity"
 * for what JSON has no number for.
 */
final class Json {

  /** More than the sum of squares of any doubles has. */
  private static final int MAX_DIGITS = 4000;

  private Json() {}

  /** The state of a feature that cannot do without. */
  static JsonNode required(@Nullable JsonNode state) {
    if (state == null) {
      throw new IllegalArgumentException("not fitted (fit it, or give its fitted state)");
    }
    return state;
  }

  static double number(JsonNode object, String key) {
    return read(object.path(key), key);
  }

  /** A number to the last digit, saved as text: JSON's own are read as doubles by most. */
  static BigDecimal decimal(JsonNode object, String key) {
    String text = text(object, key);
    if (text.length() <= MAX_DIGITS) {
      try {
        BigDecimal number = new BigDecimal(text);
        if (Math.abs(number.scale()) <= MAX_DIGITS) { // else a few bytes would stand for gigabytes
          return number;
        }
      } catch (NumberFormatException e) {
        throw invalid(key, object.path(key), "a decimal number");
      }
    }
    throw invalid(key, object.path(key), "a decimal number of at most " + MAX_DIGITS + " digits");
  }

  private static double read(JsonNode node, String where) {
    if (node.isNumber()) {
      return node.doubleValue();
    }
    return switch (node.asText()) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> throw invalid(where, node, "a number");
    };
  }

  static long count(JsonNode object, String key) {
    JsonNode node = object.path(key);
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
      throw invalid(key, node, "a whole number >= 0");
    }
    return node.longValue();
  }

  static String text(JsonNode object, String key) {
    JsonNode node = object.path(key);
    if (!node.isTextual()) {
      throw invalid(key, node, "text");
    }
    return node.textValue();
  }

  static IllegalArgumentException invalid(String where, JsonNode node, String rule) {
    return new IllegalArgumentException(
        node.isMissingNode()
            ? "Invalid fitted state: '" + where + "' is missing (must be " + rule + ")"
            : "Invalid fitted state: '" + where + "' is " + node + " (must be " + rule + ")");
  }
}
