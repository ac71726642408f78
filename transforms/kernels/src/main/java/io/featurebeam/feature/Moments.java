package io.featurebeam.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.featurebeam.columnar.Bitmap;
import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/**
 * Count, sum and sum of squares of finite values; null, NaN and infinities are passed over. Both
 * sums are exact, so order and partition do not show, nothing cancels in the variance n*S2 - S1^2
 * however far from zero the values lie, and that of a constant column is 0.
 */
final class Moments {

  private long count;
  private final WideSum sum = WideSum.ofDoubles();
  private final WideSum squares = WideSum.ofSquares();

  /** What was loaded from saved states. */
  private BigDecimal loadedSum = BigDecimal.ZERO;

  private BigDecimal loadedSquares = BigDecimal.ZERO;

  void accumulate(double[] values, @Nullable Bitmap validity, int size) {
    sum.reserve(size);
    squares.reserve(size);
    for (int i = 0; i < size; i++) {
      double x = values[i];
      if (Math.abs(x) <= Double.MAX_VALUE && (validity == null || validity.get(i))) {
        sum.add(x);
        squares.addSquare(x);
        count++;
      }
    }
  }

  long count() {
    return count;
  }

  private BigDecimal sum() {
    return loadedSum.add(sum.value());
  }

  private BigDecimal squares() {
    return loadedSquares.add(squares.value());
  }

  /** The nearest double to the mean. */
  double mean() {
    return sum().divide(BigDecimal.valueOf(count), MathContext.DECIMAL128).doubleValue();
  }

  /** What {@code mean} leaves out: the mean as two doubles is right between two doubles, too. */
  double meanRest(double mean) {
    BigDecimal n = BigDecimal.valueOf(count);
    return sum()
        .subtract(new BigDecimal(mean).multiply(n))
        .divide(n, MathContext.DECIMAL128)
        .doubleValue();
  }

  /**
   * The mean square distance from the mean, over {@code count} (population) or {@code count - 1}
   * (sample). Of a single value it is 0 either way. Beyond the doubles it is infinite.
   */
  double variance(boolean sample) {
    return exactVariance(sample).doubleValue();
  }

  /** The square root of the variance, which is found where the variance itself is no double. */
  double deviation(boolean sample) {
    return exactVariance(sample).sqrt(MathContext.DECIMAL128).doubleValue();
  }

  private BigDecimal exactVariance(boolean sample) {
    if (count < 2) {
      return BigDecimal.ZERO;
    }
    BigDecimal n = BigDecimal.valueOf(count);
    BigDecimal s = sum();
    BigDecimal spread = squares().multiply(n).subtract(s.multiply(s));
    if (spread.signum() < 0) { // of no numbers: the state was not saved by this class
      throw new IllegalArgumentException(
          "Invalid fitted state: 'squares' is below sum^2 / count (fit it again)");
    }
    BigDecimal degrees = sample ? n.subtract(BigDecimal.ONE) : n;
    return spread.divide(n.multiply(degrees), MathContext.DECIMAL128);
  }

  void load(JsonNode state) {
    count += Json.count(state, "count");
    loadedSum = loadedSum.add(Json.decimal(state, "sum"));
    loadedSquares = loadedSquares.add(Json.decimal(state, "squares"));
  }

  /** Count, and both sums to the last digit; mean and variance stand there for people. */
  ObjectNode state() {
    ObjectNode state = JsonNodeFactory.instance.objectNode();
    state.put("count", count);
    if (count > 0) {
      state.put("mean", mean());
      double variance = variance(false);
      if (Double.isFinite(variance)) {
        state.put("variance", variance);
      }
    }
    state.put("sum", sum().stripTrailingZeros().toPlainString());
    state.put("squares", squares().stripTrailingZeros().toPlainString());
    return state;
  }

  static Moments of(JsonNode state) {
    Moments moments = new Moments();
    moments.load(state);
    return moments;
  }
}
