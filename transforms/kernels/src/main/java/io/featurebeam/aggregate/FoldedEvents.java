package io.featurebeam.aggregate;

import io.featurebeam.aggregate.BoundAggregates.Frame;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.util.Arrays;
import java.util.List;

/**
 * By key all events before some time, of which windows without a beginning show one thing only: a
 * lifetime all of them, a session those since it began. So they are one state for each such window,
 * which takes their place before the events that follow. Not thread-safe.
 */
final class FoldedEvents {

  private final BoundAggregates plan;

  /** The lifetime, if there is one, and the sessions. */
  private final List<Window> windows;

  /** By frame its place among the windows; of frames that are none of them it means nothing. */
  private final int[] windowOf;

  private final int latest;
  private final States[] states;
  private boolean[] any = {};

  /** By key the time of the last event. */
  private long[] last = {};

  FoldedEvents(BoundAggregates plan) {
    this.plan = plan;
    List<Frame> frames = plan.frames();
    windows =
        frames.stream()
            .map(Frame::window)
            .filter(window -> !window.hasLength())
            .distinct()
            .toList();
    windowOf = frames.stream().mapToInt(f -> Math.max(0, windows.indexOf(f.window()))).toArray();
    latest =
        (int)
            frames.stream()
                .filter(f -> !f.window().hasLength())
                .mapToLong(f -> (long) f.bounds().rowCap() + f.bounds().rowDelay())
                .map(rows -> Math.min(Integer.MAX_VALUE, rows))
                .max()
                .orElse(0);
    states = plan.newStates();
  }

  /** How many states there are for a key. */
  int width() {
    return windows.size();
  }

  /** Which of them a frame shows. */
  int windowOf(int frame) {
    return windowOf[frame];
  }

  /** How many of a key's latest events must not be folded, as some window counts them. */
  int latest() {
    return latest;
  }

  /** Rows from {@code t} on tell only events from here on apart. */
  long firstToldApart(long t) {
    long first = plan.firstToldApart(t);
    for (Frame frame : plan.frames()) {
      if (frame.window().isSession()) {
        WindowBounds bounds = frame.bounds();
        long right = t - bounds.delayMicros();
        first = Math.min(first, right > t ? Long.MIN_VALUE : right);
      }
    }
    return first;
  }

  boolean has(int key) {
    return key < any.length && any[key];
  }

  long last(int key) {
    return last[key];
  }

  /**
   * Adds a key's next events.
   *
   * @param events the states of all events
   * @param slots their slots at {@code from} to {@code to}, exclusive, in order of time
   * @param times their times, at the same places
   */
  void fold(int key, States[] events, int[] slots, long[] times, int from, int to) {
    if (from == to) {
      return;
    }
    ensure(key + 1);
    for (int w = 0; w < windows.size(); w++) {
      int slot = key * windows.size() + w;
      int begin = windows.get(w).isSession() ? sessionBegin(w, times, from, to) : from;
      boolean anew = begin > from || (begin == from && isParted(key, w, times[from]));
      for (int p = 0; p < states.length; p++) {
        if (anew) {
          states[p].clear(slot);
        }
        for (int place = begin; place < to; place++) {
          states[p].mergeExact(slot, events[p], slots[place]);
        }
      }
    }
    any[key] = true;
    last[key] = times[to - 1];
  }

  /** Where the last session begins, if it is here. */
  private int sessionBegin(int window, long[] times, int from, int to) {
    int begin = to - 1;
    while (begin > from && !windows.get(window).isParted(times[begin - 1], times[begin])) {
      begin--;
    }
    return begin;
  }

  private boolean isParted(int key, int window, long next) {
    return any[key]
        && windows.get(window).isSession()
        && windows.get(window).isParted(last[key], next);
  }

  /** Makes a key have what a key of others has, of the same plan. */
  void set(int key, FoldedEvents from, int fromKey) {
    ensure(key + 1);
    clear(key);
    if (from.has(fromKey)) {
      for (int w = 0; w < windows.size(); w++) {
        for (int p = 0; p < states.length; p++) {
          states[p].mergeExact(
              key * windows.size() + w, from.states[p], fromKey * windows.size() + w);
        }
      }
      any[key] = true;
      last[key] = from.last[fromKey];
    }
  }

  /** Forgets a key's events. */
  void clear(int key) {
    if (has(key)) {
      for (States part : states) {
        for (int w = 0; w < windows.size(); w++) {
          part.clear(key * windows.size() + w);
        }
      }
      any[key] = false;
    }
  }

  /** Puts a key's states into empty slots, from this one on. */
  void copy(int key, States[] into, int slot) {
    for (int p = 0; p < states.length; p++) {
      for (int w = 0; w < windows.size(); w++) {
        into[p].mergeExact(slot + w, states[p], key * windows.size() + w);
      }
    }
  }

  private void ensure(int keys) {
    if (keys > any.length) {
      int length = States.grown(any.length, keys);
      any = Arrays.copyOf(any, length);
      last = Arrays.copyOf(last, length);
    }
    for (States part : states) {
      part.ensure(keys * windows.size());
    }
  }
}
