package io.featurebeam.feature;

import java.util.Arrays;

/** How often each key was seen, exact, up to a declared number of distinct keys. */
final class KeyCounts {

  private final KeyTable keys = new KeyTable();
  private final int limit;
  private long[] counts = new long[16];

  KeyCounts(int limit) {
    this.limit = limit;
  }

  int size() {
    return keys.size();
  }

  byte[] key(int k) {
    return keys.key(k);
  }

  long count(int k) {
    return counts[k];
  }

  void increment(int k) {
    counts[k]++;
  }

  /** Adds {@code times} to a key's count and gives its number. */
  int add(byte[] source, int from, int to, long times) {
    int k = keys.add(source, from, to);
    if (k >= limit) {
      throw new IllegalArgumentException(
          "More than "
              + limit
              + " distinct values (raise maxDistinct, or use hash, which learns none)");
    }
    if (k >= counts.length) {
      counts = Arrays.copyOf(counts, counts.length * 2);
    }
    counts[k] += times;
    return k;
  }
}
