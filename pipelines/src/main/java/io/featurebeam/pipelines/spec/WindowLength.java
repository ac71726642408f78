package io.featurebeam.pipelines.spec;

/**
 * How far a window looks back.
 *
 * @param label as written, the suffix of its columns: {@code 1h}, {@code lifetime}
 * @param micros its length in microseconds; {@link Long#MAX_VALUE} for lifetime
 */
public record WindowLength(String label, long micros) {

  /** Everything before the row. */
  public static final WindowLength LIFETIME = new WindowLength("lifetime", Long.MAX_VALUE);

  public WindowLength {
    long expected = label.equals("lifetime") ? Long.MAX_VALUE : Durations.parse("window", label);
    if (micros != expected) {
      throw new IllegalArgumentException(
          "Invalid window: '" + label + "' with " + micros + " us (must be " + expected + ")");
    }
  }

  /** The window of {@code 1h}, {@code 7d}, {@code lifetime}. */
  public static WindowLength of(String label) {
    return label.equals("lifetime")
        ? LIFETIME
        : new WindowLength(label, Durations.parse("window", label));
  }

  public boolean isLifetime() {
    return micros == Long.MAX_VALUE;
  }

  @Override
  public String toString() {
    return label;
  }
}
