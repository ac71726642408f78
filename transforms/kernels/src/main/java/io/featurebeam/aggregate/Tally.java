package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * How often each value of a column is there, exactly, for at most {@code maxDistinct} different
 * values. A slot with more, or with texts of together more than {@value #MAX_TEXT_BYTES} bytes, is
 * full: it forgets the values and stays full whatever is merged. So its memory is bounded, and
 * whether it is full depends on the values alone, not on their order or on how they were split.
 *
 * @param column a column of any type but list
 * @param maxDistinct how many different values are counted
 * @param texts whether texts themselves are kept; if not, their 64-bit hashes stand for them
 */
record Tally(String column, int maxDistinct, boolean texts) implements Part {

  static final int MAX_TEXT_BYTES = 1 << 20;

  /** The most that {@code maxDistinct} may be. */
  static final int LIMIT = 1_000_000;

  static int checked(String name, long value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          "Invalid " + name + ": " + value + " (must be 1 to " + most + ")");
    }
    return (int) value;
  }

  static int maxDistinct(Settings settings, int otherwise) {
    return checked("maxDistinct", settings.integer("maxDistinct", otherwise), LIMIT);
  }

  /** The type of a column that can be counted by value. */
  static FieldType type(String aggregate, RecordSchema schema, String column) {
    FieldType type = schema.field(column).type();
    if (type.kind() == FieldType.Kind.LIST) {
      throw ColumnTypes.refusal(aggregate, column, type, "anything but a list");
    }
    return type;
  }

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
    return new Of(schema.field(column).type(), maxDistinct, texts, ValueKeys::new);
  }

  /** Per slot a table from value to count, or that it is full. */
  static final class Of extends States {
    private final FieldType type;
    private final int maxDistinct;
    private final Supplier<ValueKeys> newKeys;
    private final ValueKeys keys;
    private final ValueTables tables;
    private boolean[] full = {};

    /**
     * @param type of the values
     * @param newKeys how the values are read from the column
     */
    Of(FieldType type, int maxDistinct, boolean texts, Supplier<ValueKeys> newKeys) {
      this.type = type;
      this.maxDistinct = maxDistinct;
      this.newKeys = newKeys;
      this.keys = newKeys.get();
      this.tables = new ValueTables(type, texts);
    }

    boolean isFull(int slot) {
      return full[slot];
    }

    /** What a slot that is not full has. */
    ValueTables tables() {
      return tables;
    }

    private void add(int slot, long key, byte[] data, int from, int to, long count) {
      if (!full[slot]) {
        tables.add(slot, key, data, from, to, count);
        if (exceeds(slot)) {
          fill(slot);
        }
      }
    }

    private boolean exceeds(int slot) {
      return tables.count(slot) > maxDistinct || tables.textBytes(slot) > MAX_TEXT_BYTES;
    }

    private void fill(int slot) {
      tables.clear(slot);
      full[slot] = true;
    }

    @Override
    public States newStates() {
      return new Of(type, maxDistinct, tables.keepsTexts(), newKeys);
    }

    @Override
    public void ensure(int slots) {
      tables.ensure(slots);
      if (slots > full.length) {
        full = Arrays.copyOf(full, grown(full.length, slots));
      }
    }

    @Override
    public void clear(int slot) {
      tables.clear(slot);
      full[slot] = false;
    }

    @Override
    public void accumulate(Inputs in, int[] slots) {
      Column column = in.columns().get(0);
      Bitmap validity = column.validity();
      keys.read(column);
      for (int i = 0; i < in.size(); i++) {
        if (slots[i] >= 0 && (validity == null || validity.get(i)) && keys.counts(i)) {
          long key = keys.key(i);
          add(slots[i], key, keys.data(), keys.from(), keys.to(), 1);
        }
      }
    }

    @Override
    public void merge(int slot, States from, int fromSlot) {
      Of other = (Of) from;
      if (other.full[fromSlot]) {
        fill(slot);
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

    /** Full if either is; a value that was taken out more often than it was there is not there. */
    @Override
    public void difference(States all, int slot, States taken, int takenSlot) {
      Of from = (Of) all;
      Of less = (Of) taken;
      clear(0);
      if (from.full[slot] || less.full[takenSlot]) {
        fill(0);
      } else {
        tables.difference(from.tables, slot, less.tables, takenSlot);
      }
    }

    @Override
    public List<FieldType> savedTypes() {
      return List.of(
          FieldType.listOf(tables.keepsTexts() ? type : FieldType.INT64),
          FieldType.listOf(FieldType.INT64));
    }

    @Override
    public List<Column> save(int[] slots) {
      ColumnBuilder values = ColumnBuilder.of(savedTypes().get(0));
      ColumnBuilder counts = ColumnBuilder.of(savedTypes().get(1));
      for (int slot : slots) {
        tables.save(slot, values.elements(), counts.elements());
        if (full[slot]) {
          values.appendNull();
        } else {
          values.endList();
        }
        counts.endList();
      }
      return List.of(values.build(), counts.build());
    }

    @Override
    public void mergeSaved(List<Column> saved, int[] slots) {
      ListColumn lists = (ListColumn) saved.get(0);
      long[] counts = ((LongColumn) ((ListColumn) saved.get(1)).elements()).values();
      ValueKeys read = new ValueKeys();
      read.read(lists.elements());
      for (int i = 0; i < slots.length; i++) {
        if (lists.isNull(i)) {
          fill(slots[i]);
        }
        for (int v = lists.start(i); v < lists.end(i); v++) {
          long key = read.key(v);
          add(slots[i], key, read.data(), read.from(), read.to(), counts[v]);
        }
      }
    }

    @Override
    public Sliding newSliding() {
      return new Running((Of) newStates());
    }

    @Override
    public long byteSize(int slots) {
      return tables.byteSize(slots) + slots;
    }
  }

  /** Counts can be taken out again exactly; how many full items the window has is counted too. */
  private static final class Running extends TakingOut {
    private final Of window;
    private Of items;
    private int fullItems;

    Running(Of window) {
      this.window = window;
      this.items = window;
      window.ensure(1);
    }

    @Override
    void items(States newItems) {
      items = (Of) newItems;
    }

    @Override
    void clear() {
      window.tables.clear(0);
      fullItems = 0;
    }

    @Override
    void add(int item) {
      fullItems += items.full[item] ? 1 : 0;
      window.tables.addAll(0, items.tables, item, 1);
    }

    @Override
    void remove(int item) {
      fullItems -= items.full[item] ? 1 : 0;
      window.tables.addAll(0, items.tables, item, -1);
    }

    @Override
    public States result() {
      window.full[0] = fullItems > 0 || window.exceeds(0);
      return window;
    }
  }
}
