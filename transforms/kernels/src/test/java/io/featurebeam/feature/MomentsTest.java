package io.featurebeam.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
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
    assertEquals(mean.doubleValue(), whole.mean(), Math.ulp(whole.mean())); // either of a tie
    assertEquals(variance, whole.variance(false), Math.ulp(variance));
    assertEquals(whole.state(), merged.state());
  }

  private static Moments part(double[] values, int from, int to) {
    Moments moments = new Moments();
    moments.accumulate(Arrays.copyOfRange(values, from, to), null, to - from);
    return moments;
  }

  @Test
  void orderDoesNotShowToTheLastBit() {
    Random random = new Random(11);
    double[] values = random.doubles(10_000).map(x -> Math.scalb(x, random.nextInt(400))).toArray();
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    assertEquals(part(values, 0, 10_000).state(), part(sorted, 0, 10_000).state());
  }

  @Test
  void aDeviationIsFoundWhereTheVarianceIsNoDouble() {
    assertEquals(1e-200, part(new double[] {1e-200, 3e-200}, 0, 2).deviation(false), 1e-215);
    assertEquals(1e300, part(new double[] {-1e300, 1e300}, 0, 2).deviation(false), 1e285);
  }

  @Test
  void accumulatingAllocatesNothing() {
    double[] values = new Random(1).doubles(8192).toArray();
    Moments moments = new Moments();
    moments.accumulate(values, null, values.length);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    for (int i = 0; i < 100; i++) {
      moments.accumulate(values, null, values.length);
    }
    long bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    assertTrue(bytes < 100_000, bytes + " bytes for " + 100 * values.length + " values");
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
