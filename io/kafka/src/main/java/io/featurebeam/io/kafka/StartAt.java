package io.featurebeam.io.kafka;

import java.io.Serializable;
import java.util.Objects;

/**
 * Where reading begins, for a pipeline that has no checkpoint to go on from.
 *
 * @param kind one of the four
 * @param micros the log time from which on, in microseconds since 1970, of {@link Kind#TIME}
 * @param group the consumer group, of {@link Kind#GROUP}; else empty
 */
public record StartAt(Kind kind, long micros, String group) implements Serializable {

  private static final long serialVersionUID = 1L;

  /** What offset a partition is read from. */
  public enum Kind {
    /** The oldest that the broker still has. */
    EARLIEST,
    /** What comes from now on. */
    LATEST,
    /** The first with a log time at or after the given one. */
    TIME,
    /**
     * What the group has committed, and where it has nothing, the oldest. An unbounded read commits
     * for the group what is safely processed.
     */
    GROUP
  }

  public StartAt {
    Objects.requireNonNull(kind, "kind is null");
    if ((kind == Kind.GROUP) == group.isBlank()) {
      throw new IllegalArgumentException(
          "Invalid start: a consumer group must be named to start at what it committed, and only"
              + " then");
    }
  }

  public static StartAt earliest() {
    return new StartAt(Kind.EARLIEST, 0, "");
  }

  public static StartAt latest() {
    return new StartAt(Kind.LATEST, 0, "");
  }

  /** At a log time, in microseconds since 1970. */
  public static StartAt time(long micros) {
    return new StartAt(Kind.TIME, micros, "");
  }

  /** At what a consumer group committed. */
  public static StartAt group(String name) {
    return new StartAt(Kind.GROUP, 0, name);
  }

  /** The first whole millisecond at or after the time. */
  long millis() {
    return -Math.floorDiv(-micros, 1000L);
  }
}
