package io.featurebeam.aggregate;

import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The items of one key in order of (time, sequence, hash), as slots of {@link LiveItems}. */
final class Timeline {

  /** No session ends before there is time. */
  static final long NO_END = Long.MIN_VALUE;

  /** Fewer items are merged sooner than their blocks are kept up. */
  private static final int MANY = 64;

  private final LiveItems items;
  private int[] slots = new int[2];
  private long[] times = new long[2];
  private int size;

  /** Of a key with few items there are none. */
  private @Nullable Blocks blocks;

  private @Nullable RunningWindows windows;

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

  int slot(int place) {
    return slots[place];
  }

  /** By place; what lies behind the size means nothing. */
  int[] slots() {
    return slots;
  }

  /** By place, as the slots. */
  long[] times() {
    return times;
  }

  long time(int place) {
    return times[place];
  }

  /** Puts a slot where it belongs; the end is tried first, as most events come in order. */
  void insert(int slot, long time) {
    int place = size;
    if (size > 0 && isBefore(slot, time, size - 1)) {
      int low = 0;
      int high = size - 1;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (isBefore(slot, time, middle)) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      place = low;
    }
    if (size == slots.length) {
      resize(size + (size >> 1) + 1);
    }
    System.arraycopy(slots, place, slots, place + 1, size - place);
    System.arraycopy(times, place, times, place + 1, size - place);
    slots[place] = slot;
    times[place] = time;
    size++;
    if (blocks != null) {
      blocks.inserted(place);
    }
    if (windows != null) {
      windows.inserted(place);
    }
  }

  private boolean isBefore(int slot, long time, int place) {
    return time < times[place]
        || (time == times[place] && items.compareTies(slot, slots[place]) < 0);
  }

  private void resize(int length) {
    slots = Arrays.copyOf(slots, length);
    times = Arrays.copyOf(times, length);
  }

  /** The first place whose time is at least {@code time}; the size if there is none. */
  int from(long time) {
    return from(time, 0);
  }

  /** The same, where it is likely to be a little behind another place. */
  int from(long time, int near) {
    if (size == 0 || times[size - 1] < time) {
      return size;
    }
    boolean isBehind = 0 < near && near < size && times[near - 1] < time;
    int low = isBehind ? near : 0; // all before it are too early
    int high = size - 1; // which is not
    int stride = 1;
    while (isBehind && low + stride <= high && times[low + stride - 1] < time) {
      low += stride;
      stride *= 2;
    }
    high = isBehind ? Math.min(high, low + stride - 1) : high;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times[middle] < time) {
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

  /** The slot of the item of exactly this time, which is about to change; -1 if there is none. */
  int changing(long time) {
    int place = from(time);
    if (place == size || time(place) != time) {
      return -1;
    }
    changed(place);
    return slots[place];
  }

  /** The item at a place has changed. */
  void changed(int place) {
    if (blocks != null) {
      blocks.changed(place);
    }
    if (windows != null) {
      windows.changed(place);
    }
  }

  /** Adds what items from one place to another, exclusive, are merged from. */
  void addBlocks(int from, int to, Cover cover) {
    if (to - from < MANY) {
      for (int place = from; place < to; place++) {
        cover.add(slots[place]);
      }
      return;
    }
    if (blocks == null) {
      blocks = new Blocks(items);
    }
    blocks.cover(from, to, slots, cover);
  }

  /** The windows of its last row; new ones before there was any. */
  RunningWindows windows(RunningWindows.Shared shared) {
    if (windows == null) {
      windows = new RunningWindows(shared);
    }
    return windows;
  }

  /** Forgets the first {@code count} places. */
  void removeFirst(int count) {
    if (blocks != null) {
      blocks.removedFirst(count);
    }
    size -= count;
    if (windows != null && size == 0) {
      windows.free();
      windows = null;
    } else if (windows != null) {
      windows.removedFirst(count);
    }
    System.arraycopy(slots, count, slots, 0, size);
    System.arraycopy(times, count, times, 0, size);
    if (size < slots.length / 4) {
      resize(Math.max(2, size + (size >> 1)));
    }
  }
}
