package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Hashing;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.Arrays;
import java.util.List;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;
import org.apache.datasketches.hll.Union;
import org.apache.datasketches.memory.Memory;
import org.jspecify.annotations.Nullable;

/**
 * About how many different values of a column there are. Nulls are left out; NaN is one value, -0.0
 * is 0.0; int64, 0 in an empty window.
 *
 * <p>Exact (but for a collision of 64-bit hashes) up to {@value #EXACT} different values; beyond
 * that a HyperLogLog sketch of 4,096 registers (Apache DataSketches), whose standard error is 1.6
 * %. Either way the result depends on the set of values alone, not on their order or on how they
 * were split.
 *
 * @param column a column of any type but list
 */
public record ApproximateDistinct(String column) implements Aggregate, Part {

  /** Up to this many different values the count is exact. */
  public static final int EXACT = 4096;

  private static final int LOG_REGISTERS = 12;

  @Override
  public List<Part> parts() {
    return List.of(this);
  }

  @Override
  public List<String> inputs() {
    return List.of(column);
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    FieldType type = schema.field(column).type();
    if (type.kind() == FieldType.Kind.LIST) {
      throw ColumnTypes.refusal("approximate_distinct", column, type, "anything but a list");
    }
    return FieldType.INT64;
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    out.appendLong(((Hashes) parts[0]).estimate(slot));
  }

  @Override
  public States newStates(RecordSchema schema) {
    return new Hashes();
  }

  private static HllSketch newSketch() {
    return new HllSketch(LOG_REGISTERS, TgtHllType.HLL_8);
  }

  /** The estimate that depends on the registers alone, not on the order of updates. */
  private static long estimate(HllSketch sketch) {
    return Math.round(sketch.getCompositeEstimate());
  }

  /** Per slot a set of hashes, or a sketch once there are more than {@link #EXACT}. */
  private static class Hashes extends States {
    private final LongSets sets = new LongSets();
    private @Nullable HllSketch[] sketches = {};
    private int sketchCount;
    private @Nullable Slices dictionary;
    private long[] dictionaryHashes = {};

    long estimate(int slot) {
      HllSketch sketch = sketch(slot);
      return sketch == null ? sets.count(slot) : ApproximateDistinct.estimate(sketch);
    }

    private @Nullable HllSketch sketch(int slot) {
      return slot < sketches.length ? sketches[slot] : null;
    }

    private void add(int slot, long hash) {
      HllSketch sketch = sketchCount == 0 ? null : sketch(slot);
      if (sketch != null) {
        sketch.update(hash);
        return;
      }
      sets.add(slot, hash);
      if (sets.count(slot) > EXACT) {
        toSketch(slot);
      }
    }

    private HllSketch toSketch(int slot) {
      HllSketch sketch = sketch(slot);
      if (sketch == null) {
        sketch = newSketch();
        long[] places = sets.places();
        for (int i = sets.start(slot); i < sets.end(slot); i++) {
          if (places[i] != 0) {
            sketch.update(places[i]);
          }
        }
        sets.clear(slot);
        setSketch(slot, sketch);
      }
      return sketch;
    }

    private void setSketch(int slot, HllSketch sketch) {
      if (slot >= sketches.length) {
        sketches = Arrays.copyOf(sketches, grown(sketches.length, slot + 1));
      }
      sketchCount += sketches[slot] == null ? 1 : 0;
      sketches[slot] = sketch;
    }

    @Override
    public States newStates() {
      return new Hashes();
    }

    @Override
    public void ensure(int slots) {
      sets.ensure(slots);
    }

    @Override
    public void clear(int slot) {
      sets.clear(slot);
      if (sketch(slot) != null) {
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
          add(slots[i], hash(column, i));
        }
      }
    }

    private long hash(Column column, int row) {
      if (column instanceof BytesColumn bytes) {
        return bytes.isCoded()
            ? dictionaryHash(bytes.slices(), bytes.code(row))
            : bytes.slices().hash(row);
      } else if (column instanceof LongColumn longs) {
        return Hashing.hash(longs.get(row));
      } else if (column instanceof DoubleColumn doubles) {
        return Hashing.hash(doubles.get(row));
      }
      return Hashing.hash(((BooleanColumn) column).get(row) ? 1L : 0L);
    }

    private long dictionaryHash(Slices slices, int code) {
      if (slices != dictionary) {
        dictionary = slices;
        dictionaryHashes = new long[slices.size()];
      }
      long hash = dictionaryHashes[code];
      if (hash == 0) {
        hash = slices.hash(code);
        dictionaryHashes[code] = hash;
      }
      return hash;
    }

    @Override
    public void merge(int slot, States from, int fromSlot) {
      Hashes other = (Hashes) from;
      HllSketch otherSketch = other.sketch(fromSlot);
      if (otherSketch != null) {
        unite(slot, otherSketch);
      } else if (sketch(slot) == null) {
        sets.addAll(slot, other.sets, fromSlot);
        if (sets.count(slot) > EXACT) {
          toSketch(slot);
        }
      } else {
        long[] places = other.sets.places();
        for (int i = other.sets.start(fromSlot); i < other.sets.end(fromSlot); i++) {
          if (places[i] != 0) {
            add(slot, places[i]);
          }
        }
      }
    }

