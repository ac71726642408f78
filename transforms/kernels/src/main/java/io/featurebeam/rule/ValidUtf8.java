package io.featurebeam.rule;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Slices;
import java.util.Objects;

/**
 * The bytes of a string, or of a value of bytes, are UTF-8 (RFC 3629): no stray or missing byte, no
 * longer form than needed, no surrogate. Null passes, and the empty value. A reader that puts
 * U+FFFD for what it could not read leaves nothing to find here.
 */
record ValidUtf8(String column) implements TextRule {

  ValidUtf8 {
    Objects.requireNonNull(column, "column is null");
  }

  @Override
  public String id() {
    return "utf8(" + column + ")";
  }

  @Override
  public String requirement() {
    return "must be UTF-8";
  }

  @Override
  public boolean judges(FieldType type) {
    return type.storage() == FieldType.Storage.BYTES;
  }

  @Override
  public String judged() {
    return "must be string or bytes";
  }

  @Override
  public Test test() {
    return ValidUtf8::isUtf8;
  }

  private static boolean isUtf8(Slices values, int i) {
    byte[] data = values.data();
    int end = values.end(i);
    int at = values.start(i);
    while (at < end) {
      int first = data[at++];
      if (first >= 0) {
        continue;
      }
      first &= 0xFF;
      int more = first >= 0xC2 && first <= 0xDF ? 1 : first >= 0xE0 && first <= 0xEF ? 2 : 3;
      if (first < 0xC2 || first > 0xF4 || end - at < more || !isSecond(first, data[at] & 0xFF)) {
        return false;
      }
      for (int k = 1; k < more; k++) {
        if ((data[at + k] & 0xC0) != 0x80) {
          return false;
        }
      }
      at += more;
    }
    return true;
  }

  /** Where neither longer forms, surrogates, nor what lies above U+10FFFF can hide. */
  private static boolean isSecond(int first, int second) {
    int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    return second >= low && second <= high;
  }

  /** Makes it usable in YAML. */
  public static final class Provider extends ColumnRuleProvider {
    public Provider() {
      super("utf8", "A value is UTF-8.", "A column of strings or bytes.", ValidUtf8::new);
    }
  }
}
