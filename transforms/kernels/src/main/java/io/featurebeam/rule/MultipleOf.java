package io.featurebeam.rule;

import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;

/**
 * A number is a multiple of another, as people read both in decimal: 0.3 is one of 0.1. Null
 * passes; NaN and the infinities fail; 0 is a multiple of every number.
 */
record MultipleOf(String column, double divisor) implements Rule {

  private static final double EXACT = 0x1p53;

  MultipleOf {
    Objects.requireNonNull(column, "column is null");
    if (!(divisor > 0 && divisor < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Invalid divisor: " + Literals.text(divisor) + " (must be a number > 0)");
    }
  }

  @Override
  public String id() {
    return "multiple_of(" + column + ", " + Literals.text(divisor) + ")";
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
    boolean whole = divisor == Math.rint(divisor) && divisor < EXACT;
    long wholeDivisor = (long) divisor;
    BigDecimal decimal = BigDecimal.valueOf(divisor);
    String requirement = "must be a multiple of " + Literals.text(divisor);
    return new ColumnChecker(schema, column, requirement) {
      @Override
      protected void test(Column values, long[] passes) {
        for (int i = 0; i < values.size(); i++) {
          boolean multiple =
              values instanceof DoubleColumn doubles
                  ? isMultiple(doubles.get(i))
                  : isMultiple(((LongColumn) values).get(i));
          passes[i >> 6] |= (multiple ? 1L : 0L) << i;
        }
      }

      private boolean isMultiple(long number) {
        return whole
            ? number % wholeDivisor == 0
            : BigDecimal.valueOf(number).remainder(decimal).signum() == 0;
      }

      private boolean isMultiple(double number) {
        if (whole && Math.abs(number) < EXACT) {
          return number == Math.rint(number) && (long) number % wholeDivisor == 0;
        }
        return Double.isFinite(number)
            && BigDecimal.valueOf(number).remainder(decimal).signum() == 0;
      }
    };
  }

  /** Makes it usable in YAML. */
  public static final class Provider implements RuleProvider {
    @Override
    public String name() {
      return "multiple_of";
    }

    @Override
    public String description() {
      return "A number is a multiple of another.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          required("column", Parameter.Kind.COLUMN, "A column of numbers."),
          required("divisor", Parameter.Kind.NUMBER, "Above 0; 0.01 for cents."));
    }

    @Override
    public Rule create(Settings settings) {
      return new MultipleOf(settings.string("column"), settings.number("divisor"));
    }
  }
}
