package io.featurebeam.profile;

import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Sum and sum of squares of finite doubles, each with the rounding errors it made (error-free
 * transformations: Knuth's two-sum, a fused multiply-add for the square), some 106 bits in all, so
 * that order and partition do not show in mean and standard deviation.
 */
final class Moments {

  private long count;
  private double sum;
  private double sumError;
  private double squares;
  private double squaresError;

  void add(double[] values, int size) {
    double s = sum;
    double e = sumError;
    double q = squares;
    double f = squaresError;
    for (int i = 0; i < size; i++) {
      double x = values[i];
      double t = s + x;
      double b = t - s;
      e += (s - (t - b)) + (x - b);
      s = t;
      double p = x * x;
      t = q + p;
      b = t - q;
      f += ((q - (t - b)) + (p - b)) + Math.fma(x, x, -p);
      q = t;
    }
    count += size;
    sum = s + e;
    sumError = e - (sum - s);
    squares = q + f;
    squaresError = f - (squares - q);
  }

  void merge(Moments other) {
    count += other.count;
    double t = sum + other.sum;
    double b = t - sum;
    double e = sumError + other.sumError + ((sum - (t - b)) + (other.sum - b));
    sum = t + e;
    sumError = e - (sum - t);
    t = squares + other.squares;
    b = t - squares;
    e = squaresError + other.squaresError + ((squares - (t - b)) + (other.squares - b));
    squares = t + e;
    squaresError = e - (squares - t);
  }

  long count() {
    return count;
  }

  /** NaN of no value, or if the sum overflows. */
  double mean() {
    return count == 0 || !isExact(sum, sumError)
        ? Double.NaN
        : exact(sum, sumError)
            .divide(BigDecimal.valueOf(count), MathContext.DECIMAL128)
            .doubleValue();
  }

  /** Of a sample (divided by n - 1); 0 of one value, NaN of none or if a square overflows. */
  double stddev() {
    if (count == 0 || !isExact(sum, sumError) || !isExact(squares, squaresError)) {
      return Double.NaN;
    }
    if (count == 1) {
      return 0;
    }
    BigDecimal n = BigDecimal.valueOf(count);
    BigDecimal s = exact(sum, sumError);
    BigDecimal spread = exact(squares, squaresError).multiply(n).subtract(s.multiply(s));
    double variance =
        spread.divide(n.multiply(n.subtract(BigDecimal.ONE)), MathContext.DECIMAL128).doubleValue();
    return Math.sqrt(Math.max(0, variance)); // rounding may leave a constant column below zero
  }

  private static boolean isExact(double value, double error) {
    return Double.isFinite(value) && Double.isFinite(error);
  }

  private static BigDecimal exact(double value, double error) {
    return new BigDecimal(value).add(new BigDecimal(error));
  }

  void save(DataOutput out) throws IOException {
    out.writeLong(count);
    out.writeDouble(sum);
    out.writeDouble(sumError);
    out.writeDouble(squares);
    out.writeDouble(squaresError);
  }

  static Moments load(ProfileReader in) {
    Moments moments = new Moments();
    moments.count = in.count("values");
    moments.sum = in.readDouble();
    moments.sumError = in.readDouble();
    moments.squares = in.readDouble();
    moments.squaresError = in.readDouble();
    return moments;
  }
}
