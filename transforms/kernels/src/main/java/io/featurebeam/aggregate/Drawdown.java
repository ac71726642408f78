package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The largest fall of a column from a value to a later one, in order of event time: 0 if it never
 * falls. Nulls are left out; null if there is no other value. NaN makes it NaN. float64; an int64
 * is taken as the nearest double. Events of equal time are ordered as for {@link Last}.
 *
 * <p>Partial states of one tile may hold events that lie between each other's, so it is not enough
 * for a state to know its largest fall. It keeps each value that is above all earlier ones, from
 * which a fall may start, and each that is below all later ones, where one may end; whatever comes
 * to lie in between, no other value can matter. Of n values in no order that is about 2 ln n; of
 * values that only rise or only fall it is all of them. Windows slide over whole tiles in order of
 * time, for which (largest, smallest, fall) is enough, see {@link DrawdownSliding}.
 *
 * @param column an int64 or float64 column
 */
public record Drawdown(String column) implements Aggregate, Part {

  @Override
  public List<Part> parts() {
    return List.of(this);
  }

  @Override
  public List<String> inputs() {
    return List.of(column);
  }

  @Override
  public boolean isOrdered() {
    return true;
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    ColumnTypes.numeric("drawdown", schema, column);
    return FieldType.FLOAT64;
  }

  @Override
  public States newStates(RecordSchema schema) {
    return new Stairs();
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    Fall fall = (Fall) parts[0];
    if (fall.isEmpty(slot)) {
      out.appendNull();
    } else {
      out.appendDouble(fall.fall(slot));
    }
  }

  /** What the result is read from: states of tiles, or of a window. */
  interface Fall {
    boolean isEmpty(int slot);

    /** The largest fall; NaN if there was a NaN. */
    double fall(int slot);
  }

  /**
   * Per slot two flights of events in ascending order of time, and of value: {@code peaks}, each
   * above all that are earlier, and {@code troughs}, each below all that are later.
   */
  static final class Stairs extends States implements Fall {
    private static final Stair NONE = new Stair(0);
    private Stair[] peaks = {};
    private Stair[] troughs = {};
    private boolean[] hasNaN = {};
    private long kept;

    /** Events in order: of each the time, the sequence, the hash and the bits of the value. */
    private static final class Stair {
      private static final int WIDTH = 4;
      private final long[] events;
      private int size;

      Stair(int capacity) {
        events = new long[capacity * WIDTH];
      }

      double value(int i) {
        return Double.longBitsToDouble(events[i * WIDTH + 3]);
      }

      private int compare(int i, long time, long sequence, long hash) {
        int order = Long.compare(events[i * WIDTH], time);
        order = order != 0 ? order : Long.compare(events[i * WIDTH + 1], sequence);
        return order != 0 ? order : Long.compare(events[i * WIDTH + 2], hash);
      }

      int compare(int i, Stair other, int o) {
        long[] theirs = other.events;
        int at = o * WIDTH;
        return compare(i, theirs[at], theirs[at + 1], theirs[at + 2]);
      }

      /** How many events are before this one. */
      int before(long time, long sequence, long hash) {
        int low = 0;
        int high = size;
        while (low < high) {
          int middle = (low + high) >>> 1;
          if (compare(middle, time, sequence, hash) < 0) {
            low = middle + 1;
          } else {
            high = middle;
          }
        }
        return low;
      }

      private int capacity() {
        return events.length / WIDTH;
      }
    }

    @Override
    public boolean isEmpty(int slot) {
      return !holdsValues(slot) && !hasNaN[slot];
    }

    @Override
    public double fall(int slot) {
      if (hasNaN[slot]) {
        return Double.NaN;
      }
      Stair from = peaks[slot];
      Stair to = troughs[slot];
      double fall = 0;
      int peak = -1; // the last at or before the trough: the highest
      for (int trough = 0; trough < to.size; trough++) {
        while (peak + 1 < from.size && from.compare(peak + 1, to, trough) <= 0) {
          peak++;
        }
        if (peak >= 0 && from.value(peak) > to.value(trough)) {
          fall = Math.max(fall, from.value(peak) - to.value(trough));
        }
      }
      return fall;
    }

    boolean holdsValues(int slot) {
      return peaks[slot].size > 0;
    }

    double largest(int slot) {
      return peaks[slot].value(peaks[slot].size - 1);
    }

    double smallest(int slot) {
      return troughs[slot].value(0);
    }

    boolean hasNaN(int slot) {
      return hasNaN[slot];
    }

    /** Whether every event of a slot is before those of another; neither is empty. */
    boolean isBefore(int slot, int later) {
      // the first event is a peak and the last one a trough
      return troughs[slot].compare(troughs[slot].size - 1, peaks[later], 0) < 0;
    }

    private void add(int slot, long time, long sequence, long hash, double value) {
      if (Double.isNaN(value)) {
        hasNaN[slot] = true;
        return;
      }
      addPeak(slot, time, sequence, hash, value);
      addTrough(slot, time, sequence, hash, value);
    }

    private void addPeak(int slot, long time, long sequence, long hash, double value) {
      Stair stair = peaks[slot];
      int at = stair.before(time, sequence, hash);
      if (at > 0 && stair.value(at - 1) >= value) {
        return;
      }
      int end = at;
      while (end < stair.size && stair.value(end) <= value) {
        end++;
      }
      peaks[slot] = replaced(stair, at, end, time, sequence, hash, value);
    }

