package io.featurebeam.time;

import java.io.Serializable;
import java.util.Objects;

/**
 * At which times a feature row is made.
 *
 * @param kind at every event, or at the end of every hop in which the key was active
 * @param everyMicros the hop in microseconds; 0 for every event
 */
public record Emission(Kind kind, long everyMicros) implements Serializable {

  /** See {@link Emission}. */
  public enum Kind {
    /** One row per event, at its event time, with the event's own columns. */
    EVERY_EVENT,
    /** One row per key and multiple of a hop, for hops with an event of the key. */
    EVERY,
    /** One row per key and tumbling window with an event of the key, at the window's end. */
    WINDOW_CLOSE
  }

  public Emission {
    Objects.requireNonNull(kind, "kind is null");
    if (kind == Kind.EVERY && everyMicros <= 0) {
      throw new IllegalArgumentException("Invalid every: " + everyMicros + " (must be > 0)");
    }
  }

  public static Emission everyEvent() {
    return new Emission(Kind.EVERY_EVENT, 0);
  }

  public static Emission every(long micros) {
    return new Emission(Kind.EVERY, micros);
  }

  public static Emission windowClose() {
    return new Emission(Kind.WINDOW_CLOSE, 0);
  }
}
