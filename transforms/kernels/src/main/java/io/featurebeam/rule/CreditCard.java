package io.featurebeam.rule;

import io.featurebeam.columnar.Slices;
import java.util.Objects;

/**
 * A string is the number of a payment card: 12 to 19 digits, of which the last is the check digit
 * of ISO/IEC 7812-1 (Luhn); single spaces or hyphens may stand between digits. Null passes; the
 * empty string fails. Whether a bank gave out the number is not asked.
 */
record CreditCard(String column) implements TextRule {

  private static final int SHORTEST = 12;
  private static final int LONGEST = 19;

  CreditCard {
    Objects.requireNonNull(column, "column is null");
  }

  @Override
  public String id() {
    return "credit_card(" + column + ")";
  }

  @Override
  public String requirement() {
    return "must be the number of a payment card";
  }

  @Override
  public Test test() {
    return CreditCard::isCard;
  }

  private static boolean isCard(Slices values, int i) {
    byte[] text = values.data();
    int digits = 0;
    int sum = 0;
    boolean separable = false; // whether the byte before, seen from the end, is a digit
    for (int at = values.end(i) - 1; at >= values.start(i); at--) {
      int digit = text[at] - '0';
      if (digit >= 0 && digit <= 9) {
        digits++;
        int counted = digits % 2 == 0 ? 2 * digit : digit; // every second one counts twice
        sum += counted > 9 ? counted - 9 : counted;
        separable = true;
      } else if (separable && (text[at] == ' ' || text[at] == '-')) {
        separable = false;
      } else {
        return false;
      }
    }
    return separable && digits >= SHORTEST && digits <= LONGEST && sum % 10 == 0;
  }

  /** Makes it usable in YAML. */
  public static final class Provider extends ColumnRuleProvider {
    public Provider() {
      super(
          "credit_card",
          "A string is the number of a payment card: 12 to 19 digits, the last its check digit"
              + " (Luhn).",
          "A string column.",
          CreditCard::new);
    }
  }
}
