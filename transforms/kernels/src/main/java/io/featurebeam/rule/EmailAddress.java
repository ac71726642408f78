package io.featurebeam.rule;

import java.util.Objects;
import org.apache.commons.validator.routines.EmailValidator;

/**
 * A string is an e-mail address by its form, as Commons Validator judges: a local part, and a
 * domain below a known top-level one. Null passes; the empty string fails. Whether there is such a
 * mailbox is not asked. More than 320 characters fail.
 */
record EmailAddress(String column) implements TextRule {

  private static final int LONGEST = 320;

  EmailAddress {
    Objects.requireNonNull(column, "column is null");
  }

  @Override
  public String id() {
    return "email(" + column + ")";
  }

  @Override
  public String requirement() {
    return "must be an e-mail address";
  }

  @Override
  public Test test() {
    EmailValidator validator = EmailValidator.getInstance();
    return (values, i) -> values.length(i) <= LONGEST && validator.isValid(values.string(i));
  }

  /** Makes it usable in YAML. */
  public static final class Provider extends ColumnRuleProvider {
    public Provider() {
      super(
          "email",
          "A string is an e-mail address by its form.",
          "A string column.",
          EmailAddress::new);
    }
  }
}
