package io.featurebeam.rule;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Objects;

/**
 * A number is positive, not negative, negative or not positive. Null passes; NaN has no sign and
 * fails; -0.0 is 0, and an infinity has its sign.
 */
record Sign(String column, Wanted wanted) implements Rule {

  enum Wanted {
    POSITIVE("positive", "above 0"),
    NON_NEGATIVE("non_negative", "0 or above"),
    NEGATIVE("negative", "below 0"),
    NON_POSITIVE("non_positive", "0 or below");

    private final String rule;
    private final String words;

    Wanted(String rule, String words) {
      this.rule = rule;
      this.words = words;
    }
  }

  Sign {
    Objects.requireNonNull(column, "column is null");
    Objects.requireNonNull(wanted, "wanted is null");
  }

  @Override
  public String id() {
    return wanted.rule + "(" + column + ")";
  }

  @Override
  public List<String> columns() {
    return List.of(column);
  }

  @Override
  public Checker bind(RecordSchema schema) {
    FieldType type = schema.field(column).type();
    if (!type.isNumeric()) {
      throw Literals.cannotJudge(id(), column, type, "must be a number");
    }
    long flip = wanted == Wanted.NEGATIVE || wanted == Wanted.NON_POSITIVE ? -1 : 1;
    boolean zero = wanted == Wanted.NON_NEGATIVE || wanted == Wanted.NON_POSITIVE;
    return new ColumnChecker(schema, column, "must be " + wanted.words) {
      @Override
      protected void test(Column values, long[] passes) {
        if (values instanceof DoubleColumn doubles) {
          double[] numbers = doubles.values();
          for (int i = 0; i < values.size(); i++) {
            double number = numbers[i] * flip;
            passes[i >> 6] |= (number > 0 || (zero && number == 0) ? 1L : 0L) << i;
          }
        } else {
          long[] numbers = ((LongColumn) values).values();
          for (int i = 0; i < values.size(); i++) {
            long sign = Long.signum(numbers[i]) * flip;
            passes[i >> 6] |= (sign > 0 || (zero && sign == 0) ? 1L : 0L) << i;
          }
        }
      }
    };
  }

  private abstract static class OneProvider extends ColumnRuleProvider {
    OneProvider(Wanted wanted) {
      super(
          wanted.rule,
          "A number is " + wanted.words + ".",
          "A column of numbers.",
          column -> new Sign(column, wanted));
    }
  }

  /** Makes it usable in YAML: above 0. */
  public static final class PositiveProvider extends OneProvider {
    public PositiveProvider() {
      super(Wanted.POSITIVE);
    }
  }

  /** Makes it usable in YAML: 0 or above. */
  public static final class NonNegativeProvider extends OneProvider {
    public NonNegativeProvider() {
      super(Wanted.NON_NEGATIVE);
    }
  }

  /** Makes it usable in YAML: below 0. */
  public static final class NegativeProvider extends OneProvider {
    public NegativeProvider() {
      super(Wanted.NEGATIVE);
    }
  }

  /** Makes it usable in YAML: 0 or below. */
  public static final class NonPositiveProvider extends OneProvider {
    public NonPositiveProvider() {
      super(Wanted.NON_POSITIVE);
    }
  }
}
