package io.featurebeam.benchmarks;

import java.util.SplittableRandom;

/**
 * Draws ranks 0 to n - 1 with a probability proportional to {@code 1 / (rank + 1)^exponent}; an
 * exponent of 0 is the uniform distribution.
 *
 * <p>Uses Vose's alias method: one table look-up a draw whatever n is, so that five million users
 * cost no more than twenty thousand. Immutable, so threads may share it.
 */
final class ZipfSampler {
  private final double[] threshold;
  private final int[] alias;

  ZipfSampler(int n, double exponent) {
    if (n <= 0) {
      throw new IllegalArgumentException("Invalid number of ranks: " + n + " (must be > 0)");
    }
    if (!(exponent >= 0)) {
      throw new IllegalArgumentException("Invalid Zipf exponent: " + exponent + " (must be >= 0)");
    }
    threshold = new double[n];
    alias = new int[n];
    double total = 0;
    for (int rank = 0; rank < n; rank++) {
      // StrictMath: the data must be the same on every machine, and Math.pow may differ by an ulp.
      threshold[rank] = StrictMath.pow(rank + 1.0, -exponent);
      total += threshold[rank];
    }
    int[] pending = new int[n];
    int small = 0;
    int large = n;
    for (int rank = 0; rank < n; rank++) {
      threshold[rank] *= n / total;
      if (threshold[rank] < 1) {
        pending[small++] = rank;
      } else {
        pending[--large] = rank;
      }
    }
    while (small > 0 && large < n) {
      int below = pending[--small];
      int above = pending[large];
      alias[below] = above;
      threshold[above] -= 1 - threshold[below];
      if (threshold[above] < 1) {
        large++;
        pending[small++] = above;
      }
    }
    // What is left differs from 1 by rounding only.
    while (small > 0) {
      threshold[pending[--small]] = 1;
    }
    while (large < n) {
      threshold[pending[large++]] = 1;
    }
  }

  int next(SplittableRandom random) {
    int column = random.nextInt(threshold.length);
    return random.nextDouble() < threshold[column] ? column : alias[column];
  }
}
