package io.featurebeam.profile;

import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Sums of the first four powers of finite doubles, each with the rounding errors it made ({@link
 * DoubleDoubleSum}), so that order and partition do not show in mean, standard deviation, skewness
 * and kurtosis.
 */
final class Moments {

  private static final BigDecimal TWO = BigDecimal.valueOf(2);
  private static final BigDecimal THREE = BigDecimal.valueOf(3);
  private static final BigDecimal FOUR = BigDecimal.valueOf(4);
  private static final BigDecimal SIX = BigDecimal.valueOf(6);

  private static final double ACCURACY = 1e-6;

  /** The share of a sum that may be lost, generously: 106 bits are kept. */
  private static final double LOST = 0x1p-96;

  private long count;
  private final DoubleDoubleSum sum = new DoubleDoubleSum();
  private final DoubleDoubleSum squares = new DoubleDoubleSum();
  private final DoubleDoubleSum cubes = new DoubleDoubleSum();
  private final DoubleDoubleSum fourths = new DoubleDoubleSum();

  void add(double[] values, int size) {
    sum.add(values, size);
    squares.addProducts(values, values, size);
    addHigherPowers(values, size);
    count += size;
  }

  private void addHigherPowers(double[] values, int size) {
    for (int i = 0; i < size; i++) {
      double x = values[i];
      double square = x * x;
      double rest = Math.fma(x, x, -square); // the square is the sum of both
      double cube = square * x;
      cubes.add(cube, Math.fma(square, x, -cube) + rest * x);
      double fourth = square * square;
      fourths.add(fourth, Math.fma(square, square, -fourth) + 2 * square * rest);
    }
  }

  void merge(Moments other) {
    count += other.count;
    sum.merge(other.sum);
    squares.merge(other.squares);
    cubes.merge(other.cubes);
    fourths.merge(other.fourths);
  }

  long count() {
    return count;
  }

  /** NaN of no value, or if the sum overflows. */
  double mean() {
    return count == 0 || !sum.isFinite()
        ? Double.NaN
        : sum.exact().divide(BigDecimal.valueOf(count), MathContext.DECIMAL128).doubleValue();
  }

  /** Of a sample (divided by n - 1); 0 of one value, NaN of none or if a square overflows. */
  double stddev() {
    if (count == 0 || !sum.isFinite() || !squares.isFinite()) {
      return Double.NaN;
    }
    if (count == 1) {
      return 0;
    }
    BigDecimal n = BigDecimal.valueOf(count);
    double variance =
        second(n)
            .divide(n.multiply(n.subtract(BigDecimal.ONE)), MathContext.DECIMAL128)
            .doubleValue();
    return Math.sqrt(Math.max(0, variance)); // rounding may leave a constant column below zero
  }

  /**
   * Of a sample, as {@code skewness} of aggregates and of DuckDB; NaN of fewer than three values,
   * of equal ones, if a fourth power overflows, or if values are so close together for their size
   * that it cannot be told to {@value #ACCURACY}.
   */
  double skewness() {
    if (count < 3 || !hasShape()) {
      return Double.NaN;
    }
    BigDecimal n = BigDecimal.valueOf(count);
    BigDecimal s1 = sum.exact();
    BigDecimal third =
        n.multiply(n.multiply(cubes.exact()).subtract(s1.multiply(squares.exact()).multiply(THREE)))
            .add(s1.pow(3).multiply(TWO)); // n^3 times the central moment
    double m = count;
    double second = second(n).doubleValue();
    return rounded(
        third.doubleValue() / (second * Math.sqrt(second)) * Math.sqrt(m * (m - 1)) / (m - 2));
  }

  /**
   * The excess of a sample, as {@code kurtosis} of aggregates and of DuckDB; NaN of fewer than four
   * values, and where {@link #skewness} is.
   */
  double kurtosis() {
    if (count < 4 || !hasShape()) {
      return Double.NaN;
    }
    BigDecimal n = BigDecimal.valueOf(count);
    BigDecimal s1 = sum.exact();
    BigDecimal square = s1.multiply(s1);
    BigDecimal fourth =
        n.multiply(
                n.multiply(
                        n.multiply(fourths.exact())
                            .subtract(s1.multiply(cubes.exact()).multiply(FOUR)))
                    .add(square.multiply(squares.exact()).multiply(SIX)))
            .subtract(square.multiply(square).multiply(THREE)); // n^4 times the central moment
    BigDecimal squared = second(n).pow(2);
    double excess =
        fourth
            .subtract(squared.multiply(THREE))
            .divide(squared, MathContext.DECIMAL128)
            .doubleValue();
    double m = count;
    return rounded((m - 1) / ((m - 2) * (m - 3)) * ((m + 1) * excess + 6));
  }

  /** To twelve decimals, so that a shape that is none does not show in which order values came. */
  private static double rounded(double shape) {
    return Math.abs(shape) < 1e3 ? Math.rint(shape * 1e12) / 1e12 + 0.0 : shape;
  }

  /** Whether what the sums of powers have lost is small beside the spread. */
  private boolean hasShape() {
    if (!fourths.isFinite() || !cubes.isFinite() || !squares.isFinite()) {
      return false;
    }
    double n = count;
    double second = second(BigDecimal.valueOf(count)).doubleValue();
    double lost = n * n * n * fourths.exact().doubleValue() * LOST;
    return second > 0 && lost <= ACCURACY * second * second;
  }

  /** n^2 times the second central moment. */
  private BigDecimal second(BigDecimal n) {
    BigDecimal s1 = sum.exact();
    return squares.exact().multiply(n).subtract(s1.multiply(s1));
  }

  void save(DataOutput out) throws IOException {
    out.writeLong(count);
    sum.save(out);
    squares.save(out);
    cubes.save(out);
    fourths.save(out);
  }

  static Moments load(ProfileReader in) {
    Moments moments = new Moments();
    moments.count = in.count("values");
    moments.sum.load(in);
    moments.squares.load(in);
    moments.cubes.load(in);
    moments.fourths.load(in);
    return moments;
  }
}
