package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.memory.Memory;
import org.jspecify.annotations.Nullable;

/**
 * A quantile of a column: the value at rank q, interpolated linearly between neighbours (Hyndman
 * and Fan's type 7, as NumPy's default and SQL's percentile_cont). Nulls and NaN are left out; null
 * if there is no other value; an int64 is taken as the nearest double.
 *
 * <p>Exact while no single tile of the window holds more than {@value #EXACT} values; beyond that a
 * KLL sketch with k = {@value #KLL_K} (Apache DataSketches) gives a value whose rank is within 0.67
 * % of q with 99 % confidence. A sketch's value depends on the order of merging, within that bound.
 * Nothing can be taken out of a sketch: it is null in a window that has both a sketch and deletes.
 *
 * @param column an int64 or float64 column
 * @param q from 0 (the minimum) to 1 (the maximum)
 */
public record Quantile(String column, double q) implements Aggregate {

  /** Up to this many values are kept as they are. */
  public static final int EXACT = 1024;

  static final int KLL_K = 400;

  public Quantile {
    if (!(q >= 0 && q <= 1)) {
      throw new IllegalArgumentException("Invalid q: " + q + " (must be from 0 to 1)");
    }
  }

  @Override
  public List<Part> parts() {
    return List.of(new Values(column));
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    ColumnTypes.numeric("quantile", schema, column);
    return FieldType.FLOAT64;
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    double[] value = quantiles(parts[0], slot, q);
    if (value.length == 0) {
      out.appendNull();
    } else {
      out.appendDouble(value[0]);
    }
  }

  /** The values at these ranks; none if the slot has no value. */
  static double[] quantiles(States values, int slot, double... ranks) {
    return ((ValueLists) values).quantiles(slot, ranks);
  }

  /** The quantile of ascending values. */
  private static double interpolate(IntToDoubleFunction sorted, int count, double q) {
    double place = q * (count - 1);
    int below = (int) place;
    double fraction = place - below;
    double value = sorted.applyAsDouble(below);
    if (fraction == 0) {
      return value;
    }
    double above = sorted.applyAsDouble(below + 1);
    return value == above ? value : value * (1 - fraction) + above * fraction;
  }

  private static double[] interpolateAll(IntToDoubleFunction sorted, int count, double[] ranks) {
    double[] values = new double[count == 0 ? 0 : ranks.length];
    Arrays.setAll(values, i -> interpolate(sorted, count, ranks[i]));
    return values;
  }

  private record Values(String column) implements Part {
    @Override
    public List<String> inputs() {
      return List.of(column);
    }

    @Override
    public boolean canSubtract() {
      return true;
    }

    @Override
    public States newStates(RecordSchema schema) {
      return new ValueLists();
    }
  }

  /** Per slot the values in no order, or a sketch once there are more than {@link #EXACT}. */
  private static class ValueLists extends States {
    private static final double[] NONE = {};
    private double[][] values = {};
    private int[] counts = {};
    private @Nullable KllDoublesSketch[] sketches = {};
    private int sketchCount;
    private long kept;

    double[] quantiles(int slot, double[] ranks) {
      KllDoublesSketch sketch = sketch(slot);
      if (sketch != null) {
        return sketch.getQuantiles(ranks);
      }
      double[] sorted = sorted(slot);
      return interpolateAll(i -> sorted[i], sorted.length, ranks);
    }

    /** The values of a slot that is no sketch, ascending. */
    double[] sorted(int slot) {
      double[] sorted = Arrays.copyOf(values[slot], counts[slot]);
      Arrays.sort(sorted);
      return sorted;
    }

    private @Nullable KllDoublesSketch sketch(int slot) {
      return sketchCount == 0 ? null : sketches[slot];
    }

    private void add(int slot, double value) {
      if (Double.isNaN(value)) {
        return;
      }
      KllDoublesSketch sketch = sketch(slot);
      if (sketch != null) {
        sketch.update(value);
        return;
      }
      int count = counts[slot];
      if (count >= EXACT) {
        toSketch(slot).update(value);
        return;
      }
      if (count == values[slot].length) {
        values[slot] = Arrays.copyOf(values[slot], Math.min(EXACT, Math.max(4, count * 2)));
        kept += values[slot].length - count;
      }
      values[slot][count] = value;
      counts[slot] = count + 1;
    }

