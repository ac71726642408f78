package io.featurebeam.rule;

import io.featurebeam.columnar.Slices;
import java.util.Objects;

/**
 * A string has a character that is no white space. Null passes (ask {@code not_null} beside it);
 * the empty string fails. White space is what Unicode calls so, the no-break space included.
 */
record NotBlank(String column) implements TextRule {

  NotBlank {
    Objects.requireNonNull(column, "column is null");
  }

  @Override
  public String id() {
    return "not_blank(" + column + ")";
  }

  @Override
  public String requirement() {
    return "must not be blank";
  }

  @Override
  public Test test() {
    return NotBlank::isVisible;
  }

  private static boolean isVisible(Slices values, int i) {
    for (int at = values.start(i); at < values.end(i); at++) {
      byte b = values.data()[at];
      if (b < 0) {
        return !values.string(i).codePoints().allMatch(NotBlank::isSpace);
      }
      if (!isSpace(b)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
  }

  /** Makes it usable in YAML. */
  public static final class Provider extends ColumnRuleProvider {
    public Provider() {
      super(
          "not_blank",
          "A string has a character that is no white space.",
          "A string column.",
          NotBlank::new);
    }
  }
}
