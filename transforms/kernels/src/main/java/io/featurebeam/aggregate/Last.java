package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The value of the latest event in which a column is not null; null if there is none. NaN is a
 * value. Events of equal time are ordered by the declared sequence column, then by a hash of what
 * they hold, so the result does not depend on the order of arrival, and {@code last} of two columns
 * comes from one event where neither is null.
 *
 * @param column a column of any type but list, whose type is the result's
 */
public record Last(String column) implements Aggregate, Part {

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
    FieldType type = schema.field(column).type();
    if (type.kind() == FieldType.Kind.LIST) {
      throw ColumnTypes.refusal("last", column, type, "anything but a list");
    }
    return type;
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    ((Latest) parts[0]).append(slot, out);
  }

  @Override
  public States newStates(RecordSchema schema) {
    return new Latest(outputType(schema), false);
  }

  /**
   * Per slot the event's place in the total order and its value; one of the value arrays is used.
   */
  static final class Latest extends States {
    private static final int SEQUENCE = 1;
    private static final int HASH = 2;
    private static final int NUMBER = 3;

    private final FieldType type;
    private final boolean earliest;
    private final boolean text;

    /** Four per slot, so that they lie side by side: time, sequence, hash, and a number's value. */
    private long[] events = {};

    private boolean[] present = {};
    private byte @Nullable [][] texts = {};

    /** Bytes that the texts take. */
    private long textBytes;

    /** Per slot the row of the batch at hand whose text it takes; -1 for none. */
    private int[] textRows = {};

    /** The latest event of each slot, or the earliest. */
    Latest(FieldType type, boolean earliest) {
      this.type = type;
      this.earliest = earliest;
      this.text = type.storage() == FieldType.Storage.BYTES;
    }

    boolean isEmpty(int slot) {
      return !present[slot];
    }

    /** The value of a column of numbers: itself or the bits of a float64. */
    long number(int slot) {
      return events[4 * slot + NUMBER];
    }

    void append(int slot, ColumnBuilder out) {
      if (!present[slot]) {
        out.appendNull();
        return;
      }
      switch (type.storage()) {
        case LONG -> out.appendLong(number(slot));
        case DOUBLE -> out.appendDouble(Double.longBitsToDouble(number(slot)));
        case BOOLEAN -> out.appendBoolean(number(slot) != 0);
        case BYTES -> appendText(texts[slot], out);
        case LIST -> throw new AssertionError("refused when the pipeline is built");
      }
    }

    private static void appendText(byte @Nullable [] value, ColumnBuilder out) {
      if (value == null) {
        throw new AssertionError("a present text is not null");
      }
      out.appendBytes(value, 0, value.length);
    }

    /** Whether this event comes after (or before) the one in the slot, which it then replaces. */
    private boolean replaces(int slot, long time, long sequence, long hash) {
      int at = 4 * slot;
      if (present[slot]) {
        int order = Long.compare(time, events[at]);
        order = order != 0 ? order : Long.compare(sequence, events[at + SEQUENCE]);
        order = order != 0 ? order : Long.compare(hash, events[at + HASH]);
        if (earliest ? order >= 0 : order <= 0) {
          return false;
        }
      }
      present[slot] = true;
      events[at] = time;
      events[at + SEQUENCE] = sequence;
      events[at + HASH] = hash;
      return true;
    }

    @Override
    public States newStates() {
      return new Latest(type, earliest);
    }

    @Override
    public void ensure(int slots) {
      if (slots > present.length) {
        int length = grown(present.length, slots);
        events = Arrays.copyOf(events, 4 * length);
        present = Arrays.copyOf(present, length);
        if (text) {
          int old = texts.length;
          texts = Arrays.copyOf(texts, length);
          textRows = Arrays.copyOf(textRows, length);
          Arrays.fill(textRows, old, length, -1);
        }
      }
    }

    @Override
    public void clear(int slot) {
      present[slot] = false;
      if (text) {
        setText(slot, null);
      }
    }

    @Override
    public void accumulate(Inputs in, int[] slots) {
      Column column = in.columns().get(0);
      Bitmap validity = column.validity();
      for (int i = 0; i < in.size(); i++) {
        if (slots[i] >= 0
            && (validity == null || validity.get(i))
            && replaces(
                slots[i], in.times()[i], in.ties().sequence()[i], in.ties().contentHash()[i])) {
          if (text) {
            textRows[slots[i]] = i; // a later row may still replace it
          } else {
            take(slots[i], column, i);
          }
        }
      }
      if (text) {
        takeTexts(column, slots, in.size());
      }
    }

    private void takeTexts(Column column, int[] slots, int size) {
      for (int i = 0; i < size; i++) {
        if (slots[i] >= 0 && textRows[slots[i]] == i) {
          textRows[slots[i]] = -1;
          take(slots[i], column, i);
        }
      }
    }

    private void take(int slot, Column column, int row) {
      if (column instanceof LongColumn longs) {
        events[4 * slot + NUMBER] = longs.get(row);
      } else if (column instanceof DoubleColumn doubles) {
        events[4 * slot + NUMBER] = Double.doubleToRawLongBits(doubles.get(row));
      } else if (column instanceof BooleanColumn booleans) {
        events[4 * slot + NUMBER] = booleans.get(row) ? 1 : 0;
      } else {
        setText(slot, ((BytesColumn) column).bytes(row));
      }
    }

    private void setText(int slot, byte @Nullable [] value) {
      textBytes += byteSize(value) - byteSize(texts[slot]);
      texts[slot] = value;
    }

    private static long byteSize(byte @Nullable [] value) {
      return value == null ? 0 : 16L + value.length;
    }

    @Override
    public void merge(int slot, States from, int fromSlot) {
      merge(slot, (Latest) from, fromSlot);
    }

    @Override
    public void mergeAll(int slot, States from, int[] fromSlots, int begin, int end) {
      for (int i = begin; i < end; i++) {
        merge(slot, (Latest) from, fromSlots[i]);
      }
    }

    private void merge(int slot, Latest from, int fromSlot) {
      long[] others = from.events;
      int at = 4 * fromSlot;
      if (from.present[fromSlot]
          && replaces(slot, others[at], others[at + SEQUENCE], others[at + HASH])) {
        if (text) {
          setText(slot, from.texts[fromSlot]);
        } else {
          events[4 * slot + NUMBER] = others[at + NUMBER];
        }
      }
    }

    @Override
    public List<FieldType> savedTypes() {
      return List.of(FieldType.INT64, FieldType.INT64, FieldType.INT64, type);
    }

    @Override
    public List<Column> save(int[] slots) {
      List<Column> saved = new ArrayList<>(4);
      for (int what = 0; what < NUMBER; what++) {
        long[] picked = new long[slots.length];
        for (int i = 0; i < slots.length; i++) {
          picked[i] = events[4 * slots[i] + what];
        }
        saved.add(LongColumn.of(FieldType.INT64, picked));
      }
      ColumnBuilder values = ColumnBuilder.of(type);
      for (int slot : slots) {
        append(slot, values);
      }
      saved.add(values.build());
      return saved;
    }

    @Override
    public void mergeSaved(List<Column> saved, int[] slots) {
      long[] savedTimes = ((LongColumn) saved.get(0)).values();
      long[] savedSequences = ((LongColumn) saved.get(1)).values();
      long[] savedHashes = ((LongColumn) saved.get(2)).values();
      Column values = saved.get(3);
      for (int i = 0; i < slots.length; i++) {
        if (!values.isNull(i)
            && replaces(slots[i], savedTimes[i], savedSequences[i], savedHashes[i])) {
          take(slots[i], values, i);
        }
      }
    }

    @Override
    public long byteSize(int slots) {
      return (text ? 37L : 33L) * slots + textBytes;
    }
  }

  /** {@code last: column}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "last";
    }

    @Override
    public String description() {
      return "The value of the latest event in which a column is not null.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "A column of any type but list."));
    }

    @Override
    public Aggregate create(Settings settings) {
      return new Last(settings.string("column"));
    }
  }
}
