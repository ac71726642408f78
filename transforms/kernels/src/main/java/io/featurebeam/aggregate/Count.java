package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The number of events, or of those in which a column is not null; NaN counts. int64, 0 in an empty
 * window.
 *
 * @param column the column, or null to count every event
 */
public record Count(@Nullable String column) implements Aggregate, Part {

  @Override
  public List<Part> parts() {
    return List.of(this);
  }

  @Override
  public List<String> inputs() {
    return column == null ? List.of() : List.of(column);
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    inputs().forEach(schema::indexOf);
    return FieldType.INT64;
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    out.appendLong(Of.at(parts[0], slot));
  }

  @Override
  public boolean canSubtract() {
    return true;
  }

  @Override
  public States newStates(RecordSchema schema) {
    return new Of();
  }

  /** One long per slot. */
  static final class Of extends States {
    private long[] counts = {};

    static long at(States counts, int slot) {
      return ((Of) counts).counts[slot];
    }

    @Override
    public States newStates() {
      return new Of();
    }

    @Override
    public void ensure(int slots) {
      if (slots > counts.length) {
        counts = Arrays.copyOf(counts, grown(counts.length, slots));
      }
    }

    @Override
    public void clear(int slot) {
      counts[slot] = 0;
    }

    @Override
    public void accumulate(Inputs in, int[] slots) {
      Bitmap validity = in.columns().isEmpty() ? null : in.columns().get(0).validity();
      for (int i = 0; i < in.size(); i++) {
        if (slots[i] >= 0 && (validity == null || validity.get(i))) {
          counts[slots[i]]++;
        }
      }
    }

    @Override
    public void merge(int slot, States from, int fromSlot) {
      counts[slot] += ((Of) from).counts[fromSlot];
    }

    @Override
    public void mergeAll(int slot, States from, int[] fromSlots, int begin, int end) {
      long[] others = ((Of) from).counts;
      long sum = counts[slot];
      for (int i = begin; i < end; i++) {
        sum += others[fromSlots[i]];
      }
      counts[slot] = sum;
    }

    @Override
    boolean slide(int slot, int[] order, int outFrom, int outTo, int inFrom, int inTo) {
      long count = counts[slot];
      for (int i = inFrom; i < inTo; i++) {
        count += counts[order[i]];
      }
      for (int i = outFrom; i < outTo; i++) {
        count -= counts[order[i]];
      }
      counts[slot] = count;
      return true;
    }

    @Override
    void subtract(int slot, States from, int fromSlot) {
      counts[slot] -= ((Of) from).counts[fromSlot];
    }

    @Override
    public List<FieldType> savedTypes() {
      return List.of(FieldType.INT64);
    }

    @Override
    public List<Column> save(int[] slots) {
      long[] values = new long[slots.length];
      for (int i = 0; i < slots.length; i++) {
        values[i] = counts[slots[i]];
      }
      return List.of(LongColumn.of(FieldType.INT64, values));
    }

    @Override
    public void mergeSaved(List<Column> saved, int[] slots) {
      long[] values = ((LongColumn) saved.get(0)).values();
      for (int i = 0; i < slots.length; i++) {
        counts[slots[i]] += values[i];
      }
    }

    @Override
    public Sliding newSliding() {
      return new Running();
    }

    @Override
    public long byteSize(int slots) {
      return 8L * slots;
    }
  }

  /** Whole numbers can be taken out again exactly. */
  private static final class Running extends TakingOut {
    private final Of window = new Of();
    private Of items = window;

    Running() {
      window.ensure(1);
    }

    @Override
    void items(States newItems) {
      items = (Of) newItems;
    }

    @Override
    void clear() {
      window.counts[0] = 0;
    }

    @Override
    void add(int item) {
      window.counts[0] += items.counts[item];
    }

    @Override
    void remove(int item) {
      window.counts[0] -= items.counts[item];
    }

    @Override
    public States result() {
      return window;
    }
  }

  /** {@code count}, {@code count: column}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "count";
    }

    @Override
    public String description() {
      return "The number of events, or of those in which a column is not null.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.optional(
              "column", Parameter.Kind.COLUMN, "Count only events in which it is not null."));
    }

    @Override
    public Aggregate create(Settings settings) {
      return new Count(settings.stringOrNull("column"));
    }
  }
}
