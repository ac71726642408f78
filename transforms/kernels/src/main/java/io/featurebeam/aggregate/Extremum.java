package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.Arrays;
import java.util.List;

/**
 * The smallest or largest value of a column. Nulls are left out; null if there is no other value.
 * NaN makes it NaN; -0.0 is less than 0.0; texts are compared by their bytes, so by code point.
 *
 * @param column an int64, float64, string, timestamp, date or time column, whose type is the
 *     result's
 * @param largest max if true, min if false
 */
public record Extremum(String column, boolean largest) implements Aggregate, Part {

  @Override
  public List<Part> parts() {
    return List.of(this, new Count(column));
  }

  @Override
  public List<String> inputs() {
    return List.of(column);
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    FieldType type = schema.field(column).type();
    if (type.equals(FieldType.STRING)) {
      return type;
    } else if (!type.isNumeric() && type.storage() != FieldType.Storage.LONG) {
      throw ColumnTypes.refusal(
          largest ? "max" : "min", column, type, "int64, float64, string, timestamp, date or time");
    }
    return type;
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    if (Count.Of.at(parts[1], slot) == 0) {
      out.appendNull();
    } else if (parts[0] instanceof OfDoubles doubles) {
      out.appendDouble(doubles.values[slot]);
    } else if (parts[0] instanceof ExtremeTexts texts) {
      texts.append(slot, out);
    } else {
      out.appendLong(((OfLongs) parts[0]).values[slot]);
    }
  }

  @Override
  public States newStates(RecordSchema schema) {
    return switch (outputType(schema).storage()) {
      case DOUBLE -> new OfDoubles(largest);
      case BYTES -> new ExtremeTexts(largest);
      default -> new OfLongs(largest);
    };
  }

  private static final class OfDoubles extends States {
    private final boolean largest;
    private final double empty;
    private double[] values = {};

    OfDoubles(boolean largest) {
      this.largest = largest;
      this.empty = largest ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }

    private void take(int slot, double value) {
      values[slot] = largest ? Math.max(values[slot], value) : Math.min(values[slot], value);
    }

    @Override
    public States newStates() {
      return new OfDoubles(largest);
    }

    @Override
    public void ensure(int slots) {
      int old = values.length;
      if (slots > old) {
        values = Arrays.copyOf(values, grown(old, slots));
        Arrays.fill(values, old, values.length, empty);
      }
    }

    @Override
    public void clear(int slot) {
      values[slot] = empty;
    }

    @Override
    public void accumulate(Inputs in, int[] slots) {
      DoubleColumn column = (DoubleColumn) in.columns().get(0);
      double[] input = column.values();
      Bitmap validity = column.validity();
      for (int i = 0; i < in.size(); i++) {
        if (slots[i] >= 0 && (validity == null || validity.get(i))) {
          take(slots[i], input[i]);
        }
      }
    }

    @Override
    public void merge(int slot, States from, int fromSlot) {
      take(slot, ((OfDoubles) from).values[fromSlot]);
    }

    @Override
    public void mergeAll(int slot, States from, int[] fromSlots, int begin, int end) {
      double[] others = ((OfDoubles) from).values;
      double extremum = values[slot];
      for (int i = begin; i < end; i++) {
        double other = others[fromSlots[i]];
        extremum = largest ? Math.max(extremum, other) : Math.min(extremum, other);
      }
      values[slot] = extremum;
    }

    /** What is not the extremum leaves it as it is. */
    @Override
    boolean slide(int slot, int[] order, int outFrom, int outTo, int inFrom, int inTo) {
      mergeAll(slot, this, order, inFrom, inTo);
      double extremum = values[slot];
      for (int i = outFrom; i < outTo; i++) {
        double out = values[order[i]];
        if (largest ? !(out < extremum) : !(out > extremum)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public List<FieldType> savedTypes() {
      return List.of(FieldType.FLOAT64);
    }

    @Override
    public List<Column> save(int[] slots) {
      double[] saved = new double[slots.length];
      for (int i = 0; i < slots.length; i++) {
        saved[i] = values[slots[i]];
      }
      return List.of(DoubleColumn.of(saved));
    }

    @Override
    public void mergeSaved(List<Column> saved, int[] slots) {
      double[] input = ((DoubleColumn) saved.get(0)).values();
      for (int i = 0; i < slots.length; i++) {
        take(slots[i], input[i]);
      }
    }

    @Override
    public long byteSize(int slots) {
      return 8L * slots;
    }
  }

  static class OfLongs extends States {
    private final boolean largest;
    private final long empty;
    private long[] values = {};

    OfLongs(boolean largest) {
      this.largest = largest;
      this.empty = largest ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    final void take(int slot, long value) {
      values[slot] = largest ? Math.max(values[slot], value) : Math.min(values[slot], value);
    }

    final long at(int slot) {
      return values[slot];
    }

    @Override
    public States newStates() {
      return new OfLongs(largest);
    }

    @Override
    public void ensure(int slots) {
      int old = values.length;
      if (slots > old) {
        values = Arrays.copyOf(values, grown(old, slots));
        Arrays.fill(values, old, values.length, empty);
      }
    }

    @Override
    public void clear(int slot) {
      values[slot] = empty;
    }

    @Override
    public void accumulate(Inputs in, int[] slots) {
      LongColumn column = (LongColumn) in.columns().get(0);
      long[] input = column.values();
      Bitmap validity = column.validity();
      for (int i = 0; i < in.size(); i++) {
        if (slots[i] >= 0 && (validity == null || validity.get(i))) {
          take(slots[i], input[i]);
        }
      }
    }

    @Override
    public void merge(int slot, States from, int fromSlot) {
      take(slot, ((OfLongs) from).values[fromSlot]);
    }

    /** What is not the extremum leaves it as it is. */
    @Override
    boolean slide(int slot, int[] order, int outFrom, int outTo, int inFrom, int inTo) {
      mergeAll(slot, this, order, inFrom, inTo);
      long extremum = values[slot];
      for (int i = outFrom; i < outTo; i++) {
        long out = values[order[i]];
        if (largest ? !(out < extremum) : !(out > extremum)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public List<FieldType> savedTypes() {
      return List.of(FieldType.INT64);
    }

    @Override
    public List<Column> save(int[] slots) {
      long[] saved = new long[slots.length];
      for (int i = 0; i < slots.length; i++) {
        saved[i] = values[slots[i]];
      }
      return List.of(LongColumn.of(FieldType.INT64, saved));
    }

    @Override
    public void mergeSaved(List<Column> saved, int[] slots) {
      long[] input = ((LongColumn) saved.get(0)).values();
      for (int i = 0; i < slots.length; i++) {
        take(slots[i], input[i]);
      }
    }

    @Override
    public long byteSize(int slots) {
      return 8L * slots;
    }
  }

  private abstract static class Provider implements AggregateProvider {
    private final boolean largest;

    Provider(boolean largest) {
      this.largest = largest;
    }

    @Override
    public String name() {
      return largest ? "max" : "min";
    }

    @Override
    public String description() {
      return "The "
          + (largest ? "largest" : "smallest")
          + " value of a column; null if it has none.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required(
              "column",
              Parameter.Kind.COLUMN,
              "An int64, float64, string, timestamp, date or time column."));
    }

    @Override
    public Aggregate create(Settings settings) {
      return new Extremum(settings.string("column"), largest);
    }
  }

  /** {@code min: column}. */
  public static final class MinProvider extends Provider {
    public MinProvider() {
      super(false);
    }
  }

  /** {@code max: column}. */
  public static final class MaxProvider extends Provider {
    public MaxProvider() {
      super(true);
    }
  }
}
