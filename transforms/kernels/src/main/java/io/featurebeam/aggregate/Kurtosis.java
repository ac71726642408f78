package io.featurebeam.aggregate;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.math.BigDecimal;
import java.util.List;

/**
 * The excess kurtosis of a column: how heavy its tails are, 0 for a normal distribution. Of a
 * sample (the default in YAML): {@code (n - 1) / ((n - 2) (n - 3)) * ((n + 1) g + 6)} with {@code g
 * = m4 / m2^2 - 3} of the central moments, as {@code kurtosis} in DuckDB and pandas' kurt; null for
 * fewer than four values. Of a population: g, as {@code kurtosis_pop} and SciPy's kurtosis; null
 * for none. Nulls are left out; null if all values are equal; NaN or an infinity makes it NaN.
 *
 * <p>From exact sums of powers, so the order of events does not matter and nothing cancels.
 * Magnitudes below 1e-64 count as 0, a value beyond 1e77 makes it NaN; an int64 is taken as the
 * nearest double.
 *
 * @param column an int64 or float64 column
 * @param population whether not to adjust for a sample
 */
public record Kurtosis(String column, boolean population) implements Aggregate {

  private static final BigDecimal THREE = BigDecimal.valueOf(3);
  private static final BigDecimal FOUR = BigDecimal.valueOf(4);
  private static final BigDecimal SIX = BigDecimal.valueOf(6);

  @Override
  public List<Part> parts() {
    return List.of(
        new Powers(column, 1),
        new Powers(column, 2),
        new Powers(column, 3),
        new Powers(column, 4),
        new Count(column));
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    ColumnTypes.numeric("kurtosis", schema, column);
    return FieldType.FLOAT64;
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    long count = Count.Of.at(parts[4], slot);
    if (count < (population ? 1 : 4)) {
      out.appendNull();
    } else if (!Powers.areFinite(parts, 4, slot)) {
      out.appendDouble(Double.NaN);
    } else {
      appendFinite(parts, slot, count, out);
    }
  }

  private void appendFinite(States[] parts, int slot, long count, ColumnBuilder out) {
    BigDecimal n = BigDecimal.valueOf(count);
    BigDecimal s1 = Powers.exact(parts[0], slot);
    BigDecimal s2 = Powers.exact(parts[1], slot);
    BigDecimal s3 = Powers.exact(parts[2], slot);
    BigDecimal s4 = Powers.exact(parts[3], slot);
    BigDecimal second = Powers.second(n, s1, s2);
    if (second.signum() == 0) {
      out.appendNull();
      return;
    }
    BigDecimal square = s1.multiply(s1);
    BigDecimal fourth =
        n.multiply(
                n.multiply(n.multiply(s4).subtract(s1.multiply(s3).multiply(FOUR)))
                    .add(square.multiply(s2).multiply(SIX)))
            .subtract(square.multiply(square).multiply(THREE));
    BigDecimal squared = second.multiply(second);
    BigDecimal excess = fourth.subtract(squared.multiply(THREE)); // times n^4 m2^2, as the rest
    if (population) {
      out.appendDouble(Powers.quotient(excess, squared).doubleValue());
      return;
    }
    BigDecimal adjusted = // here, where nothing is rounded yet, the terms may cancel
        n.add(BigDecimal.ONE).multiply(excess).add(squared.multiply(SIX));
    double m = count;
    out.appendDouble(
        Powers.quotient(adjusted, squared).doubleValue() * ((m - 1) / ((m - 2) * (m - 3))));
  }

  /** {@code kurtosis: column}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "kurtosis";
    }

    @Override
    public String description() {
      return "The excess kurtosis of a column, by default of a sample; null for fewer than four values.";
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
      return new Kurtosis(settings.string("column"), settings.flag("population", false));
    }
  }
}
