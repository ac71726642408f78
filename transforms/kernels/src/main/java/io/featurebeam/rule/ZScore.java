package io.featurebeam.rule;

import static io.featurebeam.settings.Parameter.optional;
import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.Objects;

/**
 * The z-score of a number, {@code (x - mean) / stddev} with a mean and a standard deviation that
 * are given, stays below a threshold: to both sides, or only above the mean. Null passes; NaN
 * fails, an infinity too, but the negative one passes where only one side counts.
 *
 * @param oneSided whether only numbers above the mean may fail
 */
record ZScore(String column, double mean, double stddev, double threshold, boolean oneSided)
    implements Rule {

  ZScore {
    Objects.requireNonNull(column, "column is null");
    if (!Double.isFinite(mean)) {
      throw new IllegalArgumentException("Invalid mean: " + mean + " (must be finite)");
    }
    checkPositive("stddev", stddev);
    checkPositive("threshold", threshold);
  }

  private static void checkPositive(String what, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Invalid " + what + ": " + Literals.text(value) + " (must be a number > 0)");
    }
  }

  private String text(double value) {
    return Literals.text(value);
  }

  @Override
  public String id() {
    return "z_score("
        + String.join(", ", column, text(mean), text(stddev), text(threshold))
        + (oneSided ? ", one-sided)" : ")");
  }

  @Override
  public List<String> columns() {
    return List.of(column);
  }

  private String requirement() {
    return "must be less than "
        + text(threshold)
        + " standard deviations of "
        + text(stddev)
        + (oneSided ? " above " : " from ")
        + text(mean);
  }

  private boolean isNear(double value) {
    double score = (value - mean) / stddev;
    return (oneSided ? score : Math.abs(score)) < threshold;
  }

  @Override
  public Checker bind(RecordSchema schema) {
    FieldType type = schema.field(column).type();
    if (!type.isNumeric()) {
      throw Literals.cannotJudge(id(), column, type, "must be a number");
    }
    return new ColumnChecker(schema, column, requirement()) {
      @Override
      protected void test(Column values, long[] passes) {
        if (values instanceof DoubleColumn doubles) {
          double[] numbers = doubles.values();
          for (int i = 0; i < values.size(); i++) {
            passes[i >> 6] |= (isNear(numbers[i]) ? 1L : 0L) << i;
          }
        } else {
          long[] numbers = ((LongColumn) values).values();
          for (int i = 0; i < values.size(); i++) {
            passes[i >> 6] |= (isNear((double) numbers[i]) ? 1L : 0L) << i;
          }
        }
      }
    };
  }

  /** Makes it usable in YAML. */
  public static final class Provider implements RuleProvider {
    @Override
    public String name() {
      return "z_score";
    }

    @Override
    public String description() {
      return "A number is less than so many standard deviations from a mean, both given.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          required("column", Parameter.Kind.COLUMN, "A column of numbers."),
          required("mean", Parameter.Kind.NUMBER, "The mean."),
          required("stddev", Parameter.Kind.NUMBER, "The standard deviation, above 0."),
          optional("threshold", Parameter.Kind.NUMBER, "How many standard deviations; 3."),
          optional(
              "oneSided",
              Parameter.Kind.BOOLEAN,
              "Whether only numbers above the mean may fail; false."));
    }

    @Override
    public Rule create(Settings settings) {
      return new ZScore(
          settings.string("column"),
          settings.number("mean"),
          settings.number("stddev"),
          settings.number("threshold", 3),
          settings.flag("oneSided", false));
    }
  }
}