    private void addTrough(int slot, long time, long sequence, long hash, double value) {
      Stair stair = troughs[slot];
      int at = stair.before(time, sequence, hash);
      if (at < stair.size && stair.value(at) <= value) {
        return;
      }
      int start = at;
      while (start > 0 && stair.value(start - 1) >= value) {
        start--;
      }
      troughs[slot] = replaced(stair, start, at, time, sequence, hash, value);
    }

    /** One event in the place of those from {@code from} to {@code to}. */
    private Stair replaced(
        Stair stair, int from, int to, long time, long sequence, long hash, double value) {
      Stair target = stair;
      int size = stair.size + 1 - (to - from);
      if (size > stair.capacity()) {
        target = new Stair(Math.max(2, size * 3 / 2));
        kept += target.events.length - stair.events.length;
        System.arraycopy(stair.events, 0, target.events, 0, from * Stair.WIDTH);
      }
      System.arraycopy(
          stair.events,
          to * Stair.WIDTH,
          target.events,
          (from + 1) * Stair.WIDTH,
          (stair.size - to) * Stair.WIDTH);
      int at = from * Stair.WIDTH;
      target.events[at] = time;
      target.events[at + 1] = sequence;
      target.events[at + 2] = hash;
      target.events[at + 3] = Double.doubleToRawLongBits(value);
      target.size = size;
      return target;
    }

    private void merge(int slot, Stair from, boolean asPeaks) {
      for (int i = 0; i < from.size; i++) {
        long[] events = from.events;
        int at = i * Stair.WIDTH;
        if (asPeaks) {
          addPeak(slot, events[at], events[at + 1], events[at + 2], from.value(i));
        } else {
          addTrough(slot, events[at], events[at + 1], events[at + 2], from.value(i));
        }
      }
    }

    @Override
    public States newStates() {
      return new Stairs();
    }

    @Override
    public void ensure(int slots) {
      int old = hasNaN.length;
      if (slots > old) {
        int length = grown(old, slots);
        hasNaN = Arrays.copyOf(hasNaN, length);
        peaks = Arrays.copyOf(peaks, length);
        troughs = Arrays.copyOf(troughs, length);
        Arrays.fill(peaks, old, length, NONE);
        Arrays.fill(troughs, old, length, NONE);
      }
    }

    @Override
    public void clear(int slot) {
      kept -= peaks[slot].events.length + troughs[slot].events.length;
      peaks[slot] = NONE;
      troughs[slot] = NONE;
      hasNaN[slot] = false;
    }

    @Override
    public void accumulate(Inputs in, int[] slots) {
      Column column = in.columns().get(0);
      Bitmap validity = column.validity();
      long[] times = in.times();
      long[] sequences = in.ties().sequence();
      long[] hashes = in.ties().contentHash();
      for (int i = 0; i < in.size(); i++) {
        if (slots[i] >= 0 && (validity == null || validity.get(i))) {
          double value =
              column instanceof DoubleColumn doubles
                  ? doubles.get(i)
                  : (double) ((LongColumn) column).get(i);
          add(slots[i], times[i], sequences[i], hashes[i], value);
        }
      }
    }

    @Override
    public void merge(int slot, States from, int fromSlot) {
      Stairs other = (Stairs) from;
      merge(slot, other.peaks[fromSlot], true);
      merge(slot, other.troughs[fromSlot], false);
      hasNaN[slot] |= other.hasNaN[fromSlot];
    }

    @Override
    public List<FieldType> savedTypes() {
      return List.of(
          FieldType.listOf(FieldType.INT64), FieldType.listOf(FieldType.INT64), FieldType.BOOLEAN);
    }

    @Override
    public List<Column> save(int[] slots) {
      List<Column> saved = new ArrayList<>();
      for (Stair[] stairs : List.of(peaks, troughs)) {
        ColumnBuilder events = ColumnBuilder.of(FieldType.listOf(FieldType.INT64));
        for (int slot : slots) {
          for (int i = 0; i < stairs[slot].size * Stair.WIDTH; i++) {
            events.elements().appendLong(stairs[slot].events[i]);
          }
          events.endList();
        }
        saved.add(events.build());
      }
      saved.add(new BooleanColumn(Bitmap.of(slots.length, i -> hasNaN[slots[i]]), null));
      return saved;
    }

    @Override
    public void mergeSaved(List<Column> saved, int[] slots) {
      BooleanColumn nan = (BooleanColumn) saved.get(2);
      for (int i = 0; i < slots.length; i++) {
        merge(slots[i], stair((ListColumn) saved.get(0), i), true);
        merge(slots[i], stair((ListColumn) saved.get(1), i), false);
        hasNaN[slots[i]] |= nan.get(i);
      }
    }

    private static Stair stair(ListColumn saved, int row) {
      long[] events = ((LongColumn) saved.elements()).values();
      int length = saved.end(row) - saved.start(row);
      Stair stair = new Stair(length / Stair.WIDTH);
      System.arraycopy(events, saved.start(row), stair.events, 0, length);
      stair.size = length / Stair.WIDTH;
      return stair;
    }

    @Override
    public Sliding newSliding() {
      return new DrawdownSliding();
    }

    @Override
    public long byteSize(int slots) {
      return 9L * slots + 8L * kept;
    }
  }

  /** {@code drawdown: column}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "drawdown";
    }

    @Override
    public String description() {
      return "The largest fall of a column from a value to a later one; 0 if it never falls.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "An int64 or float64 column."));
    }

    @Override
    public Aggregate create(Settings settings) {
      return new Drawdown(settings.string("column"));
    }
  }
}
