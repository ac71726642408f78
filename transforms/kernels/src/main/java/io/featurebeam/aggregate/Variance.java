package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/**
 * The variance of a column or its square root, the standard deviation: of a sample (divided by n -
 * 1, the default in YAML; null for fewer than two values) or of a population (divided by n; null
 * for none). Nulls are left out. NaN or an infinity makes it NaN.
 *
 * <p>Computed from exact sums of x and x squared, so the order of events does not matter and
 * nothing cancels: where sum of squares and square of sum agree in their first 18 digits, the
 * difference is taken in exact decimals. A square must fit into a double: values beyond 1e154 in
 * magnitude make it NaN, those below 1e-145 count as 0.
 *
 * @param column an int64 or float64 column
 * @param population whether to divide by n
 * @param root whether to take the square root
 */
public record Variance(String column, boolean population, boolean root) implements Aggregate {

  @Override
  public List<Part> parts() {
    return List.of(new Sum(column), new Squares(column), new Count(column));
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    ColumnTypes.numeric(root ? "stddev" : "variance", schema, column);
    return FieldType.FLOAT64;
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    long count = Count.Of.at(parts[2], slot);
    if (count < (population ? 1 : 2)) {
      out.appendNull();
      return;
    }
    long divisor = population ? count : count - 1;
    double variance = variance(parts[0], ((SquareSums) parts[1]).sums, slot, count, divisor);
    out.appendDouble(root ? Math.sqrt(variance) : variance);
  }

  private static double variance(
      States sum, ExactSums squares, int slot, long count, long divisor) {
    if (!squares.isFinite(slot)
        || (sum instanceof Sum.OfDoubles doubles && !doubles.sums.isFinite(slot))) {
      return Double.NaN;
    }
    if (count == 1) {
      return 0;
    }
    double s2 = squares.value(slot);
    double deviations = deviations(sum, squares, s2, slot, count);
    return deviations > s2 * 1e-18 && deviations < Double.POSITIVE_INFINITY
        ? deviations / divisor
        : exactVariance(sum, squares, slot, count, divisor);
  }

  /**
   * The sum of squared deviations from the mean: S2 - S1 * S1 / n, in twice the precision of a
   * double; not a number, or not finite, where a part of it overflows.
   */
  private static double deviations(States sum, ExactSums squares, double s2, int slot, long count) {
    double s1 =
        sum instanceof Sum.OfDoubles doubles
            ? doubles.sums.value(slot)
            : ((LongSums) sum).asDouble(slot);
    if (Double.isInfinite(s1) || Double.isInfinite(s2)) {
      return Double.NaN;
    }
    double s1Rest =
        sum instanceof Sum.OfDoubles doubles
            ? doubles.sums.remainder(slot, s1)
            : ((LongSums) sum).remainder(slot, s1);
    double s2Rest = squares.remainder(slot, s2);
    double square = s1 * s1;
    double squareRest = Math.fma(s1, s1, -square) + 2 * s1 * s1Rest;
    double quotient = square / count;
    double quotientRest = (Math.fma(-quotient, (double) count, square) + squareRest) / count;
    double difference = s2 - quotient;
    double part = difference - s2;
    double differenceRest = (s2 - (difference - part)) - (quotient + part);
    return difference + (differenceRest + (s2Rest - quotientRest));
  }

  private static double exactVariance(
      States sum, ExactSums squares, int slot, long count, long divisor) {
    BigDecimal exactSum =
        sum instanceof Sum.OfDoubles doubles
            ? doubles.sums.exact(slot)
            : new BigDecimal(((LongSums) sum).exact(slot));
    BigDecimal n = BigDecimal.valueOf(count);
    BigDecimal scaled = squares.exact(slot).multiply(n).subtract(exactSum.multiply(exactSum));
    return Math.max(
        0,
        scaled
            .divide(n.multiply(BigDecimal.valueOf(divisor)), MathContext.DECIMAL128)
            .doubleValue());
  }

  /** The sum of x squared, without error. */
  private record Squares(String column) implements Part {
    @Override
    public List<String> inputs() {
      return List.of(column);
    }

    @Override
    public boolean canSubtract() {
      return true;
    }

    @Override
    public States newStates(RecordSchema schema) {
      return new SquareSums();
    }
  }

  private static final class SquareSums extends SumStates {
    private static final long EXACT_DOUBLE = 1L << 53;

    private void addSquare(int slot, long x) {
      double rounded = (double) x;
      addProduct(sums, slot, rounded, rounded);
      if (x > EXACT_DOUBLE || x < -EXACT_DOUBLE) {
        double rest = BigDecimal.valueOf(x).subtract(new BigDecimal(rounded)).doubleValue();
        addProduct(sums, slot, 2 * rounded, rest);
        addProduct(sums, slot, rest, rest);
      }
    }

    @Override
    public States newStates() {
      return new SquareSums();
    }

    @Override
    public void accumulate(Inputs in, int[] slots) {
      Column column = in.columns().get(0);
      Bitmap validity = column.validity();
      if (column instanceof DoubleColumn doubles) {
        double[] values = doubles.values();
        for (int i = 0; i < in.size(); i++) {
          if (slots[i] >= 0 && (validity == null || validity.get(i))) {
            addProduct(sums, slots[i], values[i], values[i]);
          }
        }
      } else {
        long[] values = ((LongColumn) column).values();
        for (int i = 0; i < in.size(); i++) {
          if (slots[i] >= 0 && (validity == null || validity.get(i))) {
            addSquare(slots[i], values[i]);
          }
        }
      }
    }
  }

  private abstract static class Provider implements AggregateProvider {
    private final boolean root;

    Provider(boolean root) {
      this.root = root;
    }

    @Override
    public String name() {
      return root ? "stddev" : "variance";
    }

    @Override
    public String description() {
      return "The "
          + (root ? "standard deviation" : "variance")
          + " of a column, by default of a sample.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "An int64 or float64 column."),
          Parameter.optional(
              "population",
              Parameter.Kind.BOOLEAN,
              "Divide by n (population) instead of n - 1 (sample); false unless given."),
          Parameter.optional(
              "weight",
              Parameter.Kind.COLUMN,
              "An int64 or float64 column that says how often a value counts."));
    }

    @Override
    public Aggregate create(Settings settings) {
      String column = settings.string("column");
      boolean population = settings.flag("population", false);
      if (!settings.has("weight")) {
        return new Variance(column, population, root);
      }
      Weighted.Kind kind = root ? Weighted.Kind.STDDEV : Weighted.Kind.VARIANCE;
      return new Weighted(kind, column, settings.string("weight"), population);
    }
  }

  /** {@code variance: column}. */
  public static final class VarianceProvider extends Provider {
    public VarianceProvider() {
      super(false);
    }
  }

  /** {@code stddev: column}. */
  public static final class StddevProvider extends Provider {
    public StddevProvider() {
      super(true);
    }
  }
}
