package io.featurebeam.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.featurebeam.columnar.Bitmap;
import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/**
 * Count, sum and sum of squares of finite values; null, NaN and infinities are passed over.
 *
 * <p>Each sum is kept with the rounding errors it made (error-free transformation: Knuth's two-sum,
 * and a fused multiply-add for the square), some 106 bits in all, so order and partition do not
 * show in the mean. The variance is n*S2 - S1^2 in exact decimal arithmetic, hence good while
 * mean^2 / variance is below 10^15 or so.
 */
final class Moments {

  private long count;
  private double sum;
  private double sumError;
  private double squares;
  private double squaresError;

  void accumulate(double[] values, @Nullable Bitmap validity, int size) {
    double s = sum;
    double e = sumError;
    double q = squares;
    double f = squaresError;
    long n = count;
    for (int i = 0; i < size; i++) {
      double x = values[i];
      if (!(Math.abs(x) <= Double.MAX_VALUE) || (validity != null && !validity.get(i))) {
        continue;
      }
      double t = s + x;
      double b = t - s;
      e += (s - (t - b)) + (x - b);
      s = t;
      double p = x * x;
      t = q + p;
      b = t - q;
      f += ((q - (t - b)) + (p - b)) + Math.fma(x, x, -p);
      q = t;
      n++;
    }
    count = n;
    sum = s + e;
    sumError = e - (sum - s);
    squares = q + f;
    squaresError = f - (squares - q);
  }

  long count() {
    return count;
  }

  double mean() {
    return exact(sum, sumError)
        .divide(BigDecimal.valueOf(count), MathContext.DECIMAL128)
        .doubleValue();
  }

  /**
   * The mean square distance from the mean, over {@code count} (population) or {@code count - 1}
   * (sample). Of a single value it is 0 either way.
   */
  double variance(boolean sample) {
    if (count < 2) {
      return 0;
    }
    BigDecimal n = BigDecimal.valueOf(count);
    BigDecimal s = exact(sum, sumError);
    BigDecimal spread = exact(squares, squaresError).multiply(n).subtract(s.multiply(s));
    BigDecimal degrees = sample ? n.subtract(BigDecimal.ONE) : n;
    // Rounding may leave a constant column just below zero.
    return Math.max(0, spread.divide(n.multiply(degrees), MathContext.DECIMAL128).doubleValue());
  }

  private static BigDecimal exact(double value, double error) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "The values are too large to sum (their squares must be below 1.8e308)");
    }
    return new BigDecimal(value).add(new BigDecimal(error));
  }

  void load(JsonNode state) {
    count += Json.count(state, "count");
    addToSum(Json.number(state.path("sum"), 0), Json.number(state.path("sum"), 1));
    addToSquares(Json.number(state.path("squares"), 0), Json.number(state.path("squares"), 1));
  }

  private void addToSum(double value, double error) {
    double t = sum + value;
    double b = t - sum;
    double e = sumError + error + ((sum - (t - b)) + (value - b));
    sum = t + e;
    sumError = e - (sum - t);
  }

  private void addToSquares(double value, double error) {
    double t = squares + value;
    double b = t - squares;
    double e = squaresError + error + ((squares - (t - b)) + (value - b));
    squares = t + e;
    squaresError = e - (squares - t);
  }

  /** Count, and each sum as value and error; mean and variance stand there for people. */
  ObjectNode state() {
    ObjectNode state = JsonNodeFactory.instance.objectNode();
    state.put("count", count);
    if (count > 0 && Double.isFinite(squares)) {
      state.put("mean", mean());
      state.put("variance", variance(false));
    }
    state.putArray("sum").add(sum).add(sumError);
    state.putArray("squares").add(squares).add(squaresError);
    return state;
  }

  static Moments of(JsonNode state) {
    Moments moments = new Moments();
    moments.load(state);
    return moments;
  }
}
