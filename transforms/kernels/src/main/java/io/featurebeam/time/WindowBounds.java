package io.featurebeam.time;

import java.io.Serializable;

/**
 * Which events a window of length w shows to a feature at time t.
 *
 * <p>The window reaches from {@code t - delay - w}, floored to a multiple of {@code hop} if there
 * is one, to {@code t - delay}; each end is in it if closed. With {@code rowCap} only the latest
 * that many events count. With {@code excludeCurrent} the event that asks does not see itself,
 * others of its time are seen if the right end is closed.
 *
 * <p>Feature stores disagree about these edges; the constants are what each does. The default is
 * {@code [t - w, t)}, exact.
 *
 * @param leftClosed whether an event exactly at the left end is in the window
 * @param rightClosed whether an event exactly at the right end is in the window
 * @param delayMicros how far the window lies behind the feature's time, in microseconds
 * @param hopMicros what the left end is floored to, in microseconds; 0 is exact
 * @param rowCap the most events that count, the latest; 0 is no cap
 * @param excludeCurrent whether the event that asks is left out
 */
public record WindowBounds(
    boolean leftClosed,
    boolean rightClosed,
    long delayMicros,
    long hopMicros,
    int rowCap,
    boolean excludeCurrent)
    implements Serializable {

  /** {@code [t - w, t)}, exact: a feature never sees its own event or another of the same time. */
  public static final WindowBounds DEFAULT = new WindowBounds(true, false, 0, 0, 0, false);

  /** Feast: {@code [t - w, t]}. */
  public static final WindowBounds FEAST = new WindowBounds(true, true, 0, 0, 0, false);

  /**
   * Chronon with its coarsest hop, a day: {@code [floor(t - w, 1d), t)}; see {@link
   * #chronon(long)}.
   */
  public static final WindowBounds CHRONON = chronon(86_400_000_000L);

  /** Feathr: {@code (t - w - delay, t - delay]}, without a delay. */
  public static final WindowBounds FEATHR = new WindowBounds(false, true, 0, 0, 0, false);

  /** OpenMLDB: {@code [t - w, t]} with the current row in it. */
  public static final WindowBounds OPENMLDB = new WindowBounds(true, true, 0, 0, 0, false);

  public WindowBounds {
    checkNotNegative("delay", delayMicros);
    checkNotNegative("hop", hopMicros);
    checkNotNegative("rowCap", rowCap);
  }

  /**
   * Chronon: {@code [floor(t - w, hop), t)}; it takes hops of 5 minutes, an hour or a day by
   * window.
   */
  public static WindowBounds chronon(long hopMicros) {
    return new WindowBounds(true, false, 0, hopMicros, 0, false);
  }

  public WindowBounds withDelay(long micros) {
    return new WindowBounds(leftClosed, rightClosed, micros, hopMicros, rowCap, excludeCurrent);
  }

  public WindowBounds withHop(long micros) {
    return new WindowBounds(leftClosed, rightClosed, delayMicros, micros, rowCap, excludeCurrent);
  }

  public WindowBounds withRowCap(int events) {
    return new WindowBounds(
        leftClosed, rightClosed, delayMicros, hopMicros, events, excludeCurrent);
  }

  public WindowBounds withExcludeCurrent(boolean exclude) {
    return new WindowBounds(leftClosed, rightClosed, delayMicros, hopMicros, rowCap, exclude);
  }

  /**
   * The first event time, in whole microseconds, that a feature at {@code t} sees: the least long
   * if the window begins before it. Of a session it depends on the events.
   */
  public long firstSeen(long t, Window window) {
    long right = t - delayMicros;
    long left = right - window.micros();
    long edge = hopMicros == 0 ? left : left - Math.floorMod(left, hopMicros);
    if (window.isLifetime() || right > t || left > right || edge > left) { // some overflows
      return Long.MIN_VALUE;
    }
    return leftClosed ? edge : edge + 1;
  }

  /** Whether an event is too late to be seen by a feature at {@code t}, whatever the window. */
  public boolean endsBefore(long event, long t) {
    long right = t - delayMicros;
    return right > t // overflows: the window ends before the first time there is
        || (rightClosed ? event > right : event >= right);
  }

  /**
   * Whether a session is over for a feature at {@code t}, which sees its last event.
   *
   * @param last the time of that event
   */
  public boolean isOver(long last, long t, Window session) {
    return session.isParted(last, t - delayMicros);
  }

  /**
   * How far before t an event may lie and still be seen, in microseconds; saturates. Of a session,
   * how far its last event may lie before t.
   */
  public long reach(Window window) {
    long reach = window.micros();
    for (long more : new long[] {delayMicros, hopMicros, 1}) {
      reach = reach > Long.MAX_VALUE - more ? Long.MAX_VALUE : reach + more;
    }
    return reach;
  }

  private static void checkNotNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException("Invalid " + name + ": " + value + " (must be >= 0)");
    }
  }
}
