package com.example.payments;

import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.rule.Checker;
import io.featurebeam.rule.ColumnChecker;
import io.featurebeam.rule.Rule;
import io.featurebeam.rule.RuleProvider;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;

/**
 * A card number ends in its check digit (ISO/IEC 7812-1). Null passes, as in every rule but not
 * null.
 *
 * @param column a string column
 */
public record LuhnRule(String column) implements Rule {

  @Override
  public String id() {
    return "luhn(" + column + ")";
  }

  @Override
  public List<String> columns() {
    return List.of(column);
  }

  @Override
  public Checker bind(RecordSchema schema) {
    FieldType type = schema.field(column).type();
    if (!type.equals(FieldType.STRING)) {
      throw new IllegalArgumentException(
          id() + " cannot judge column '" + column + "' of " + type + " (must be string)");
    }
    return new LuhnChecker(schema, column);
  }

  private static final class LuhnChecker extends ColumnChecker {
    LuhnChecker(RecordSchema schema, String column) {
      super(schema, column, "must end in its check digit");
    }

    @Override
    protected void test(Column values, long[] passes) {
      BytesColumn cards = (BytesColumn) values;
      for (int row = 0; row < cards.size(); row++) {
        if (!cards.isNull(row) && isValid(cards.bytes(row))) {
          passes[row >> 6] |= 1L << row;
        }
      }
    }
  }

  static boolean isValid(byte[] digits) {
    int sum = 0;
    for (int i = 0; i < digits.length; i++) {
      int digit = digits[digits.length - 1 - i] - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      int doubled = i % 2 == 0 ? digit : 2 * digit;
      sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return digits.length > 0 && sum % 10 == 0;
  }

  /** {@code rule: luhn}. */
  public static final class Provider implements RuleProvider {
    @Override
    public String name() {
      return "luhn";
    }

    @Override
    public String description() {
      return "A card number ends in its check digit.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "The column of card numbers."));
    }

    @Override
    public Rule create(Settings settings) {
      return new LuhnRule(settings.string("column"));
    }
  }
}
