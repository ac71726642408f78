package io.featurebeam.aggregate;

import java.util.Arrays;

/** The items of one key in order of (time, sequence, hash), as slots of {@link LiveItems}. */
final class Timeline {

  private final LiveItems items;
  private int[] slots = new int[2];
  private int size;

  Timeline(LiveItems items) {
    this.items = items;
  }

  int size() {
    return size;
  }

  /** Of which the first {@link #size} are used. */
  int[] slots() {
    return slots;
  }

  int slot(int place) {
    return slots[place];
  }

  long time(int place) {
    return items.time(slots[place]);
  }

  /** Puts a slot where it belongs; the end is tried first, as most events come in order. */
  void insert(int slot) {
    int place = size;
    if (size > 0 && items.compare(slot, slots[size - 1]) < 0) {
      int low = 0;
      int high = size - 1;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (items.compare(slot, slots[middle]) < 0) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      place = low;
    }
    if (size == slots.length) {
      slots = Arrays.copyOf(slots, size + (size >> 1) + 1);
    }
    System.arraycopy(slots, place, slots, place + 1, size - place);
    slots[place] = slot;
    size++;
  }

  /** The first place whose time is at least {@code time}; the size if there is none. */
  int from(long time) {
    if (size == 0 || time(size - 1) < time) {
      return size;
    }
    int low = 0;
    int high = size - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (time(middle) < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The slot of the item of exactly this time; -1 if there is none. */
  int at(long time) {
    int place = from(time);
    return place < size && time(place) == time ? slots[place] : -1;
  }

  /** Forgets the first {@code count} places. */
  void removeFirst(int count) {
    size -= count;
    System.arraycopy(slots, count, slots, 0, size);
    if (size < slots.length / 4) {
      slots = Arrays.copyOf(slots, Math.max(2, size + (size >> 1)));
    }
  }
}
