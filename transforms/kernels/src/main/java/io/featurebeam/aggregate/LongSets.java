package io.featurebeam.aggregate;

import java.util.Arrays;

/**
 * Small sets of 64-bit numbers, one per slot, in one array: a set is a block of a power of two
 * places, open addressing inside it. A block that was outgrown is used again for another set of its
 * size, so millions of sets of one to three numbers make no objects. 0 marks a free place; a number
 * 0 is taken as 1.
 */
final class LongSets {

  private static final int CLASSES = 31;

  private long[] places = new long[64];
  private int used;
  private int[] start = {};
  private int[] count = {};
  private byte[] sizeClass = {};
  private final int[][] free = new int[CLASSES][0];
  private final int[] freeCount = new int[CLASSES];

  void ensure(int slots) {
    if (slots > start.length) {
      int length = States.grown(start.length, slots);
      int old = start.length;
      start = Arrays.copyOf(start, length);
      count = Arrays.copyOf(count, length);
      sizeClass = Arrays.copyOf(sizeClass, length);
      Arrays.fill(sizeClass, old, length, (byte) -1);
    }
  }

  int count(int slot) {
    return count[slot];
  }

  /** The array in which the numbers of a slot lie, between free places of 0. */
  long[] places() {
    return places;
  }

  int start(int slot) {
    return start[slot];
  }

  int end(int slot) {
    return sizeClass[slot] < 0 ? start[slot] : start[slot] + (1 << sizeClass[slot]);
  }

  void clear(int slot) {
    if (sizeClass[slot] >= 0) {
      release(start[slot], sizeClass[slot]);
      sizeClass[slot] = -1;
    }
    count[slot] = 0;
  }

  void add(int slot, long number) {
    long value = number == 0 ? 1 : number;
    int block = sizeClass[slot];
    if (block < 0) {
      block = 0;
      sizeClass[slot] = 0;
      start[slot] = allocate(0);
    }
    int mask = (1 << block) - 1;
    int base = start[slot];
    int at = (int) value & mask;
    for (int probe = 0; probe <= mask; probe++) {
      long there = places[base + at];
      if (there == value) {
        return;
      }
      if (there == 0) {
        if (block > 3 && count[slot] * 4 >= 3 << block) {
          break; // too full to be quick
        }
        places[base + at] = value;
        count[slot]++;
        return;
      }
      at = (at + 1) & mask;
    }
    grow(slot);
    add(slot, value);
  }

  void addAll(int slot, LongSets from, int fromSlot) {
    int end = from.end(fromSlot);
    for (int i = from.start(fromSlot); i < end; i++) {
      long value = from.places[i];
      if (value != 0) {
        add(slot, value);
      }
    }
  }

  private void grow(int slot) {
    int oldStart = start[slot];
    int oldClass = sizeClass[slot];
    int newStart = allocate(oldClass + 1);
    start[slot] = newStart;
    sizeClass[slot] = (byte) (oldClass + 1);
    int mask = (2 << oldClass) - 1;
    for (int i = oldStart; i < oldStart + (1 << oldClass); i++) {
      long value = places[i];
      if (value != 0) {
        int at = (int) value & mask;
        while (places[newStart + at] != 0) {
          at = (at + 1) & mask;
        }
        places[newStart + at] = value;
      }
    }
    release(oldStart, oldClass);
  }

  private int allocate(int block) {
    if (freeCount[block] > 0) {
      return free[block][--freeCount[block]];
    }
    int at = used;
    used = Math.addExact(used, 1 << block);
    if (used > places.length) {
      places = Arrays.copyOf(places, States.grown(places.length, used));
    }
    return at;
  }

  private void release(int at, int block) {
    Arrays.fill(places, at, at + (1 << block), 0);
    if (freeCount[block] == free[block].length) {
      free[block] =
          Arrays.copyOf(free[block], States.grown(free[block].length, freeCount[block] + 1));
    }
    free[block][freeCount[block]++] = at;
  }

  long byteSize() {
    return 8L * places.length + 9L * start.length;
  }
}