    private KllDoublesSketch toSketch(int slot) {
      KllDoublesSketch sketch = sketch(slot);
      if (sketch == null) {
        sketch = KllDoublesSketch.newHeapInstance(KLL_K);
        for (int i = 0; i < counts[slot]; i++) {
          sketch.update(values[slot][i]);
        }
        clear(slot);
        sketches[slot] = sketch;
        sketchCount++;
      }
      return sketch;
    }

    @Override
    public States newStates() {
      return new ValueLists();
    }

    @Override
    public void ensure(int slots) {
      int old = counts.length;
      if (slots > old) {
        int length = grown(old, slots);
        counts = Arrays.copyOf(counts, length);
        values = Arrays.copyOf(values, length);
        Arrays.fill(values, old, length, NONE);
        sketches = Arrays.copyOf(sketches, length);
      }
    }

    @Override
    public void clear(int slot) {
      kept -= values[slot].length;
      values[slot] = NONE;
      counts[slot] = 0;
      if (sketches[slot] != null) {
        sketches[slot] = null;
        sketchCount--;
      }
    }

    @Override
    public void accumulate(Inputs in, int[] slots) {
      Column column = in.columns().get(0);
      Bitmap validity = column.validity();
      for (int i = 0; i < in.size(); i++) {
        if (slots[i] >= 0 && (validity == null || validity.get(i))) {
          add(
              slots[i],
              column instanceof DoubleColumn doubles
                  ? doubles.get(i)
                  : (double) ((LongColumn) column).get(i));
        }
      }
    }

    @Override
    public void merge(int slot, States from, int fromSlot) {
      ValueLists other = (ValueLists) from;
      KllDoublesSketch otherSketch = other.sketch(fromSlot);
      if (otherSketch != null) {
        toSketch(slot).merge(otherSketch);
        return;
      }
      double[] added = other.values[fromSlot];
      for (int i = 0, n = other.counts[fromSlot]; i < n; i++) {
        add(slot, added[i]);
      }
    }

    @Override
    void mergeExact(int slot, States from, int fromSlot) {
      ValueLists other = (ValueLists) from;
      if (sketch(slot) != null || other.sketch(fromSlot) != null) {
        merge(slot, from, fromSlot);
        return;
      }
      int count = counts[slot];
      int sum = count + other.counts[fromSlot];
      if (sum > values[slot].length) {
        int length = count == 0 ? sum : grown(count, sum);
        kept += length - values[slot].length;
        values[slot] = Arrays.copyOf(values[slot], length);
      }
      System.arraycopy(other.values[fromSlot], 0, values[slot], count, sum - count);
      counts[slot] = sum;
    }

    /**
     * Empty if either is a sketch, of which nothing can be taken out; a value that was taken out
     * more often than it was there is not there.
     */
    @Override
    public void difference(States all, int slot, States taken, int takenSlot) {
      ValueLists from = (ValueLists) all;
      ValueLists less = (ValueLists) taken;
      clear(0);
      if (from.sketch(slot) == null && less.sketch(takenSlot) == null) {
        values[0] = from.sorted(slot);
        counts[0] = takeOut(values[0], less.sorted(takenSlot));
        kept += values[0].length;
      }
    }

    /** Takes ascending values out of others, which move forward; how many are left. */
    private static int takeOut(double[] values, double[] taken) {
      int left = 0;
      int at = 0;
      for (double value : values) {
        while (at < taken.length && Double.compare(taken[at], value) < 0) {
          at++;
        }
        if (at < taken.length && Double.compare(taken[at], value) == 0) {
          at++;
        } else {
          values[left++] = value;
        }
      }
      return left;
    }

    @Override
    public List<FieldType> savedTypes() {
      return List.of(FieldType.listOf(FieldType.FLOAT64), FieldType.BYTES);
    }

