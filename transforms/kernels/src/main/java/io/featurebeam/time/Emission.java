package io.featurebeam.time;

import java.io.Serializable;
import java.util.Objects;

/**
 * At which times a feature row is made.
 *
 * @param kind at every event, or at the end of every hop in which the key was active
 * @param everyMicros the hop in microseconds; 0 for every event
 * @param earlyMicros in a stream, how often rows of hops that are not complete are shown, in
 *     microseconds of processing time; 0 for not at all
 */
public record Emission(Kind kind, long everyMicros, long earlyMicros) implements Serializable {

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
    if (earlyMicros < 0) {
      throw new IllegalArgumentException("Invalid early: " + earlyMicros + " (must be >= 0)");
    }
    if (kind == Kind.EVERY_EVENT && earlyMicros > 0) {
      throw new IllegalArgumentException(
          "Invalid early: "
              + Spans.format(earlyMicros)
              + " (a row of everyEvent comes out at once; leave it out, or emit every or"
              + " windowClose)");
    }
  }

  public static Emission everyEvent() {
    return new Emission(Kind.EVERY_EVENT, 0, 0);
  }

  public static Emission every(long micros) {
    return new Emission(Kind.EVERY, micros, 0);
  }

  public static Emission windowClose() {
    return new Emission(Kind.WINDOW_CLOSE, 0, 0);
  }

  /**
   * The same, and in a stream the rows of hops that are not complete at most so often, if they have
   * changed since they were shown. A bounded run has none of them.
   */
  public Emission withEarly(long micros) {
    return new Emission(kind, everyMicros, micros);
  }
}
