package io.featurebeam.pipelines.spec;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of a YAML file that knows where it stands; immutable, so an alias shares the node it
 * names.
 */
sealed interface Node {

  Location location();

  /** How an error calls this kind of node. */
  String kind();

  /**
   * The message with every value below this node that came from the environment as it was written.
   */
  String redact(String message);

  /**
   * A single value.
   *
   * @param text the value, escapes and variables resolved
   * @param plain whether it stood without quotes, so that it may be a number, true, false or null
   * @param written what stood in the file, if a variable was in it
   */
  record Scalar(String text, boolean plain, @Nullable String written, Location location)
      implements Node {

    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]+");
    private static final Pattern OCTAL = Pattern.compile("0o[0-7]+");
    private static final Pattern FLOAT =
        Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

    /** Whether it is YAML's null: {@code null}, {@code ~} or nothing. */
    boolean isNull() {
      return plain
          && (text.isEmpty()
              || text.equals("~")
              || text.equals("null")
              || text.equals("Null")
              || text.equals("NULL"));
    }

    /**
     * Long, Double, Boolean or String by the core schema of YAML 1.2; call only if not {@link
     * #isNull}. An integer beyond int64 throws.
     */
    Object value() {
      if (!plain) {
        return text;
      }
      try {
        if (INTEGER.matcher(text).matches()) {
          return Long.parseLong(text);
        }
        if (HEXADECIMAL.matcher(text).matches()) {
          return Long.parseLong(text.substring(2), 16);
        }
        if (OCTAL.matcher(text).matches()) {
          return Long.parseLong(text.substring(2), 8);
        }
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("Invalid number: " + text + " (must fit in 64 bits)", e);
      }
      if (FLOAT.matcher(text).matches()) {
        return Double.parseDouble(text);
      }
      return switch (text) {
        case "true", "True", "TRUE" -> true;
        case "false", "False", "FALSE" -> false;
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF" -> Double.POSITIVE_INFINITY;
        case "-.inf", "-.Inf", "-.INF" -> Double.NEGATIVE_INFINITY;
        case ".nan", ".NaN", ".NAN" -> Double.NaN;
        default -> text;
      };
    }

    @Override
    public String kind() {
      return "one value";
    }

    @Override
    public String redact(String message) {
      if (written == null || text.isEmpty()) {
        return message;
      }
      if (text.length() >= Secrets.SHORTEST) {
        return message.replace(text, written);
      }
      return message.replaceAll(
          "(?<!\\w)" + Pattern.quote(text) + "(?!\\w)", Matcher.quoteReplacement(written));
    }
  }

  /** A list. */
  record Sequence(List<Node> items, Location location) implements Node {
    @Override
    public String kind() {
      return "a list";
    }

    @Override
    public String redact(String message) {
      String redacted = message;
      for (Node item : items) {
        redacted = item.redact(redacted);
      }
      return redacted;
    }
  }

  /** Keys with values, in the order of the file. */
  record Mapping(List<Entry> entries, Location location) implements Node {

    /** A key and its value. */
    record Entry(Scalar key, Node value) {}

    @Nullable Node get(String key) {
      for (Entry entry : entries) {
        if (entry.key.text.equals(key)) {
          return entry.value;
        }
      }
      return null;
    }

    @Override
    public String kind() {
      return "keys and values";
    }

    @Override
    public String redact(String message) {
      String redacted = message;
      for (Entry entry : entries) {
        redacted = entry.value.redact(redacted);
      }
      return redacted;
    }
  }
}
