package io.featurebeam.aggregate;

import io.featurebeam.aggregate.BoundAggregates.Frame;
import io.featurebeam.aggregate.BoundAggregates.Output;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
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

  WindowEmitter(BoundAggregates plan) {
    outputs = plan.outputs();
    builders = outputs.stream().map(o -> ColumnBuilder.of(o.type())).toList();
    sliders = new FrameSlider[plan.frames().size()];
    States[] kinds = plan.newStates();
    for (int f = 0; f < sliders.length; f++) {
      sliders[f] = new FrameSlider(plan.frames().get(f), f, kinds, plan.isSessionClose());
    }
  }

  /**
   * Appends one value per row and output for a key's rows.
   *
   * @param items the states of the items
   * @param order the items in order of (key, time); the key's are from {@code from} to {@code to}
   * @param itemTimes the time of the item at each place of the order (the first time of a tile)
   * @param rowTimes the times of the key's rows, ascending
   * @param current the place in the order of the event that asks, per row; used to exclude it
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
        sliding[p] = kind.newSliding();
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
      int reached = Integer.MAX_VALUE; // how far the sliding states have come; none has begun
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
        int lo = over ? hi : Math.min(left, hi);
        boolean without = bounds.excludeCurrent() && current[row] >= lo && current[row] < hi;
        if (bounds.rowCap() > 0) {
          without = without && current[row] >= hi - bounds.rowCap(); // else the cap leaves it out
          lo = Math.max(lo, hi - bounds.rowCap() - (without ? 1 : 0));
        }
        if (hi == lo) {
          finish(empty, 0, rowTimes[row]);
        } else if (hi - lo == 1 && !without) {
          finishItem(items, order[lo], rowTimes[row]);
        } else {
          int until = without ? current[row] : hi;
          if (until < reached) { // at first, and where ties beyond a row cap would make it go back
            for (int p = 0; p < parts.length; p++) {
              sliding[p].begin(items[parts[p]], order);
            }
          }
          reached = until;
          slide(lo, hi, until, rowTimes[row]);
        }
      }
    }

    /** The window from lo to hi; the item at {@code without} is left out unless that is hi. */
    private void slide(int lo, int hi, int without, long rowTime) {
      for (int p = 0; p < parts.length; p++) {
        sliding[p].slide(lo, hi, without);
        results[p] = sliding[p].result();
      }
      finish(results, 0, rowTime);
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
