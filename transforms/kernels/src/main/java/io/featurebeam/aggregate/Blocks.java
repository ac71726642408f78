package io.featurebeam.aggregate;

import java.util.Arrays;

/**
 * Merged states of neighbouring items of one key, so that a long window is the merge of a few of
 * them: block n of level l holds the items numbered {@code n F^l} to {@code (n + 1) F^l - 1}, where
 * F is {@value #FANOUT}, and items are numbered by place, on from those that were dropped. A block
 * is made when a row first asks for it, out of those of the level below, and is thrown away when an
 * item is put before its end: so what a late event costs is like the number of rows that it
 * changes.
 */
final class Blocks {

  static final int FANOUT = 4;
  private static final int FANOUT_BITS = 2;
  private static final int NONE = -1;

  private final LiveItems items;

  /** The number of the item in the first place. */
  private long base;

  /** By level: the slots of blocks, of which the first is that of the item numbered base. */
  private int[][] levels = {};

  /** Behind the last item of a block there is. */
  private long end = Long.MIN_VALUE;

  Blocks(LiveItems items) {
    this.items = items;
  }

  /**
   * Appends pieces that make up places {@code from} to {@code to}, exclusive: the largest blocks,
   * and items.
   */
  void cover(int from, int to, int[] slots, Cover out) {
    int place = from;
    while (place < to) {
      long number = base + place;
      int level = 0;
      int size = 1;
      while ((number & ((long) size * FANOUT - 1)) == 0 && size <= (to - place) / FANOUT) {
        level++;
        size *= FANOUT;
      }
      out.add(level == 0 ? slots[place] : block(level, number, slots));
      place += size;
    }
  }

  private int block(int level, long number, int[] slots) {
    int[] blocks = level(level);
    int at = index(level, number);
    if (at >= blocks.length) {
      int old = blocks.length;
      blocks = Arrays.copyOf(blocks, at + (at >> 1) + 1);
      Arrays.fill(blocks, old, blocks.length, NONE);
      levels[level - 1] = blocks;
    }
    if (blocks[at] == NONE) {
      int slot = items.addBlock();
      blocks[at] = slot;
      long size = 1L << (FANOUT_BITS * (level - 1));
      if (level == 1) {
        int first = (int) (number - base);
        items.mergeAll(slot, slots, first, first + FANOUT);
      } else {
        for (int child = 0; child < FANOUT; child++) {
          block(level - 1, number + child * size, slots);
        }
        int first = index(level - 1, number);
        items.mergeAll(slot, levels[level - 2], first, first + FANOUT);
      }
      end = Math.max(end, number + FANOUT * size);
    }
    return blocks[at];
  }

  private int[] level(int level) {
    if (level > levels.length) {
      int old = levels.length;
      levels = Arrays.copyOf(levels, level);
      for (int l = old; l < level; l++) {
        levels[l] = new int[0];
      }
    }
    return levels[level - 1];
  }

  private int index(int level, long number) {
    int bits = FANOUT_BITS * level;
    return (int) ((number >> bits) - (base >> bits));
  }

  /** An item is put in at a place, and those from there on move up. */
  void inserted(int place) {
    forget(base + place, Long.MAX_VALUE);
  }

  /** The item at a place has changed. */
  void changed(int place) {
    forget(base + place, base + place + 1);
  }

  /** Throws away the blocks that hold an item of these numbers. */
  private void forget(long from, long to) {
    if (from >= end) {
      return;
    }
    for (int level = 1; level <= levels.length; level++) {
      int[] blocks = levels[level - 1];
      int first = index(level, from);
      int last = Math.min(index(level, Math.min(to, end) - 1), blocks.length - 1);
      for (int i = first; i <= last; i++) {
        drop(blocks, i);
      }
    }
    end = to < end ? end : from;
  }

  private void drop(int[] blocks, int index) {
    if (blocks[index] != NONE) {
      items.removeBlock(blocks[index]);
      blocks[index] = NONE;
    }
  }

  /** The first places are dropped. */
  void removedFirst(int count) {
    long newBase = base + count;
    for (int level = 1; level <= levels.length; level++) {
      int[] blocks = levels[level - 1];
      int bits = FANOUT_BITS * level;
      int whole = (int) (((newBase + (1L << bits) - 1) >> bits) - (base >> bits));
      for (int i = 0; i < Math.min(whole, blocks.length); i++) {
        drop(blocks, i);
      }
      int moved = Math.min(blocks.length, (int) ((newBase >> bits) - (base >> bits)));
      levels[level - 1] = Arrays.copyOfRange(blocks, moved, lastUsed(blocks, moved));
    }
    base = newBase;
  }

  private static int lastUsed(int[] blocks, int from) {
    int last = blocks.length;
    while (last > from && blocks[last - 1] == NONE) {
      last--;
    }
    return last;
  }
}
