package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * At which times a key has rows: at the end of each hop in which it has an item, or at each of its
 * events, or at those that ask. Only times in {@code [from, to)} are wanted, and the last time
 * there is if {@code to} is that.
 */
final class RowTimes {

  private final @Nullable TileGrid hops;
  private final @Nullable Bitmap asking;
  private final long from;
  private final long to;
  private long[] times = {};
  private int[] places = {};

  private RowTimes(@Nullable TileGrid hops, @Nullable Bitmap asking, long from, long to) {
    this.hops = hops;
    this.asking = asking;
    this.from = from;
    this.to = to;
  }

  /** Rows at the ends of hops. */
  static RowTimes hops(TileGrid hops, long from, long to) {
    return new RowTimes(hops, null, from, to);
  }

  /**
   * Rows at events.
   *
   * @param asking whether the event at a place has a row; null for all
   */
  static RowTimes events(@Nullable Bitmap asking, long from, long to) {
    return new RowTimes(null, asking, from, to);
  }

  /** The times of the rows of the key last looked at, ascending. */
  long[] times() {
    return times;
  }

  /** The places of the events that ask, one per row; not used with hops. */
  int[] places() {
    return places;
  }

  /** Finds the rows of a key whose items are at these places; returns how many. */
  int of(long[] itemTimes, int start, int end) {
    if (times.length < end - start) {
      times = new long[States.grown(times.length, end - start)];
      places = new int[times.length];
    }
    return hops == null ? atEvents(itemTimes, start, end) : atHops(hops, itemTimes, start, end);
  }

  private int atEvents(long[] itemTimes, int start, int end) {
    int count = 0;
    for (int i = start; i < end; i++) {
      if (isWanted(itemTimes[i]) && (asking == null || asking.get(i))) {
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
}
