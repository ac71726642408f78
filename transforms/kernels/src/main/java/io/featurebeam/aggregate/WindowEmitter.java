package io.featurebeam.aggregate;

import io.featurebeam.aggregate.BoundAggregates.Frame;
import io.featurebeam.aggregate.BoundAggregates.Output;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import io.featurebeam.time.WindowBounds.Ties;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Computes the feature columns of one key after another: for each frame two pointers move over the
 * key's items, for each part a {@link Sliding} follows them, and the aggregates read the result.
 * Not thread-safe.
 */
final class WindowEmitter {

  private final List<Output> outputs;
  private final List<ColumnBuilder> builders;
  private final FrameSlider[] sliders;

  /** By part; slot 0 is the window of a row. */
  private final States[] window;

  WindowEmitter(BoundAggregates plan) {
    outputs = plan.outputs();
    builders = outputs.stream().map(o -> ColumnBuilder.of(o.type())).toList();
    sliders = new FrameSlider[plan.frames().size()];
    States[] kinds = plan.newStates();
    for (int f = 0; f < sliders.length; f++) {
      sliders[f] = new FrameSlider(plan.frames().get(f), f, kinds, plan.isSessionClose());
    }
    window = Arrays.stream(kinds).map(States::newStates).toArray(States[]::new);
    for (States part : window) {
      part.ensure(1);
    }
  }

  /**
   * Appends one value per row and output for a key's rows.
   *
   * @param items the states of the items
   * @param order the items in order of (key, time); the key's are from {@code from} to {@code to}
   * @param itemTimes the time of the item at each place of the order (the first time of a tile)
   * @param rowTimes the times of the key's rows, ascending
   * @param current the place in the order of the event that asks, per row; -1 for none
   * @param rows how many rows
   */
  void emit(
      States[] items,
      int[] order,
      int from,
      int to,
      long[] itemTimes,
      long[] rowTimes,
      int[] current,
      int rows) {
    for (FrameSlider slider : sliders) {
      slider.emit(items, order, from, to, itemTimes, rowTimes, current, rows);
    }
  }

  /** The same for one frame alone. */
  void emitFrame(
      int frame,
      States[] items,
      int[] order,
      int from,
      int to,
      long[] itemTimes,
      long[] rowTimes,
      int[] current,
      int rows) {
    sliders[frame].emit(items, order, from, to, itemTimes, rowTimes, current, rows);
  }

  /** By frame, the parts that its outputs read. */
  int[][] parts() {
    return Arrays.stream(sliders).map(slider -> slider.parts).toArray(int[][]::new);
  }

  /** Appends the values of one frame for a row whose window is a slot of these states. */
  void emitWindow(int frame, States[] states, int slot, long rowTime) {
    sliders[frame].finishItem(states, slot, rowTime);
  }

  /** Begins a window of one frame that is merged here. */
  void begin(int frame) {
    for (int part : sliders[frame].parts) {
      window[part].clear(0);
    }
  }

  /** Adds a slot to it. */
  void add(int frame, States[] states, int slot) {
    for (int part : sliders[frame].parts) {
      window[part].merge(0, states[part], slot);
    }
  }

  /** Adds the items at some places of the order to it. */
  void addAll(int frame, States[] states, int[] order, int from, int to) {
    for (int part : sliders[frame].parts) {
      window[part].mergeAll(0, states[part], order, from, to);
    }
  }

  /** Appends the values of one frame for a row whose window was merged here. */
  void emitAdded(int frame, long rowTime) {
    sliders[frame].finishItem(window, 0, rowTime);
  }

  /** The columns so far; it starts anew. */
  List<Column> build() {
    return builders.stream().map(ColumnBuilder::build).toList();
  }

  /** The outputs of one frame and the sliding states of the parts that they need. */
  private final class FrameSlider {
    private final Window window;
    private final WindowBounds bounds;

    /** Whether rows are at the ends of sessions, of which they see all. */
    private final boolean closing;

    private final int[] parts;
    private final Sliding[] sliding;
    private final States[] empty;
    private final States[] results;

    private final SeenItems seen = new SeenItems();

    /** How far the sliding states have come. */
    private int reached;

    private int reachedLo;
    private int reachedHi;

    /** Whether the results are those of the window and an item beside it. */
    private boolean withBeside;

    private final List<Output> frameOutputs = new ArrayList<>();
    private final List<ColumnBuilder> frameBuilders = new ArrayList<>();

    /**
     * Per output, the states that its aggregate reads, and where in {@code parts} they come from.
     */
    private final List<States[]> views = new ArrayList<>();

    private final List<int[]> sources = new ArrayList<>();

