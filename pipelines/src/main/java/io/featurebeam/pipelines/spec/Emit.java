package io.featurebeam.pipelines.spec;

import java.util.Objects;

/**
 * When an aggregate gives a row.
 *
 * @param mode per event, per period, or at the end of each tumbling window
 * @param periodMicros the period of {@link Mode#EVERY}, else 0
 */
public record Emit(Mode mode, long periodMicros) {

  /** What makes a row. */
  public enum Mode {
    /** Each event: its windows end at its event time. */
    EVERY_EVENT,
    /** Each full period (aligned to 1970 UTC) in which the key has an event. */
    EVERY,
    /** The end of each tumbling window: the windows do not overlap. */
    WINDOW_CLOSE
  }

  public static final Emit EVERY_EVENT = new Emit(Mode.EVERY_EVENT, 0);
  public static final Emit WINDOW_CLOSE = new Emit(Mode.WINDOW_CLOSE, 0);

  public Emit {
    Objects.requireNonNull(mode, "mode is null");
    if (mode == Mode.EVERY ? periodMicros <= 0 : periodMicros != 0) {
      throw new IllegalArgumentException(
          "Invalid period: " + periodMicros + " us for " + mode + " (EVERY needs one > 0, others 0)");
    }
  }

  /** A row per key and period with events: {@code every("1h")}. */
  public static Emit every(String period) {
    return new Emit(Mode.EVERY, Durations.parse("period", period));
  }
}
