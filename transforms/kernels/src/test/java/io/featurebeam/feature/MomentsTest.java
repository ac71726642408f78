package io.featurebeam.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MomentsTest {

  @Property(tries = 200, seed = "3")
  void meanAndVarianceEqualExactArithmeticHoweverTheDataIsSplit(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 500) int size) {
    Random random = new Random(seed);
    double[] values = new double[size];
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < size; i++) {
      values[i] = 1e6 * random.nextInt(5) + random.nextGaussian();
      sum = sum.add(new BigDecimal(values[i]));
    }
    BigDecimal n = BigDecimal.valueOf(size);
    BigDecimal mean = sum.divide(n, new MathContext(60));
    BigDecimal spread = BigDecimal.ZERO;
    for (double value : values) {
      BigDecimal distance = new BigDecimal(value).subtract(mean);
      spread = spread.add(distance.multiply(distance));
    }
    Moments merged = new Moments();
    int split = random.nextInt(size);
    merged.load(part(values, split, size).state());
    merged.load(part(values, 0, split).state());
    Moments whole = part(values, 0, size);
    double variance = spread.divide(n, MathContext.DECIMAL128).doubleValue();
    assertEquals(mean.doubleValue(), merged.mean(), 1e-15 * Math.abs(mean.doubleValue()));
    assertEquals(mean.doubleValue(), whole.mean(), 1e-15 * Math.abs(mean.doubleValue()));
    assertEquals(variance, merged.variance(false), 1e-15 * variance);
    assertEquals(variance, whole.variance(false), 1e-15 * variance);
  }

  private static Moments part(double[] values, int from, int to) {
    Moments moments = new Moments();
    moments.accumulate(Arrays.copyOfRange(values, from, to), null, to - from);
    return moments;
  }

  @Test
  void manySmallAfterOneLargeAreNotLost() {
    double[] values = new double[1_000_001];
    Arrays.fill(values, 1e-3);
    values[0] = 1e16;
    Moments moments = part(values, 0, values.length);
    assertEquals((1e16 + 1000) / 1_000_001, moments.mean(), 1e-6);
  }
}
