package io.featurebeam.benchmarks.kernels;

import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What memory allows: numbers read, and numbers copied. In an array as long as a batch, which stays
 * in the cache, and in one of 64 MiB, which does not.
 */
@State(Scope.Thread)
@NullUnmarked
public class MemoryBound {
  static final int LARGE = 1 << 23;

  private double[] cached;
  private double[] cachedCopy;
  private double[] large;
  private double[] largeCopy;

  @Setup
  public void fill() {
    cached = CardBatches.batch(1).doubles("amount").values().clone();
    cachedCopy = new double[cached.length];
    large = new double[LARGE];
    largeCopy = new double[LARGE];
    for (int i = 0; i < LARGE; i++) {
      large[i] = cached[i % cached.length];
    }
  }

  @Benchmark
  @OperationsPerInvocation(CardBatches.SIZE)
  public double sumCached() {
    return sum(cached);
  }

  @Benchmark
  @OperationsPerInvocation(CardBatches.SIZE)
  public double[] copyCached() {
    System.arraycopy(cached, 0, cachedCopy, 0, cached.length);
    return cachedCopy;
  }

  @Benchmark
  @OperationsPerInvocation(LARGE)
  public double sumLarge() {
    return sum(large);
  }

  @Benchmark
  @OperationsPerInvocation(LARGE)
  public double[] copyLarge() {
    System.arraycopy(large, 0, largeCopy, 0, large.length);
    return largeCopy;
  }

  /** Four sums side by side: one alone would wait for each addition, not for memory. */
  private static double sum(double[] values) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    for (int i = 0; i < values.length; i += 4) {
      a += values[i];
      b += values[i + 1];
      c += values[i + 2];
      d += values[i + 3];
    }
    return a + b + c + d;
  }
}
