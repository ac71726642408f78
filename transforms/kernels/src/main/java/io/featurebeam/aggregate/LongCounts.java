package io.featurebeam.aggregate;

import java.util.Arrays;

/** How often each 64-bit number is in a window: open addressing, removal by shifting back. */
final class LongCounts {
  private long[] keys = new long[64];
  private int[] counts = new int[64];
  private int size;

  void clear() {
    if (size > 0) {
      Arrays.fill(counts, 0);
      size = 0;
    }
  }

  /** How many different numbers there are. */
  int size() {
    return size;
  }

  void add(long key) {
    int mask = keys.length - 1;
    int at = (int) key & mask;
    while (counts[at] != 0 && keys[at] != key) {
      at = (at + 1) & mask;
    }
    if (counts[at]++ == 0) {
      keys[at] = key;
      if (++size * 2 > keys.length) {
        grow();
      }
    }
  }

  void remove(long key) {
    int mask = keys.length - 1;
    int at = (int) key & mask;
    while (keys[at] != key || counts[at] == 0) {
      at = (at + 1) & mask;
    }
    if (--counts[at] > 0) {
      return;
    }
    size--;
    for (int next = (at + 1) & mask; counts[next] != 0; next = (next + 1) & mask) {
      int home = (int) keys[next] & mask;
      if (((next - home) & mask) >= ((next - at) & mask)) {
        keys[at] = keys[next];
        counts[at] = counts[next];
        counts[next] = 0;
        at = next;
      }
    }
  }

  /** The numbers, in no order. */
  long[] keys() {
    long[] result = new long[size];
    int n = 0;
    for (int i = 0; i < keys.length; i++) {
      if (counts[i] != 0) {
        result[n++] = keys[i];
      }
    }
    return result;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldCounts = counts;
    keys = new long[oldKeys.length * 2];
    counts = new int[keys.length];
    int mask = keys.length - 1;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldCounts[i] != 0) {
        int at = (int) oldKeys[i] & mask;
        while (counts[at] != 0) {
          at = (at + 1) & mask;
        }
        keys[at] = oldKeys[i];
        counts[at] = oldCounts[i];
      }
    }
  }
}
