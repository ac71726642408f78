package io.featurebeam.feature;

/** Checks of whole-number parameters, and hashes scaled to a range. */
final class Numbers {

  private Numbers() {}

  static void check(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "Invalid " + name + ": " + value + " (must be >= " + least + ")");
    }
  }

  static int toInt(String name, long value) {
    if (value != (int) value) {
      throw new IllegalArgumentException(
          "Invalid " + name + ": " + value + " (must be below " + Integer.MAX_VALUE + ")");
    }
    return (int) value;
  }

  /** A number from 0 to {@code range - 1} from the upper half of a hash: even, and no division. */
  static long scale(long hash, int range) {
    return ((hash >>> 32) * range) >>> 32;
  }
}