    private void unite(int slot, HllSketch other) {
      Union union = new Union(LOG_REGISTERS);
      union.update(toSketch(slot));
      union.update(other);
      setSketch(slot, union.getResult(TgtHllType.HLL_8));
    }

    @Override
    public List<FieldType> savedTypes() {
      return List.of(FieldType.listOf(FieldType.INT64), FieldType.BYTES);
    }

    @Override
    public List<Column> save(int[] slots) {
      int total = 0;
      for (int slot : slots) {
        total += sets.count(slot);
      }
      long[] values = new long[total];
      int[] offsets = new int[slots.length + 1];
      long[] places = sets.places();
      int at = 0;
      for (int i = 0; i < slots.length; i++) {
        int end = sets.end(slots[i]);
        for (int p = sets.start(slots[i]); p < end; p++) {
          if (places[p] != 0) {
            values[at++] = places[p];
          }
        }
        offsets[i + 1] = at;
      }
      Column hashes =
          new ListColumn(
              savedTypes().get(0),
              offsets,
              LongColumn.of(FieldType.INT64, values),
              slots.length,
              null);
      return List.of(hashes, saveSketches(slots));
    }

    private Column saveSketches(int[] slots) {
      if (sketchCount == 0) {
        return Column.nulls(FieldType.BYTES, slots.length);
      }
      ColumnBuilder saved = ColumnBuilder.of(FieldType.BYTES);
      for (int slot : slots) {
        HllSketch sketch = sketch(slot);
        saved.append(sketch == null ? null : sketch.toCompactByteArray());
      }
      return saved.build();
    }

    @Override
    public void mergeSaved(List<Column> saved, int[] slots) {
      ListColumn lists = (ListColumn) saved.get(0);
      long[] values = ((LongColumn) lists.elements()).values();
      BytesColumn savedSketches = (BytesColumn) saved.get(1);
      for (int i = 0; i < slots.length; i++) {
        if (lists.end(i) > lists.start(i) && sketch(slots[i]) == null) {
          sets.reserve(slots[i], lists.end(i) - lists.start(i));
        }
        for (int v = lists.start(i); v < lists.end(i); v++) {
          add(slots[i], values[v]);
        }
        if (!savedSketches.isNull(i)) {
          unite(slots[i], HllSketch.heapify(Memory.wrap(savedSketches.bytes(i))));
        }
      }
    }

    @Override
    public Sliding newSliding() {
      return new Counting();
    }

    @Override
    public long byteSize(int slots) {
      return sets.byteSize(slots) + 4500L * sketchCount;
    }
  }

  /**
   * Counts how often each hash is in the window, and takes it out again; sketches need two stacks.
   */
  private static final class Counting extends TakingOut {
    private final LongCounts counts = new LongCounts();
    private final Counted window = new Counted(counts);
    private final TwoStacks merging = new TwoStacks(new Hashes());
    private Hashes items = new Hashes();
    private boolean sketched;

    @Override
    public void begin(States newItems, int[] order) {
      super.begin(newItems, order);
      merging.begin(items, order);
    }

    @Override
    public void slide(int lo, int hi, int without) {
      if (sketched) {
        merging.slide(lo, hi, without);
      } else {
        super.slide(lo, hi, without);
      }
    }

    @Override
    void items(States newItems) {
      items = (Hashes) newItems;
      sketched = items.sketchCount > 0;
    }

    @Override
    void clear() {
      counts.clear();
    }

    @Override
    void add(int item) {
      long[] places = items.sets.places();
      for (int p = items.sets.start(item), end = items.sets.end(item); p < end; p++) {
        if (places[p] != 0) {
          counts.add(places[p]);
        }
      }
    }

    @Override
    void remove(int item) {
      long[] places = items.sets.places();
      for (int p = items.sets.start(item), end = items.sets.end(item); p < end; p++) {
        if (places[p] != 0) {
          counts.remove(places[p]);
        }
      }
    }

    @Override
    public States result() {
      return sketched ? merging.result() : window;
    }
  }

  /** The window of {@link Counting} as states of one slot. */
  private static final class Counted extends Hashes {
    private final LongCounts counts;

    Counted(LongCounts counts) {
      this.counts = counts;
    }

    @Override
    long estimate(int slot) {
      if (counts.size() <= EXACT) {
        return counts.size();
      }
      HllSketch sketch = newSketch();
      for (long hash : counts.keys()) {
        sketch.update(hash);
      }
      return ApproximateDistinct.estimate(sketch);
    }
  }

  /** {@code approximate_distinct: column}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "approximate_distinct";
    }

    @Override
    public String description() {
      return "About how many different values there are: exact up to 4,096, else within 1.6 %.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "A column of any type but list."));
    }

    @Override
    public Aggregate create(Settings settings) {
      return new ApproximateDistinct(settings.string("column"));
    }
  }
}
