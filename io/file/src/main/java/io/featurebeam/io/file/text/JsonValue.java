package io.featurebeam.io.file.text;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Appends JSON scalars of one column. Not thread-safe: it has a buffer. */
final class JsonValue {

  private final FieldType.Kind kind;
  private final ValueParser parser;
  private final boolean epoch;
  private final boolean anyText;
  private byte[] utf8 = new byte[64];
  private int size;

  /**
   * Of one column.
   *
   * @param anyText whether a string is any scalar, as it stands there
   */
  JsonValue(String column, FieldType type, @Nullable String format, boolean anyText) {
    this.kind = type.kind();
    this.parser = ValueParser.of(column, type, format);
    this.anyText = anyText;
    this.epoch = format != null && format.startsWith("epoch-");
  }

  /** Null, or what is wrong with the value; then nothing was appended. */
  @Nullable String append(JsonParser json, JsonToken token, ColumnBuilder into) throws IOException {
    boolean fits =
        switch (kind) {
          case BOOLEAN -> token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE;
          case INT64 -> token == JsonToken.VALUE_NUMBER_INT;
          case FLOAT64 -> token.isNumeric() || token == JsonToken.VALUE_STRING;
          case STRING -> token == JsonToken.VALUE_STRING || (anyText && token.isScalarValue());
          case BYTES -> token == JsonToken.VALUE_STRING;
          default -> epoch ? token == JsonToken.VALUE_NUMBER_INT : token == JsonToken.VALUE_STRING;
        };
    if (!fits) {
      String type = into.type().toString();
      return describe(token, json) + " is not " + (type.startsWith("i") ? "an " : "a ") + type;
    }
    if (!encode(json.getTextCharacters(), json.getTextOffset(), json.getTextLength())) {
      return "a string with half a surrogate pair";
    }
    if (kind == FieldType.Kind.STRING) {
      into.appendBytes(utf8, 0, size);
      return null;
    }
    if (kind == FieldType.Kind.FLOAT64
        && token == JsonToken.VALUE_STRING
        && size > 0
        && utf8[size - 1] != 'N'
        && utf8[size - 1] != 'y') {
      return describe(token, json) + " is not a float64";
    }
    return parser.parse(utf8, 0, size, into);
  }

  private static String describe(JsonToken token, JsonParser json) throws IOException {
    if (token.isStructStart()) {
      return token == JsonToken.START_ARRAY ? "an array" : "an object";
    }
    String text = json.getText();
    byte[] shown = text.getBytes(StandardCharsets.UTF_8);
    String value = Text.show(shown, 0, shown.length);
    return token == JsonToken.VALUE_STRING ? "the string " + value : value;
  }

  /** False if a surrogate has no partner. */
  private boolean encode(char[] chars, int from, int length) {
    if (utf8.length < length * 3) {
      utf8 = new byte[length * 3];
    }
    int at = 0;
    for (int i = from; i < from + length; i++) {
      char c = chars[i];
      if (c < 0x80) {
        utf8[at++] = (byte) c;
      } else if (c < 0x800) {
        utf8[at++] = (byte) (0xC0 | c >> 6);
        utf8[at++] = (byte) (0x80 | (c & 0x3F));
      } else if (!Character.isSurrogate(c)) {
        utf8[at++] = (byte) (0xE0 | c >> 12);
        utf8[at++] = (byte) (0x80 | (c >> 6 & 0x3F));
        utf8[at++] = (byte) (0x80 | (c & 0x3F));
      } else {
        if (i + 1 == from + length || !Character.isSurrogatePair(c, chars[i + 1])) {
          return false;
        }
        int point = Character.toCodePoint(c, chars[++i]);
        utf8[at++] = (byte) (0xF0 | point >> 18);
        utf8[at++] = (byte) (0x80 | (point >> 12 & 0x3F));
        utf8[at++] = (byte) (0x80 | (point >> 6 & 0x3F));
        utf8[at++] = (byte) (0x80 | (point & 0x3F));
      }
    }
    size = at;
    return true;
  }
}
