package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Hashing;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.datasketches.common.ArrayOfItemsSerDe;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.ItemsSketch;
import org.apache.datasketches.memory.Memory;
import org.jspecify.annotations.Nullable;

/** What {@link FrequentItems} accumulates. */
record Frequencies(String column) implements Part {

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
    return new Of(schema.field(column).type());
  }

  /** Per slot the count of each value, or a sketch once there are too many of them. */
  static class Of extends States {
    /** The most values that a sketch holds. */
    private static final long SKETCHED = FrequentItems.MAP_SIZE * 3L / 4;

    private final FieldType type;
    private final ValueKeys keys = new ValueKeys();
    private final ValueTables tables;
    private @Nullable ItemsSketch<Item>[] sketches = newSketches(0);
    private int sketchCount;

    /** What was put into sketches, whose own size nobody says: it is taken by the average. */
    private long sketchedValues;

    private long sketchedBytes;

    private boolean unknown;

    Of(FieldType type) {
      this.type = type;
      this.tables = new ValueTables(type, true);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // arrays know no type arguments
    private static @Nullable ItemsSketch<Item>[] newSketches(int length) {
      return new ItemsSketch[length];
    }

    /** Appends the most frequent values, or their counts. */
    void appendTop(int slot, int k, boolean counts, ColumnBuilder out) {
      ItemsSketch<Item> sketch = sketch(slot);
      if (sketch != null) {
        appendTop(sketch, k, counts, out);
        return;
      }
      for (int place : tables.top(slot, k)) {
        if (counts) {
          out.appendLong(tables.number(place));
        } else {
          tables.append(place, out);
        }
      }
    }

    private void appendTop(ItemsSketch<Item> sketch, int k, boolean counts, ColumnBuilder out) {
      List<ItemsSketch.Row<Item>> rows =
          new ArrayList<>(List.of(sketch.getFrequentItems(ErrorType.NO_FALSE_NEGATIVES)));
      rows.sort(
          (a, b) -> {
            int order = Long.compare(b.getEstimate(), a.getEstimate());
            Item x = a.getItem();
            Item y = b.getItem();
            return order != 0 ? order : tables.compare(x.key, x.text, y.key, y.text);
          });
      for (ItemsSketch.Row<Item> row : rows.subList(0, Math.min(k, rows.size()))) {
        if (counts) {
          out.appendLong(row.getEstimate());
        } else {
          tables.append(row.getItem().key, row.getItem().text, out);
        }
      }
    }

    private @Nullable ItemsSketch<Item> sketch(int slot) {
      return sketchCount == 0 ? null : sketches[slot];
    }

    private void add(int slot, long key, byte[] data, int from, int to, long count) {
      if (tables.keepsTexts() && to - from > FrequentItems.MAX_TEXT) {
        return;
      }
      ItemsSketch<Item> sketch = sketch(slot);
      if (sketch != null) {
        update(sketch, key, Arrays.copyOfRange(data, from, to), count);
        return;
      }
      tables.add(slot, key, data, from, to, count);
      if (tables.count(slot) > FrequentItems.EXACT) {
        toSketch(slot);
      }
    }

    private void update(ItemsSketch<Item> sketch, long key, byte[] text, long count) {
      sketch.update(new Item(key, text), count);
      sketchedValues++;
      sketchedBytes += text.length;
    }

    private ItemsSketch<Item> toSketch(int slot) {
      ItemsSketch<Item> sketch = sketch(slot);
      if (sketch == null) {
        sketch = new ItemsSketch<>(FrequentItems.MAP_SIZE);
        for (int p = tables.start(slot), end = tables.end(slot); p < end; p++) {
          if (tables.number(p) != 0) {
            update(sketch, tables.key(p), tables.text(p), tables.number(p));
          }
        }
        tables.clear(slot);
        sketches[slot] = sketch;
        sketchCount++;
      }
      return sketch;
    }

    @Override
    public States newStates() {
      return new Of(type);
    }

    @Override
    public void ensure(int slots) {
      tables.ensure(slots);
      if (slots > sketches.length) {
        sketches = Arrays.copyOf(sketches, grown(sketches.length, slots));
      }
    }

    @Override
    public void clear(int slot) {
      tables.clear(slot);
      if (sketches[slot] != null) {
        sketches[slot] = null;
        sketchCount--;
      }
    }

    @Override
    public void accumulate(Inputs in, int[] slots) {
      Column column = in.columns().get(0);
      Bitmap validity = column.validity();
      keys.read(column);
      for (int i = 0; i < in.size(); i++) {
        if (slots[i] >= 0 && (validity == null || validity.get(i))) {
          long key = keys.key(i);
          add(slots[i], key, keys.data(), keys.from(), keys.to(), 1);
        }
      }
    }

    @Override
    public void merge(int slot, States from, int fromSlot) {
      Of other = (Of) from;
      ItemsSketch<Item> otherSketch = other.sketch(fromSlot);
      if (otherSketch != null) {
        toSketch(slot).merge(otherSketch);
        if (sketchedValues == 0) { // else the average is known
          sketchedValues = other.sketchedValues;
          sketchedBytes = other.sketchedBytes;
        }
        return;
      }
      ValueTables added = other.tables;
      for (int p = added.start(fromSlot), end = added.end(fromSlot); p < end; p++) {
        if (added.number(p) != 0) {
          byte[] text = added.text(p);
          add(slot, added.key(p), text, 0, text.length, added.number(p));
        }
      }
    }

    @Override
    void mergeExact(int slot, States from, int fromSlot) {
      Of other = (Of) from;
      if (sketch(slot) != null || other.sketch(fromSlot) != null) {
        merge(slot, from, fromSlot);
      } else {
        tables.addAll(slot, other.tables, fromSlot, 1);
      }
    }

    /** Unknown if either is a sketch, whose counts are too high by what nobody knows. */
    @Override
    public void difference(States all, int slot, States taken, int takenSlot) {
      Of from = (Of) all;
      Of less = (Of) taken;
      clear(0);
      unknown = from.sketch(slot) != null || less.sketch(takenSlot) != null;
      if (!unknown) {
        tables.difference(from.tables, slot, less.tables, takenSlot);
      }
    }

    /** Whether it is a difference of sketches. */
    boolean isUnknown() {
      return unknown;
    }

    @Override
    public List<FieldType> savedTypes() {
      return List.of(
          FieldType.listOf(tables.keepsTexts() ? type : FieldType.INT64),
          FieldType.listOf(FieldType.INT64),
          FieldType.BYTES);
    }

    @Override
    public List<Column> save(int[] slots) {
      ColumnBuilder values = ColumnBuilder.of(savedTypes().get(0));
      ColumnBuilder counts = ColumnBuilder.of(savedTypes().get(1));
      ColumnBuilder saved = ColumnBuilder.of(FieldType.BYTES);
      for (int slot : slots) {
        tables.save(slot, values.elements(), counts.elements());
        values.endList();
        counts.endList();
        ItemsSketch<Item> sketch = sketch(slot);
        saved.append(sketch == null ? null : sketch.toByteArray(Items.SAVED));
      }
      return List.of(values.build(), counts.build(), saved.build());
    }

    @Override
    public void mergeSaved(List<Column> saved, int[] slots) {
      ListColumn lists = (ListColumn) saved.get(0);
      long[] counts = ((LongColumn) ((ListColumn) saved.get(1)).elements()).values();
      BytesColumn savedSketches = (BytesColumn) saved.get(2);
      ValueKeys read = new ValueKeys();
      read.read(lists.elements());
      for (int i = 0; i < slots.length; i++) {
        for (int v = lists.start(i); v < lists.end(i); v++) {
          long key = read.key(v);
          add(slots[i], key, read.data(), read.from(), read.to(), counts[v]);
        }
        if (!savedSketches.isNull(i)) {
          byte[] bytes = savedSketches.bytes(i);
          ItemsSketch<Item> sketch = ItemsSketch.getInstance(Memory.wrap(bytes), Items.SAVED);
          toSketch(slots[i]).merge(sketch);
          sketchedValues += sketch.getNumActiveItems();
          sketchedBytes += bytes.length;
        }
      }
    }

    @Override
    public Sliding newSliding() {
      return new Running(type);
    }

    @Override
    public long byteSize(int slots) {
      long ofTexts = sketchedValues == 0 ? 0 : SKETCHED * sketchedBytes / sketchedValues;
      return tables.byteSize(slots) + 8L * slots + (50_000L + ofTexts) * sketchCount;
    }
  }

  /**
   * Counts can be taken out again exactly. While a sketch is in the window, two stacks have the
   * result; other keys' sketches change nothing.
   */
  private static final class Running extends TakingOut {
    private final Of window;
    private final TwoStacks merging;
    private Of items;
    private int sketches;

    Running(FieldType type) {
      window = new Of(type);
      window.ensure(1);
      merging = new TwoStacks(new Of(type));
      items = window;
    }

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
      items = (Of) newItems;
    }

    @Override
    void clear() {
      window.tables.clear(0);
      sketches = 0;
    }

    @Override
    void add(int item) {
      sketches += items.sketch(item) == null ? 0 : 1;
      window.tables.addAll(0, items.tables, item, 1);
    }

    @Override
    void remove(int item) {
      sketches -= items.sketch(item) == null ? 0 : 1;
      window.tables.addAll(0, items.tables, item, -1);
    }

    @Override
    public States result() {
      return sketches > 0 ? merging.result() : window;
    }
  }

  /** A value in a sketch. */
  private static final class Item {
    private final long key;
    private final byte[] text;

    Item(long key, byte[] text) {
      this.key = key;
      this.text = text;
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Item other && key == other.key && Arrays.equals(text, other.text);
    }

    @Override
    public int hashCode() {
      return (int) Hashing.mix(key);
    }
  }

  /** Items as bytes: the key, the length of the text, the text. */
  private static final class Items extends ArrayOfItemsSerDe<Item> {
    private static final Items SAVED = new Items();
    private static final int HEAD = Long.BYTES + Integer.BYTES;

    @Override
    public byte[] serializeToByteArray(Item item) {
      return serializeToByteArray(new Item[] {item});
    }

    @Override
    public byte[] serializeToByteArray(Item[] items) {
      ByteBuffer bytes = ByteBuffer.allocate(sizeOf(items)).order(ByteOrder.nativeOrder());
      for (Item item : items) {
        bytes.putLong(item.key).putInt(item.text.length).put(item.text);
      }
      return bytes.array();
    }

    @Override
    public Item[] deserializeFromMemory(Memory memory, long offset, int count) {
      Item[] items = new Item[count];
      long at = offset;
      for (int i = 0; i < count; i++) {
        byte[] text = new byte[memory.getInt(at + Long.BYTES)];
        memory.getByteArray(at + HEAD, text, 0, text.length);
        items[i] = new Item(memory.getLong(at), text);
        at += HEAD + text.length;
      }
      return items;
    }

    @Override
    public int sizeOf(Item item) {
      return HEAD + item.text.length;
    }

    @Override
    public int sizeOf(Memory memory, long offset, int count) {
      long at = offset;
      for (int i = 0; i < count; i++) {
        at += HEAD + memory.getInt(at + Long.BYTES);
      }
      return (int) (at - offset);
    }

    @Override
    public String toString(Item item) {
      return String.valueOf(item.key);
    }

    @Override
    public Class<Item> getClassOfT() {
      return Item.class;
    }
  }
}
