package io.featurebeam.time;

import java.io.Serializable;

/**
 * The length of a window, in microseconds; {@link #LIFETIME} has no beginning.
 *
 * @param micros greater than 0; {@link Long#MAX_VALUE} is the lifetime
 */
public record Window(long micros) implements Serializable {

  /** All events up to now. */
  public static final Window LIFETIME = new Window(Long.MAX_VALUE);

  public Window {
    if (micros <= 0) {
      throw new IllegalArgumentException(
          "Invalid window: " + micros + " microseconds (must be > 0)");
    }
  }

  /** A window from text such as {@code 30m}, {@code 24h}, {@code 7d} or {@code lifetime}. */
  public static Window of(String text) {
    return text.equals("lifetime") ? LIFETIME : new Window(Spans.parse(text));
  }

  public boolean isLifetime() {
    return micros == Long.MAX_VALUE;
  }

  /** What the names of its columns end with: {@code 1h}, {@code 7d}, {@code lifetime}. */
  @Override
  public String toString() {
    return isLifetime() ? "lifetime" : Spans.format(micros);
  }
}
