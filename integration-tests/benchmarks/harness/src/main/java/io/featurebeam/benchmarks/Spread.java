package io.featurebeam.benchmarks;

import java.util.Arrays;

/** The least, the middle and the greatest of some measurements. */
public record Spread(double min, double median, double max) {

  /** The median of an even number of measurements is the mean of the two in the middle. */
  public static Spread of(double... measurements) {
    if (measurements.length == 0) {
      throw new IllegalArgumentException("Invalid number of measurements: 0 (must be > 0)");
    }
    double[] sorted = measurements.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(sorted[0], median, sorted[sorted.length - 1]);
  }

  /** The same in another unit. */
  public Spread times(double factor) {
    return new Spread(min * factor, median * factor, max * factor);
  }

  /** The same without what every measurement holds too much; not below 0. */
  Spread minus(double part) {
    return new Spread(Math.max(0, min - part), Math.max(0, median - part), Math.max(0, max - part));
  }
}
