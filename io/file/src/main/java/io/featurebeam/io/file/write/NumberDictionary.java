package io.featurebeam.io.file.write;

import java.util.Arrays;

/** Distinct 64-bit patterns in the order they came, each found by its bits; open addressing. */
final class NumberDictionary {

  private final int maxEntries;
  private int[] slots = new int[1 << 9];
  private long[] entries = new long[1 << 8];
  private int size;

  /** Of at most so many entries. */
  NumberDictionary(int maxEntries) {
    this.maxEntries = maxEntries;
  }

  int size() {
    return size;
  }

  long[] entries() {
    return entries;
  }

  void clear() {
    Arrays.fill(slots, 0);
    size = 0;
  }

  /** The code of {@code bits}, new if need be; -1 if the dictionary is full. */
  int code(long bits) {
    int mask = slots.length - 1;
    int slot = slot(bits, mask);
    while (slots[slot] != 0) {
      int code = slots[slot] - 1;
      if (entries[code] == bits) {
        return code;
      }
      slot = (slot + 1) & mask;
    }
    if (size == maxEntries) {
      return -1;
    }
    if (size == entries.length) {
      entries = Arrays.copyOf(entries, size * 2);
    }
    entries[size] = bits;
    slots[slot] = ++size;
    if (size * 2 > slots.length) {
      rehash();
    }
    return size - 1;
  }

  private static int slot(long bits, int mask) {
    long mixed = bits * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 40) & mask;
  }

  private void rehash() {
    slots = new int[slots.length * 2];
    int mask = slots.length - 1;
    for (int code = 0; code < size; code++) {
      int slot = slot(entries[code], mask);
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = code + 1;
    }
  }

  long memoryBytes() {
    return 4L * slots.length + 8L * entries.length;
  }
}
