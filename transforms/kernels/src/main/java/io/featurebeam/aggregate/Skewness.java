package io.featurebeam.aggregate;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/**
 * The skewness of a column: how far it leans to large values. Of a sample (the default in YAML):
 * the adjusted Fisher-Pearson coefficient, {@code sqrt(n (n - 1)) / (n - 2) * m3 / m2^1.5} with the
 * central moments m2 and m3, as {@code skewness} in DuckDB and pandas' skew; null for fewer than
 * three values. Of a population: {@code m3 / m2^1.5}, as SciPy's skew; null for none. Nulls are
 * left out; null if all values are equal; NaN or an infinity makes it NaN.
 *
 * <p>From exact sums of powers, so the order of events does not matter and nothing cancels.
 * Magnitudes below 1e-64 count as 0, a value beyond 1e102 makes it NaN; an int64 is taken as the
 * nearest double.
 *
 * @param column an int64 or float64 column
 * @param population whether not to adjust for a sample
 */
public record Skewness(String column, boolean population) implements Aggregate {

  /** Below it a square may have lost digits. */
  private static final double LEAST = 1e-290;

  private static final BigDecimal TWO = BigDecimal.valueOf(2);
  private static final BigDecimal THREE = BigDecimal.valueOf(3);

  @Override
  public List<Part> parts() {
    return List.of(
        new Powers(column, 1), new Powers(column, 2), new Powers(column, 3), new Count(column));
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    ColumnTypes.numeric("skewness", schema, column);
    return FieldType.FLOAT64;
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    long count = Count.Of.at(parts[3], slot);
    if (count < (population ? 1 : 3)) {
      out.appendNull();
    } else if (!Powers.areFinite(parts, 3, slot)) {
      out.appendDouble(Double.NaN);
    } else {
      appendFinite(parts, slot, count, out);
    }
  }

  private void appendFinite(States[] parts, int slot, long count, ColumnBuilder out) {
    BigDecimal n = BigDecimal.valueOf(count);
    BigDecimal s1 = Powers.exact(parts[0], slot);
    BigDecimal s2 = Powers.exact(parts[1], slot);
    BigDecimal second = Powers.second(n, s1, s2);
    if (second.signum() == 0) {
      out.appendNull();
      return;
    }
    BigDecimal third =
        n.multiply(
                n.multiply(Powers.exact(parts[2], slot)).subtract(s1.multiply(s2).multiply(THREE)))
            .add(s1.pow(3).multiply(TWO));
    BigDecimal squared = Powers.quotient(third.multiply(third), second.pow(3));
    double rounded = squared.doubleValue();
    double root =
        rounded > LEAST ? Math.sqrt(rounded) : squared.sqrt(MathContext.DECIMAL64).doubleValue();
    double skewness = third.signum() * root;
    out.appendDouble(
        population ? skewness : skewness * Math.sqrt((double) count * (count - 1)) / (count - 2));
  }

  /** {@code skewness: column}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "skewness";
    }

    @Override
    public String description() {
      return "The skewness of a column, by default of a sample (adjusted Fisher-Pearson); null for fewer than"
          + " three values.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "An int64 or float64 column."),
          Parameter.optional(
              "population",
              Parameter.Kind.BOOLEAN,
              "Take the values as all there are: do not adjust for a sample; false unless given."));
    }

    @Override
    public Aggregate create(Settings settings) {
      return new Skewness(settings.string("column"), settings.flag("population", false));
    }
  }
}
