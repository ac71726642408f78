package io.featurebeam.skew;

import java.io.Serializable;

/**
 * How far apart two values may be and still match.
 *
 * <p>Numbers match if they are equal, or if their distance is at most {@code absolute}, or at most
 * {@code relative} times the larger of their sizes. NaN matches NaN, an infinity itself. Timestamps
 * and times of day match if they are at most {@code micros} apart. All else must be equal.
 *
 * @param relative from 0 to below 1
 * @param absolute from 0
 * @param micros microseconds, from 0
 */
public record Tolerance(double relative, double absolute, long micros) implements Serializable {

  /** Values must be equal. */
  public static final Tolerance NONE = new Tolerance(0, 0, 0);

  public Tolerance {
    if (!(relative >= 0 && relative < 1)) {
      throw new IllegalArgumentException(
          "Invalid relative tolerance: " + relative + " (must be 0 or more and below 1)");
    }
    if (!(absolute >= 0 && absolute <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "Invalid absolute tolerance: " + absolute + " (must be a number, 0 or more)");
    }
    if (micros < 0) {
      throw new IllegalArgumentException(
          "Invalid time tolerance: " + micros + " microseconds (must be >= 0)");
    }
  }

  boolean holds(double distance, double size) {
    return distance <= absolute || distance <= relative * size;
  }
}
