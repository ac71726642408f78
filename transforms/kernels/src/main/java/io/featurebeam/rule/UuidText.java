package io.featurebeam.rule;

import io.featurebeam.columnar.Slices;
import java.util.Objects;

/**
 * A string is a UUID (RFC 9562) of any version, 32 hexadecimal digits of either case in groups of
 * 8-4-4-4-12. Null passes; the empty string fails, as do braces and a {@code urn:} before it.
 */
record UuidText(String column) implements TextRule {

  private static final int LENGTH = 36;

  UuidText {
    Objects.requireNonNull(column, "column is null");
  }

  @Override
  public String id() {
    return "uuid(" + column + ")";
  }

  @Override
  public String requirement() {
    return "must be a UUID";
  }

  @Override
  public Test test() {
    return UuidText::isUuid;
  }

  private static boolean isUuid(Slices values, int i) {
    if (values.length(i) != LENGTH) {
      return false;
    }
    for (int at = 0; at < LENGTH; at++) {
      byte b = values.data()[values.start(i) + at];
      boolean hyphen = at == 8 || at == 13 || at == 18 || at == 23;
      if (hyphen ? b != '-' : !isHex(b)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHex(byte b) {
    return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'f') || (b >= 'A' && b <= 'F');
  }

  /** Makes it usable in YAML. */
  public static final class Provider extends ColumnRuleProvider {
    public Provider() {
      super("uuid", "A string is a UUID.", "A string column.", UuidText::new);
    }
  }
}
