package io.featurebeam.aggregate;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import java.util.Arrays;
import java.util.List;

/**
 * The {@link Drawdown} of a window over items that come one after another in time, as the plans'
 * items do: of each the largest and smallest value and its fall are enough, so a slide costs a
 * constant number of steps on average, however the values go. Should items overlap in time, their
 * states are merged instead.
 */
final class DrawdownSliding extends Sliding {

  private static final int NONE = -1;

  private final Segments segments = new Segments();
  private final TwoStacks bySegments = new TwoStacks(segments);
  private final TwoStacks byMerging = new TwoStacks(new Drawdown.Stairs());
  private Drawdown.Stairs items = new Drawdown.Stairs();
  private int[] order = {};

  /** Up to where in the order items are known as segments; {@link #NONE} before the first slide. */
  private int known;

  /** The last item so far that holds values. */
  private int previous;

  private boolean overlap;

  @Override
  public void begin(States newItems, int[] newOrder) {
    items = (Drawdown.Stairs) newItems;
    order = newOrder;
    bySegments.begin(segments, order);
    known = NONE;
    previous = NONE;
    overlap = false;
  }

  @Override
  public void slide(int lo, int hi, int without) {
    if (known < lo) {
      known = lo;
      previous = NONE;
    }
    boolean overlapped = overlap;
    for (; known < hi; known++) {
      know(order[known]);
    }
    if (overlap && !overlapped) {
      byMerging.begin(items, order);
    }
    if (overlap) {
      byMerging.slide(lo, hi, without);
    } else {
      bySegments.slide(lo, hi, without);
    }
  }

  private void know(int item) {
    segments.ensure(item + 1);
    segments.clear(item);
    segments.hasNaN[item] = items.hasNaN(item);
    if (!items.holdsValues(item)) {
      return;
    }
    overlap |= previous != NONE && !items.isBefore(previous, item);
    previous = item;
    segments.largest[item] = items.largest(item);
    segments.smallest[item] = items.smallest(item);
    segments.falls[item] = items.fall(item);
  }

  @Override
  public States result() {
    return overlap ? byMerging.result() : bySegments.result();
  }

  /** What matters of a stretch of time to those before and after it. They do not leave the JVM. */
  private static final class Segments extends States implements Drawdown.Fall {
    private double[] largest = {};
    private double[] smallest = {};
    private double[] falls = {};
    private boolean[] hasNaN = {};

    private boolean holdsValues(int slot) {
      return largest[slot] >= smallest[slot];
    }

    @Override
    public boolean isEmpty(int slot) {
      return !holdsValues(slot) && !hasNaN[slot];
    }

    @Override
    public double fall(int slot) {
      return hasNaN[slot] ? Double.NaN : falls[slot];
    }

    @Override
    public States newStates() {
      return new Segments();
    }

    @Override
    public void ensure(int slots) {
      int old = falls.length;
      if (slots > old) {
        int length = grown(old, slots);
        largest = Arrays.copyOf(largest, length);
        smallest = Arrays.copyOf(smallest, length);
        falls = Arrays.copyOf(falls, length);
        hasNaN = Arrays.copyOf(hasNaN, length);
        for (int slot = old; slot < length; slot++) {
          clear(slot);
        }
      }
    }

    @Override
    public void clear(int slot) {
      largest[slot] = Double.NEGATIVE_INFINITY;
      smallest[slot] = Double.POSITIVE_INFINITY;
      falls[slot] = 0;
      hasNaN[slot] = false;
    }

    /** Puts a later stretch behind a slot's. */
    @Override
    public void merge(int slot, States from, int fromSlot) {
      Segments later = (Segments) from;
      hasNaN[slot] |= later.hasNaN[fromSlot];
      if (!later.holdsValues(fromSlot)) {
        return;
      }
      double across =
          holdsValues(slot) && largest[slot] > later.smallest[fromSlot]
              ? largest[slot] - later.smallest[fromSlot]
              : 0;
      falls[slot] = Math.max(across, Math.max(falls[slot], later.falls[fromSlot]));
      largest[slot] = Math.max(largest[slot], later.largest[fromSlot]);
      smallest[slot] = Math.min(smallest[slot], later.smallest[fromSlot]);
    }

    @Override
    public void accumulate(Inputs in, int[] slots) {
      throw new UnsupportedOperationException("made of states, not of records");
    }

    @Override
    public List<FieldType> savedTypes() {
      throw new UnsupportedOperationException("a window is not saved");
    }

    @Override
    public List<Column> save(int[] slots) {
      throw new UnsupportedOperationException("a window is not saved");
    }

    @Override
    public void mergeSaved(List<Column> saved, int[] slots) {
      throw new UnsupportedOperationException("a window is not saved");
    }

    @Override
    public long byteSize(int slots) {
      return 25L * slots;
    }
  }
}
