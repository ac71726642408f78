package io.featurebeam.anomaly;

/** What parameters of scorers must be. */
final class Limits {

  static final int MAX_WARM_UP = 1_000_000;

  private Limits() {}

  static void warmUp(int least, int warmUp) {
    if (warmUp < least || warmUp > MAX_WARM_UP) {
      throw new IllegalArgumentException(
          "Invalid warmUp: " + warmUp + " (must be " + least + " to " + MAX_WARM_UP + ")");
    }
  }

  static void leastSpread(double leastSpread) {
    if (!(leastSpread >= 0 && leastSpread <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "Invalid leastSpread: " + leastSpread + " (must be a number, 0 or more)");
    }
  }

  static void share(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException("Invalid " + name + ": " + value + " (must be 0 to 1)");
    }
  }

  /** A whole number that was given, as an int; one that is none stays out of every range. */
  static int toInt(long value) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
  }
}
