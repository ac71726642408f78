package io.featurebeam.aggregate;

import io.featurebeam.time.Window;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * At which times a key has rows: at the end of each hop in which it has an item, at each of its
 * events, or at the end of each session. Only times in {@code [from, to)} are wanted, and the last
 * time there is if {@code to} is that.
 */
final class RowTimes {

  private final @Nullable TileGrid hops;
  private final @Nullable Window session;
  private final long from;
  private final long to;
  private long[] times = {};
  private int[] places = {};

  private RowTimes(@Nullable TileGrid hops, @Nullable Window session, long from, long to) {
    this.hops = hops;
    this.session = session;
    this.from = from;
    this.to = to;
  }

  /** Rows at the ends of hops. */
  static RowTimes hops(TileGrid hops, long from, long to) {
    return new RowTimes(hops, null, from, to);
  }

  /** Rows at events. */
  static RowTimes events(long from, long to) {
    return new RowTimes(null, null, from, to);
  }

  /** Rows at the ends of sessions. */
  static RowTimes sessions(Window session, long from, long to) {
    return new RowTimes(null, session, from, to);
  }

  /** The times of the rows of the key last looked at, ascending. */
  long[] times() {
    return times;
  }

  /** The places of the events that ask, or of the first of a session; not used with hops. */
  int[] places() {
    return places;
  }

  /** Finds the rows of a key whose items are at these places; returns how many. */
  int of(long[] itemTimes, int start, int end) {
    if (times.length < end - start) {
      times = new long[States.grown(times.length, end - start)];
      places = new int[times.length];
    }
    if (session != null) {
      return atSessions(session, itemTimes, start, end);
    }
    return hops == null ? atEvents(itemTimes, start, end) : atHops(hops, itemTimes, start, end);
  }

  private int atEvents(long[] itemTimes, int start, int end) {
    int count = 0;
    for (int i = start; i < end; i++) {
      if (isWanted(itemTimes[i])) {
        times[count] = itemTimes[i];
        places[count++] = i;
      }
    }
    return count;
  }

  private boolean isWanted(long time) {
    return time >= from && (time < to || to == Long.MAX_VALUE);
  }

  private int atHops(TileGrid grid, long[] itemTimes, int start, int end) {
    Arrays.fill(places, 0, end - start, -1);
    int count = 0;
    for (int i = start; i < end; i++) {
      long time = grid.end(grid.tile(itemTimes[i]));
      if (isWanted(time) && (count == 0 || times[count - 1] != time)) {
        times[count++] = time;
      }
    }
    return count;
  }

  private int atSessions(Window window, long[] itemTimes, int start, int end) {
    int count = 0;
    int first = start;
    for (int i = start; i < end; i++) {
      boolean isLast = i + 1 == end || window.isParted(itemTimes[i], itemTimes[i + 1]);
      if (isLast && isWanted(itemTimes[i] + window.micros())) {
        times[count] = itemTimes[i] + window.micros();
        places[count++] = first;
      }
      first = isLast ? i + 1 : first;
    }
    return count;
  }
}
