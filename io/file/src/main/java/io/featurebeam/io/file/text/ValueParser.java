package io.featurebeam.io.file.text;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Parses the text of one value into a column. Not thread-safe. Each gives null, or what is wrong
 * with the value; then nothing was appended.
 */
public interface ValueParser {

  @Nullable String parse(byte[] b, int from, int to, ColumnBuilder into);

  /** The parser of a type; a format that the type does not have is refused. */
  static ValueParser of(String column, FieldType type, @Nullable String format) {
    boolean timed =
        type.kind() == FieldType.Kind.TIMESTAMP
            || type.kind() == FieldType.Kind.DATE
            || type.kind() == FieldType.Kind.TIME;
    if (format != null && !timed) {
      throw new IllegalArgumentException(
          "Column '" + column + "' is " + type + ": only a timestamp, date or time has a format");
    }
    return switch (type.kind()) {
      case BOOLEAN -> ValueParser::bool;
      case INT64 -> ValueParser::int64;
      case FLOAT64 -> Decimals::parse;
      case STRING -> ValueParser::string;
      case BYTES -> ValueParser::base64;
      case TIMESTAMP, DATE, TIME -> TimeParser.of(column, type, format);
      case LIST ->
          throw new IllegalArgumentException(
              "Column '" + column + "' is " + type + ", which a text value cannot hold");
    };
  }

  private static @Nullable String bool(byte[] b, int from, int to, ColumnBuilder into) {
    if (is(b, from, to, "true")) {
      into.appendBoolean(true);
      return null;
    }
    if (is(b, from, to, "false")) {
      into.appendBoolean(false);
      return null;
    }
    return Text.show(b, from, to) + " is not a boolean (must be true or false)";
  }

  /** Whether the bytes are this lower-case ASCII word in any case. */
  private static boolean is(byte[] b, int from, int to, String word) {
    if (to - from != word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if ((b[from + i] | 0x20) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable String int64(byte[] b, int from, int to, ColumnBuilder into) {
    int i = from;
    boolean negative = i < to && b[i] == '-';
    if (i < to && (b[i] == '-' || b[i] == '+')) {
      i++;
    }
    if (i == to) {
      return Text.show(b, from, to) + " is not an int64 (must be digits with an optional sign)";
    }
    long value = 0; // negative, since the least long has no positive
    boolean tooLarge = false;
    for (; i < to; i++) {
      int digit = b[i] - '0';
      if (digit < 0 || digit > 9) {
        return Text.show(b, from, to) + " is not an int64 (must be digits with an optional sign)";
      }
      tooLarge |= value < Long.MIN_VALUE / 10;
      long next = value * 10 - digit;
      tooLarge |= next > value * 10;
      value = next;
    }
    if (tooLarge || (!negative && value == Long.MIN_VALUE)) {
      return Text.show(b, from, to)
          + " is too large for an int64 (must be between -9223372036854775808 and"
          + " 9223372036854775807)";
    }
    into.appendLong(negative ? value : -value);
    return null;
  }

  private static @Nullable String string(byte[] b, int from, int to, ColumnBuilder into) {
    String problem = Text.notUtf8(b, from, to);
    if (problem == null) {
      into.appendBytes(b, from, to - from);
    }
    return problem;
  }

  private static @Nullable String base64(byte[] b, int from, int to, ColumnBuilder into) {
    byte[] decoded;
    try {
      String text = new String(b, from, to - from, StandardCharsets.ISO_8859_1);
      decoded = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return Text.show(b, from, to) + " is not base64";
    }
    into.appendBytes(decoded, 0, decoded.length);
    return null;
  }
}
