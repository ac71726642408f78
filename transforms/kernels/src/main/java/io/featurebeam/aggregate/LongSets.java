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

  /**
   * A set begins with two places and grows fourfold: most stay that small, the rest soon arrive.
   */
  private static final int FIRST_CLASS = 1;

  private static final int GROWTH_CLASSES = 2;

  private long[] places = new long[64];
  private int used;

  /** Places in blocks that are not free. */
  private int live;

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
      block = FIRST_CLASS;
      sizeClass[slot] = FIRST_CLASS;
      start[slot] = allocate(FIRST_CLASS);
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
    resize(slot, sizeClass[slot] + GROWTH_CLASSES);
  }

  /** Makes room for {@code more} numbers beside those that are in the set. */
  void reserve(int slot, int more) {
    int needed = count[slot] + more;
    int block = 32 - Integer.numberOfLeadingZeros(Math.max(1, needed - 1));
    if (block > 3) {
      block = 32 - Integer.numberOfLeadingZeros(needed * 4 / 3);
    }
    if (sizeClass[slot] < 0) {
      sizeClass[slot] = (byte) block;
      start[slot] = allocate(block);
    } else if (block > sizeClass[slot]) {
      resize(slot, block);
    }
  }

  private void resize(int slot, int newClass) {
    int oldStart = start[slot];
    int oldClass = sizeClass[slot];
    int newStart = allocate(newClass);
    start[slot] = newStart;
    sizeClass[slot] = (byte) newClass;
    int mask = (1 << newClass) - 1;
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
    live += 1 << block;
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
    live -= 1 << block;
    Arrays.fill(places, at, at + (1 << block), 0);
    if (freeCount[block] == free[block].length) {
      free[block] =
          Arrays.copyOf(free[block], States.grown(free[block].length, freeCount[block] + 1));
    }
    free[block][freeCount[block]++] = at;
  }

  /** Of the blocks in use and of the first {@code slots} slots. */
  long byteSize(int slots) {
    return 8L * live + 9L * slots;
  }
}
