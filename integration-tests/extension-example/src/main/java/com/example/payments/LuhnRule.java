package com.example.payments;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import io.featurebeam.rule.Checker;
import io.featurebeam.rule.Rule;
import io.featurebeam.rule.RuleProvider;
import io.featurebeam.rule.TextChecker;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;

/**
 * A card number ends in its check digit (ISO/IEC 7812-1). Null passes, as in every rule but not
 * null; text that is empty or has anything but digits fails.
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
    return new TextChecker(schema, column, "must end in its check digit") {
      @Override
      protected void test(Slices cards, long[] passes) {
        for (int i = 0; i < cards.size(); i++) {
          if (isValid(cards.data(), cards.start(i), cards.end(i))) {
            passes[i >> 6] |= 1L << i;
          }
        }
      }
    };
  }

  /** From the last digit backwards every second one counts twice. */
  private static boolean isValid(byte[] text, int start, int end) {
    int sum = 0;
    for (int i = end - 1; i >= start; i--) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      int counted = (end - i) % 2 == 0 ? 2 * digit : digit;
      sum += counted > 9 ? counted - 9 : counted;
    }
    return end > start && sum % 10 == 0;
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
