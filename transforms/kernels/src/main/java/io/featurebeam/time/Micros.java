package io.featurebeam.time;

import java.time.Instant;

/**
 * Event times and {@link Instant}s. A long of microseconds reaches 292,277 years to both sides of
 * 1970, an Instant a billion: what lies beyond is refused.
 */
public final class Micros {

  private static final long PER_SECOND = 1_000_000L;

  private Micros() {}

  /** The last whole microsecond that is not after a time. */
  public static long floor(Instant time) {
    long second = time.getEpochSecond();
    long micros = time.getNano() / 1000;
    try {
      return second < 0 // from the other end, so that the least long does not overflow on its way
          ? Math.addExact(Math.multiplyExact(second + 1, PER_SECOND), micros - PER_SECOND)
          : Math.addExact(Math.multiplyExact(second, PER_SECOND), micros);
    } catch (ArithmeticException e) {
      throw outside(time);
    }
  }

  /** The first whole microsecond that is not before a time. */
  public static long ceil(Instant time) {
    long floor = floor(time);
    if (time.equals(instant(floor))) {
      return floor;
    } else if (floor == Long.MAX_VALUE) {
      throw outside(time);
    }
    return floor + 1;
  }

  /** The time that a number of microseconds since 1970 stands for. */
  public static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, PER_SECOND), Math.floorMod(micros, PER_SECOND) * 1000);
  }

  private static IllegalArgumentException outside(Instant time) {
    return new IllegalArgumentException(
        "Invalid time: "
            + time
            + " (must be between "
            + instant(Long.MIN_VALUE)
            + " and "
            + instant(Long.MAX_VALUE)
            + ")");
  }
}
