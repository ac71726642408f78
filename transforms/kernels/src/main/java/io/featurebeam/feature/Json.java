package io.featurebeam.feature;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parts of a saved state, with an error that names what is missing. Doubles come back bit
 * for bit: JSON holds their shortest exact decimal, and the text "NaN", "Infinity" or "-Infinity"
 * for what JSON has no number for.
 */
final class Json {

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

  static double number(JsonNode array, int index) {
    return read(array.path(index), "[" + index + "]");
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
