package io.featurebeam.io.lookup;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of a key as one text: joined by {@code :}, in each of them {@code %} written {@code
 * %25} and {@code :} written {@code %3A}. A string is itself, bytes are lower-case hex, numbers
 * decimal; a timestamp, date or time is its number (microseconds, days, microseconds).
 */
final class KeyText {

  private KeyText() {}

  static void append(StringBuilder text, Field key, @Nullable Object value, boolean first) {
    if (value == null) {
      throw new IllegalArgumentException("Key '" + key.name() + "' is null (must have a value)");
    }
    if (!first) {
      text.append(':');
    }
    if (value instanceof String string) {
      for (int i = 0; i < string.length(); i++) {
        char c = string.charAt(i);
        if (c == '%') {
          text.append("%25");
        } else if (c == ':') {
          text.append("%3A");
        } else {
          text.append(c);
        }
      }
    } else if (value instanceof byte[] bytes) {
      text.append(HexFormat.of().formatHex(bytes));
    } else {
      text.append(value);
    }
  }

  /** Of values that somebody asks for, checked against the types of the keys. */
  static String of(List<Field> keys, List<? extends @Nullable Object> values) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < keys.size(); i++) {
      append(text, keys.get(i), checked(keys.get(i), values.get(i)), i == 0);
    }
    return text.toString();
  }

  private static @Nullable Object checked(Field key, @Nullable Object value) {
    Object widened = value instanceof Integer number ? (Object) number.longValue() : value;
    boolean fits =
        widened == null
            || switch (key.type().storage()) {
              case BOOLEAN -> widened instanceof Boolean;
              case LONG -> widened instanceof Long;
              case BYTES ->
                  key.type().equals(FieldType.STRING)
                      ? widened instanceof String
                      : widened instanceof byte[];
              case DOUBLE, LIST -> false;
            };
    if (!fits) {
      throw new IllegalArgumentException(
          "Key '"
              + key.name()
              + "' is given as "
              + widened.getClass().getSimpleName()
              + " (must be "
              + switch (key.type().storage()) {
                case BOOLEAN -> "Boolean";
                case LONG ->
                    key.type().isNumeric() ? "Long" : "Long, the number of a " + key.type();
                default -> key.type().equals(FieldType.STRING) ? "String" : "byte[]";
              }
              + ")");
    }
    return widened;
  }

  /** The values that make this text. */
  static List<Object> parse(List<Field> keys, String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != keys.size()) {
      throw new IllegalArgumentException(
          "Invalid key: " + parts.length + " values (must be " + keys.size() + ")");
    }
    List<Object> values = new ArrayList<>(parts.length);
    for (int i = 0; i < parts.length; i++) {
      FieldType type = keys.get(i).type();
      values.add(
          switch (type.storage()) {
            case BOOLEAN -> Boolean.valueOf(parts[i]);
            case LONG -> Long.valueOf(parts[i]);
            case BYTES ->
                type.equals(FieldType.STRING)
                    ? parts[i].replace("%3A", ":").replace("%25", "%")
                    : HexFormat.of().parseHex(parts[i]);
            case DOUBLE, LIST -> throw new IllegalArgumentException("Invalid key type: " + type);
          });
    }
    return values;
  }
}