    @Override
    public List<Column> save(int[] slots) {
      ColumnBuilder lists = ColumnBuilder.of(savedTypes().get(0));
      ColumnBuilder saved = ColumnBuilder.of(FieldType.BYTES);
      for (int slot : slots) {
        for (int i = 0; i < counts[slot]; i++) {
          lists.elements().appendDouble(values[slot][i]);
        }
        lists.endList();
        KllDoublesSketch sketch = sketch(slot);
        saved.append(sketch == null ? null : sketch.toByteArray());
      }
      return List.of(lists.build(), saved.build());
    }

    @Override
    public void mergeSaved(List<Column> saved, int[] slots) {
      ListColumn lists = (ListColumn) saved.get(0);
      double[] added = ((DoubleColumn) lists.elements()).values();
      BytesColumn savedSketches = (BytesColumn) saved.get(1);
      for (int i = 0; i < slots.length; i++) {
        for (int v = lists.start(i); v < lists.end(i); v++) {
          add(slots[i], added[v]);
        }
        if (!savedSketches.isNull(i)) {
          toSketch(slots[i]).merge(KllDoublesSketch.heapify(Memory.wrap(savedSketches.bytes(i))));
        }
      }
    }

    @Override
    public Sliding newSliding() {
      return new Sorted();
    }

    @Override
    public long byteSize(int slots) {
      return 12L * slots + 8L * kept + 10_000L * sketchCount;
    }
  }

  /**
   * Keeps the window's values in order; a value can be taken out exactly. While a sketch is in the
   * window, two stacks have the result; other keys' sketches change nothing.
   */
  private static final class Sorted extends TakingOut {
    private final SortedWindow window = new SortedWindow();
    private final TwoStacks merging = new TwoStacks(new ValueLists());
    private ValueLists items = window;
    private int sketches;

    @Override
    public void begin(States newItems, int[] order) {
      super.begin(newItems, order);
      merging.begin(items, order);
    }

    @Override
    public void slide(int lo, int hi, int without) {
      if (items.sketchCount > 0) {
        merging.slide(lo, hi, without);
      }
      super.slide(lo, hi, without);
    }

    @Override
    void items(States newItems) {
      items = (ValueLists) newItems;
    }

    @Override
    void clear() {
      window.sorted.clear();
      sketches = 0;
    }

    @Override
    void add(int item) {
      sketches += items.sketch(item) == null ? 0 : 1;
      for (int i = 0, n = items.counts[item]; i < n; i++) {
        window.sorted.add(items.values[item][i]);
      }
    }

    @Override
    void remove(int item) {
      sketches -= items.sketch(item) == null ? 0 : 1;
      for (int i = 0, n = items.counts[item]; i < n; i++) {
        window.sorted.remove(items.values[item][i]);
      }
    }

    @Override
    public States result() {
      return sketches > 0 ? merging.result() : window;
    }
  }

  /** The window of {@link Sorted} as states of one slot. */
  private static final class SortedWindow extends ValueLists {
    private final SortedDoubles sorted = new SortedDoubles();

    @Override
    double[] quantiles(int slot, double[] ranks) {
      return interpolateAll(sorted::get, sorted.size(), ranks);
    }

    @Override
    double[] sorted(int slot) {
      return IntStream.range(0, sorted.size()).mapToDouble(sorted::get).toArray();
    }
  }

  /** {@code quantile: {column: c, q: 0.5}}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "quantile";
    }

    @Override
    public String description() {
      return "A quantile of a column, linear between neighbours; exact for up to 1,024 values in a"
          + " tile, else a KLL sketch.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "An int64 or float64 column."),
          Parameter.required("q", Parameter.Kind.NUMBER, "From 0 to 1; 0.5 is the median."));
    }

    @Override
    public Aggregate create(Settings settings) {
      return new Quantile(settings.string("column"), settings.number("q"));
    }
  }

  /** {@code median: column}. */
  public static final class MedianProvider implements AggregateProvider {
    @Override
    public String name() {
      return "median";
    }

    @Override
    public String description() {
      return "The median of a column, the quantile of 0.5.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "An int64 or float64 column."));
    }

    @Override
    public Aggregate create(Settings settings) {
      return new Quantile(settings.string("column"), 0.5);
    }
  }
}
