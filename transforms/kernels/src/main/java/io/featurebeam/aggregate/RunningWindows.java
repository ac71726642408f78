package io.featurebeam.aggregate;

import io.featurebeam.aggregate.BoundAggregates.Frame;
import java.util.Arrays;
import java.util.List;

/**
 * The windows of the last row of one key, each a slot of {@link LiveItems}, from which those of the
 * next row are made: what comes in is merged, and what goes out is taken out ({@link
 * States#slide}). Only a part that cannot do that is merged anew, as all are after an event that
 * came late, out of {@link Blocks}. Not thread-safe.
 */
final class RunningWindows {

  private static final int NONE = -1;

  /** What all keys of a shard share. */
  static final class Shared {
    private final LiveItems items;
    private final List<Frame> frames;
    private final int[][] parts;
    private final Cover cover = new Cover();

    /**
     * @param parts by frame, those that its outputs read
     */
    Shared(LiveItems items, List<Frame> frames, int[][] parts) {
      this.items = items;
      this.frames = frames;
      this.parts = parts;
    }
  }

  private final Shared shared;

  /** By frame, and behind them the range of events that the row sees: places, exclusive. */
  private final int[] from;

  private final int[] to;

  /** By frame; none before a window was needed. */
  private final int[] slots;

  /** In the range. */
  private long events;

  RunningWindows(Shared shared) {
    this.shared = shared;
    int count = shared.frames.size();
    from = new int[count + 1];
    to = new int[count + 1];
    Arrays.fill(to, NONE);
    slots = new int[count];
    Arrays.fill(slots, NONE);
  }

  /** About where the window of a frame begins; of any value if there is none. */
  int from(int frame) {
    return from[frame];
  }

  /** Moves the window of a frame to these places, of which there are some; gives its slot. */
  int move(int frame, int newFrom, int newTo, Timeline line) {
    States[] states = shared.items.states();
    boolean near = isNear(frame, newFrom, newTo);
    if (slots[frame] == NONE) {
      slots[frame] = shared.items.addBlock();
    }
    int slot = slots[frame];
    boolean covered = false;
    for (int p : shared.parts[frame]) {
      States part = states[p];
      if (near && part.slide(slot, line.slots(), from[frame], newFrom, to[frame], newTo)) {
        continue;
      }
      if (!covered) {
        shared.cover.of(line, newFrom, newTo);
        covered = true;
      }
      part.clear(slot);
      part.mergeAll(slot, part, shared.cover.slots(), 0, shared.cover.size());
    }
    from[frame] = newFrom;
    to[frame] = newTo;
    return slot;
  }

  /** Whether it is less to move there than to begin anew. */
  private boolean isNear(int frame, int newFrom, int newTo) {
    return to[frame] != NONE
        && newFrom >= from[frame]
        && newTo >= to[frame]
        && (newFrom - from[frame]) + (newTo - to[frame]) < newTo - newFrom;
  }

  /** How many events there are at these places. */
  long events(int newFrom, int newTo, Timeline line) {
    int range = slots.length;
    if (newFrom >= newTo) {
      return 0;
    }
    LiveItems items = shared.items;
    if (isNear(range, newFrom, newTo)) {
      for (int place = to[range]; place < newTo; place++) {
        events += items.events(line.slot(place));
      }
      for (int place = from[range]; place < newFrom; place++) {
        events -= items.events(line.slot(place));
      }
    } else {
      shared.cover.of(line, newFrom, newTo);
      events = 0;
      for (int piece = 0; piece < shared.cover.size(); piece++) {
        events += items.events(shared.cover.slots()[piece]);
      }
    }
    from[range] = newFrom;
    to[range] = newTo;
    return events;
  }

  /** An item is put in at a place, and those from there on move up. */
  void inserted(int place) {
    for (int i = 0; i < to.length; i++) {
      if (place <= from[i]) {
        from[i]++;
        to[i] = to[i] == NONE ? NONE : to[i] + 1;
      } else if (place < to[i]) {
        to[i] = NONE;
      }
    }
  }

  /** The item at a place has changed. */
  void changed(int place) {
    for (int i = 0; i < to.length; i++) {
      if (from[i] <= place && place < to[i]) {
        to[i] = NONE;
      }
    }
  }

  /** The first places are dropped. */
  void removedFirst(int count) {
    for (int i = 0; i < to.length; i++) {
      to[i] = from[i] < count || to[i] == NONE ? NONE : to[i] - count;
      from[i] -= count;
    }
  }

  /** Gives back its slots; it is not used any more. */
  void free() {
    for (int slot : slots) {
      if (slot != NONE) {
        shared.items.removeBlock(slot);
      }
    }
  }
}
