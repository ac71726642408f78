package io.featurebeam.aggregate;

import java.util.Arrays;

/** What neighbouring items of a key are merged from: {@link Blocks}, and items. Not thread-safe. */
final class Cover {

  private int[] slots = new int[16];
  private int size;

  /** Takes the items from one place to another, exclusive. */
  void of(Timeline line, int from, int to) {
    size = 0;
    line.addBlocks(from, to, this);
  }

  void add(int slot) {
    if (size == slots.length) {
      slots = Arrays.copyOf(slots, 2 * size);
    }
    slots[size++] = slot;
  }

  int size() {
    return size;
  }

  int[] slots() {
    return slots;
  }
}
