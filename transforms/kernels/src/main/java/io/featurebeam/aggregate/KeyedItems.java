package io.featurebeam.aggregate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Items (tiles or events) grouped by key, each key's in order of time: {@code
 * order[start(k)..end(k))}.
 */
public final class KeyedItems {
  private final int[] order;
  private final int[] starts;

  private KeyedItems(int[] order, int[] starts) {
    this.order = order;
    this.starts = starts;
  }

  /**
   * Groups and sorts items.
   *
   * @param items how many there are
   * @param keys how many keys there are, counted from 0
   * @param keyOf the key of each item
   * @param timeOf the time of each item
   * @param ties orders items of equal time
   */
  public static KeyedItems sort(
      int items, int keys, int[] keyOf, long[] timeOf, Comparator<Integer> ties) {
    int[] starts = new int[keys + 1];
    for (int i = 0; i < items; i++) {
      starts[keyOf[i] + 1]++;
    }
    for (int k = 0; k < keys; k++) {
      starts[k + 1] += starts[k];
    }
    int[] next = starts.clone();
    int[] order = new int[items];
    for (int i = 0; i < items; i++) {
      order[next[keyOf[i]]++] = i;
    }
    Sorter sorter = new Sorter(order, timeOf, ties);
    for (int k = 0; k < keys; k++) {
      sorter.sort(starts[k], starts[k + 1]);
    }
    return new KeyedItems(order, starts);
  }

  /** The items by key, each key's in order of time. */
  public int[] order() {
    return order;
  }

  /** The first place of a key in the order. */
  public int start(int key) {
    return starts[key];
  }

  /** Behind the last place of a key in the order. */
  public int end(int key) {
    return starts[key + 1];
  }

  /** Sorts stretches of the order by time; packs time and place into one long where they fit. */
  private static final class Sorter {
    private final int[] order;
    private final long[] times;
    private final Comparator<Integer> ties;
    private long[] packed = {};
    private int[] copy = {};

    Sorter(int[] order, long[] times, Comparator<Integer> ties) {
      this.order = order;
      this.times = times;
      this.ties = ties;
    }

    void sort(int from, int to) {
      long min = Long.MAX_VALUE;
      long max = Long.MIN_VALUE;
      boolean sorted = true;
      for (int i = from; i < to; i++) {
        long time = times[order[i]];
        sorted &= i == from || times[order[i - 1]] <= time;
        min = Math.min(min, time);
        max = Math.max(max, time);
      }
      if (!sorted) {
        int bits = 33 - Integer.numberOfLeadingZeros(to - from);
        if (max - min >= 0 && max - min < 1L << (63 - bits)) {
          sortPacked(from, to, min, bits);
        } else {
          sortBoxed(from, to, Comparator.comparingLong(i -> times[i]));
        }
      }
      for (int i = from; i < to; ) { // runs of equal time
        int end = i + 1;
        while (end < to && times[order[end]] == times[order[i]]) {
          end++;
        }
        if (end - i > 1) {
          sortBoxed(i, end, ties);
        }
        i = end;
      }
    }

    private void sortPacked(int from, int to, long min, int bits) {
      int length = to - from;
      if (packed.length < length) {
        packed = new long[length];
        copy = new int[length];
      }
      for (int i = 0; i < length; i++) {
        packed[i] = (times[order[from + i]] - min) << bits | i;
      }
      Arrays.sort(packed, 0, length);
      System.arraycopy(order, from, copy, 0, length);
      int mask = (1 << bits) - 1;
      for (int i = 0; i < length; i++) {
        order[from + i] = copy[(int) packed[i] & mask];
      }
    }

    private void sortBoxed(int from, int to, Comparator<Integer> comparator) {
      int[] sorted =
          IntStream.range(from, to)
              .mapToObj(i -> order[i])
              .sorted(comparator)
              .mapToInt(Integer::intValue)
              .toArray();
      System.arraycopy(sorted, 0, order, from, sorted.length);
    }
  }
}
