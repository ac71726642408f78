package io.featurebeam.rule;

import java.util.Objects;
import org.apache.commons.validator.routines.IBANValidator;

/**
 * A string is an International Bank Account Number (ISO 13616): a country's length and form, and
 * the check digits, as Commons Validator judges. Groups of four with single spaces pass too. Null
 * passes; the empty string and lower case fail. Whether there is such an account is not asked.
 */
record Iban(String column) implements TextRule {

  private static final int LONGEST = 34 + 8;

  Iban {
    Objects.requireNonNull(column, "column is null");
  }

  @Override
  public String id() {
    return "iban(" + column + ")";
  }

  @Override
  public String requirement() {
    return "must be an IBAN";
  }

  @Override
  public Test test() {
    IBANValidator validator = IBANValidator.getInstance();
    return (values, i) -> {
      String text = values.length(i) <= LONGEST ? values.string(i) : "";
      return validator.isValid(text.indexOf(' ') < 0 ? text : ungrouped(text));
    };
  }

  /** Without the spaces after each four characters; empty if one stands elsewhere. */
  private static String ungrouped(String text) {
    StringBuilder joined = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (i % 5 == 4 && i < text.length() - 1) {
        if (text.charAt(i) != ' ') {
          return "";
        }
      } else {
        joined.append(text.charAt(i)); // a space elsewhere is refused as any other character
      }
    }
    return joined.toString();
  }

  /** Makes it usable in YAML. */
  public static final class Provider extends ColumnRuleProvider {
    public Provider() {
      super(
          "iban",
          "A string is an International Bank Account Number with right check digits.",
          "A string column.",
          Iban::new);
    }
  }
}
