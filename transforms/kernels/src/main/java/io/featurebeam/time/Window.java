package io.featurebeam.time;

import java.io.Serializable;

/**
 * How far back a window reaches: a length in microseconds; {@link #LIFETIME} has no beginning; a
 * {@link #session} begins where the key was silent before.
 *
 * <p>A session with gap g is a run of a key's events, in order of time, in which each is less than
 * g after the one before: an event e spans {@code [e, e + g)}, and spans that overlap are one
 * session, so that a silence of exactly g parts two. A row at time t sees the last session among
 * the events that are not after {@code t - delay} by the {@link WindowBounds}, if {@code t - delay}
 * is still less than g after its last event, else nothing. The left end of the bounds has no
 * meaning then, and there is no hop.
 *
 * @param micros greater than 0; {@link Long#MAX_VALUE} is the lifetime; of a session its gap
 * @param isSession whether it is a session
 */
public record Window(long micros, boolean isSession) implements Serializable {

  /** All events up to now. */
  public static final Window LIFETIME = new Window(Long.MAX_VALUE);

  public Window {
    if (micros <= 0) {
      throw new IllegalArgumentException(
          "Invalid window: " + micros + " microseconds (must be > 0)");
    }
  }

  /** A window of a length. */
  public Window(long micros) {
    this(micros, false);
  }

  /** A window from text such as {@code 30m}, {@code 24h}, {@code 7d} or {@code lifetime}. */
  public static Window of(String text) {
    return text.equals("lifetime") ? LIFETIME : new Window(Spans.parse(text));
  }

  /** The session of a key, which a silence of this many microseconds ends. */
  public static Window session(long gapMicros) {
    return new Window(gapMicros, true);
  }

  public boolean isLifetime() {
    return micros == Long.MAX_VALUE && !isSession;
  }

  /** Whether its length is known beforehand. */
  public boolean hasLength() {
    return !isLifetime() && !isSession;
  }

  /** Whether an event is the first of its session, coming at {@code time} after {@code before}. */
  public boolean isParted(long before, long time) {
    return Long.compareUnsigned(time - before, micros) >= 0; // the difference of two longs fits
  }

  /** What the names of its columns end with: {@code 1h}, {@code lifetime}, {@code session_30m}. */
  @Override
  public String toString() {
    return isLifetime() ? "lifetime" : (isSession ? "session_" : "") + Spans.format(micros);
  }
}
