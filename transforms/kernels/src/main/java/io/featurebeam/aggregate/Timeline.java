package io.featurebeam.aggregate;

import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.util.Arrays;

/** The items of one key in order of (time, sequence, hash), as slots of {@link LiveItems}. */
final class Timeline {

  /** No session ends before there is time. */
  static final long NO_END = Long.MIN_VALUE;

  private final LiveItems items;
  private int[] slots = new int[2];
  private int size;

  /**
   * With a row per session: when the first of them is looked at next, to see whether it is over.
   */
  private long firstEnd = NO_END;

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

  /** The first place that a row at {@code t} comes too early to see. */
  int until(WindowBounds bounds, long t) {
    if (size == 0 || !bounds.endsBefore(time(size - 1), t)) {
      return size;
    }
    int low = 0;
    int high = size - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (bounds.endsBefore(time(middle), t)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** The first place of the session that the item at a place is in. */
  int sessionStart(Window session, int place) {
    int first = place;
    while (first > 0 && !session.isParted(time(first - 1), time(first))) {
      first--;
    }
    return first;
  }

  /** The last place of the session that the item at a place is in. */
  int sessionLast(Window session, int place) {
    int last = place;
    while (last + 1 < size && !session.isParted(time(last), time(last + 1))) {
      last++;
    }
    return last;
  }

  long firstEnd() {
    return firstEnd;
  }

  void setFirstEnd(long end) {
    firstEnd = end;
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
