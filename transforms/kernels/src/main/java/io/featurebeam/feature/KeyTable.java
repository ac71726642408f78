package io.featurebeam.feature;

import io.featurebeam.columnar.Hashing;
import java.util.Arrays;

/**
 * Distinct byte strings numbered in order of arrival: an open-addressing hash table over one byte
 * array, no object per key.
 */
final class KeyTable {

  private byte[] data = new byte[256];
  private int[] ends = new int[17]; // key k is data[ends[k] .. ends[k + 1])
  private long[] hashes = new long[16];
  private int[] slots = new int[32]; // 0 is free, else key + 1
  private int size;

  int size() {
    return size;
  }

  byte[] key(int k) {
    return Arrays.copyOfRange(data, ends[k], ends[k + 1]);
  }

  /** The number of a key, or -1. */
  int find(byte[] source, int from, int to) {
    long hash = Hashing.hash(source, from, to);
    int mask = slots.length - 1;
    for (int slot = (int) hash & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
      int k = slots[slot] - 1;
      if (hashes[k] == hash && Arrays.equals(data, ends[k], ends[k + 1], source, from, to)) {
        return k;
      }
    }
    return -1;
  }

  /** The number of a key, which is added if it is new. */
  int add(byte[] source, int from, int to) {
    int found = find(source, from, to);
    if (found >= 0) {
      return found;
    }
    if (size == hashes.length) {
      grow();
    }
    int end = Math.addExact(ends[size], to - from);
    if (end > data.length) {
      data = Arrays.copyOf(data, (int) Math.max(end, Math.min(data.length * 2L, 0x7FFFFFF0L)));
    }
    System.arraycopy(source, from, data, ends[size], to - from);
    hashes[size] = Hashing.hash(source, from, to);
    ends[size + 1] = end;
    place(size);
    return size++;
  }

  private void grow() {
    hashes = Arrays.copyOf(hashes, size * 2);
    ends = Arrays.copyOf(ends, size * 2 + 1);
    slots = new int[size * 4];
    for (int k = 0; k < size; k++) {
      place(k);
    }
  }

  private void place(int k) {
    int mask = slots.length - 1;
    int slot = (int) hashes[k] & mask;
    while (slots[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = k + 1;
  }
}
