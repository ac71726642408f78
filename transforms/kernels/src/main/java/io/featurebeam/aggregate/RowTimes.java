package io.featurebeam.aggregate;

import java.util.Arrays;

/** At which multiples of a hop a key has a row: at the end of each hop in which it has an item. */
final class RowTimes {
  /** For {@link WindowEmitter#emit} where rows belong to no event. */
  static final int[] NO_EVENT = {};

  private final long hop;
  private final long offset;
  private final long from;
  private final long to;
  private long[] times = {};

  RowTimes(long hop, long offset, long from, long to) {
    this.hop = hop;
    this.offset = offset;
    this.from = from;
    this.to = to;
  }

  long[] times() {
    return times;
  }

  /** Fills {@link #times} for the items at these places, whose times ascend; returns how many. */
  int of(long[] itemTimes, int start, int end) {
    if (times.length < end - start) {
      times = Arrays.copyOf(times, States.grown(times.length, end - start));
    }
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