    FrameSlider(Frame frame, int index, States[] kinds, boolean closing) {
      window = frame.window();
      bounds = frame.bounds();
      this.closing = closing;
      for (int o = 0; o < outputs.size(); o++) {
        if (outputs.get(o).frame() == index) {
          frameOutputs.add(outputs.get(o));
          frameBuilders.add(builders.get(o));
        }
      }
      parts =
          frameOutputs.stream().flatMapToInt(o -> Arrays.stream(o.parts())).distinct().toArray();
      sliding = new Sliding[parts.length];
      empty = new States[parts.length];
      results = new States[parts.length];
      for (int p = 0; p < parts.length; p++) {
        States kind = kinds[parts[p]];
        // an item beside the window is merged into its state, which two stacks can do with any part
        sliding[p] = bounds.ties() == Ties.NONE ? new TwoStacks(kind) : kind.newSliding();
        empty[p] = kind.newStates();
        empty[p].ensure(1);
      }
      for (Output output : frameOutputs) {
        views.add(new States[output.parts().length]);
        sources.add(Arrays.stream(output.parts()).map(this::place).toArray());
      }
    }

    private int place(int part) {
      for (int p = 0; p < parts.length; p++) {
        if (parts[p] == part) {
          return p;
        }
      }
      throw new AssertionError("part " + part + " is not of this frame");
    }

    void emit(
        States[] items,
        int[] order,
        int from,
        int to,
        long[] itemTimes,
        long[] rowTimes,
        int[] current,
        int rows) {
      reached = Integer.MAX_VALUE; // none has begun
      int left = from;
      int hi = from;
      for (int row = 0; row < rows; row++) {
        while (hi < to && !bounds.endsBefore(itemTimes[hi], rowTimes[row])) {
          if (window.isSession()
              && hi > from
              && window.isParted(itemTimes[hi - 1], itemTimes[hi])) {
            left = hi;
          }
          hi++;
        }
        if (!window.isSession()) {
          long first = bounds.firstSeen(rowTimes[row], window);
          while (left < to && itemTimes[left] < first) {
            left++;
          }
        }
        boolean over =
            window.isSession()
                && !closing
                && hi > from
                && bounds.isOver(itemTimes[hi - 1], rowTimes[row], window);
        seen.find(bounds, over ? hi : left, hi, itemTimes, current[row]);
        show(items, order, rowTimes[row]);
      }
    }

    private void show(States[] items, int[] order, long rowTime) {
      int lo = seen.lo();
      int hi = seen.hi();
      int without = seen.without();
      int beside = seen.beside();
      if (hi == lo) {
        if (beside < 0) {
          finish(empty, 0, rowTime);
        } else {
          finishItem(items, order[beside], rowTime);
        }
        return;
      } else if (hi - lo == 1 && without < 0 && beside < 0) {
        finishItem(items, order[lo], rowTime);
        return;
      }
      int until = without < 0 ? hi : without;
      boolean same = lo == reachedLo && hi == reachedHi && until == reached;
      if (!same || beside >= 0 || withBeside) { // rows between two events see the same
        slide(items, order, lo, hi, until, beside);
      }
      finish(results, 0, rowTime);
    }

    private void slide(States[] items, int[] order, int lo, int hi, int until, int beside) {
      if (until < reached || lo < reachedLo || hi < reachedHi) { // at first, or counting goes back
        for (int p = 0; p < parts.length; p++) {
          sliding[p].begin(items[parts[p]], order);
        }
      }
      reached = until;
      reachedLo = lo;
      reachedHi = hi;
      withBeside = beside >= 0;
      for (int p = 0; p < parts.length; p++) {
        sliding[p].slide(lo, hi, until);
        results[p] = sliding[p].result();
        if (beside >= 0) {
          results[p].merge(0, items[parts[p]], order[beside]);
        }
      }
    }

    private void finishItem(States[] items, int slot, long rowTime) {
      for (int o = 0; o < views.size(); o++) {
        States[] view = views.get(o);
        int[] outputParts = frameOutputs.get(o).parts();
        for (int s = 0; s < view.length; s++) {
          view[s] = items[outputParts[s]];
        }
        frameOutputs.get(o).aggregate().finish(view, slot, rowTime, window, frameBuilders.get(o));
      }
    }

    /** Lets each aggregate read its parts among {@code states}, which are in the order of parts. */
    private void finish(States[] states, int slot, long rowTime) {
      for (int o = 0; o < views.size(); o++) {
        States[] view = views.get(o);
        int[] source = sources.get(o);
        for (int s = 0; s < view.length; s++) {
          view[s] = states[source[s]];
        }
        frameOutputs.get(o).aggregate().finish(view, slot, rowTime, window, frameBuilders.get(o));
      }
    }
  }
}
