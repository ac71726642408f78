package io.featurebeam.aggregate;

import java.util.Arrays;

/**
 * At which times a key has rows: at the end of each hop in which it has an item, or at each of its
 * events. Only times in {@code [from, to)} are wanted.
 */
final class RowTimes {

  private final long hop;
  private final long offset;
  private final long from;
  private final long to;
  private long[] times = {};
  private int[] places = {};

  private RowTimes(long hop, long offset, long from, long to) {
    this.hop = hop;
    this.offset = offset;
    this.from = from;
    this.to = to;
  }

  /**
   * Rows at multiples of {@code hop}; a hop holds the times from {@code offset} behind its start.
   */
  static RowTimes hops(long hop, long offset, long from, long to) {
    return new RowTimes(hop, offset, from, to);
  }

  /** Rows at events. */
  static RowTimes events(long from, long to) {
    return new RowTimes(0, 0, from, to);
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
    return hop == 0 ? atEvents(itemTimes, start, end) : atHops(itemTimes, start, end);
  }

  private int atEvents(long[] itemTimes, int start, int end) {
    int count = 0;
    for (int i = start; i < end; i++) {
      if (itemTimes[i] >= from && itemTimes[i] < to) {
        times[count] = itemTimes[i];
        places[count++] = i;
      }
    }
    return count;
  }

  private int atHops(long[] itemTimes, int start, int end) {
    Arrays.fill(places, 0, end - start, -1);
    int count = 0;
    for (int i = start; i < end; i++) {
      long time = (Math.floorDiv(itemTimes[i] - offset, hop) + 1) * hop;
      if (time >= from && time < to && (count == 0 || times[count - 1] != time)) {
        times[count++] = time;
      }
    }
    return count;
  }
}
