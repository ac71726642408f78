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
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The slope of a column over event time, per second: that of the least squares line, as {@code
 * regr_slope} in SQL. Nulls are left out; null if the other values do not have two different times.
 * NaN or an infinity makes it NaN, as does a magnitude beyond 1e288. float64.
 *
 * <p>From exact sums of times, values and their products, so the order of events does not matter,
 * and neither does how long ago they were; an int64 is taken as the nearest double.
 *
 * @param column an int64 or float64 column
 */
public record Slope(String column) implements Aggregate, Part {

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
    ColumnTypes.numeric("slope", schema, column);
    return FieldType.FLOAT64;
  }

  @Override
  public boolean canSubtract() {
    return true;
  }

  @Override
  public States newStates(RecordSchema schema) {
    return new Products();
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    ((Products) parts[0]).appendSlope(slot, out);
  }

  /** Per slot n, and the sums of t, t squared, x and t x, of times in microseconds. */
  private static final class Products extends States {
    private static final double LARGEST = 1e288;
    private static final MathContext DIGITS = new MathContext(60);
    private static final BigDecimal PER_SECOND = BigDecimal.valueOf(1_000_000);
    private static final int T = 0;
    private static final int TT = 1;
    private static final int X = 2;
    private static final int TX = 3;
    private long[] counts = {};
    private final ExactSums[] sums = {
      new ExactSums(), new ExactSums(), new ExactSums(), new ExactSums()
    };

    void appendSlope(int slot, ColumnBuilder out) {
      BigDecimal n = BigDecimal.valueOf(counts[slot]);
      BigDecimal t = sums[T].exact(slot);
      BigDecimal spread = n.multiply(sums[TT].exact(slot)).subtract(t.multiply(t));
      if (counts[slot] < 2 || spread.signum() <= 0) { // one, or all at one time
        out.appendNull();
      } else if (!sums[X].isFinite(slot)) {
        out.appendDouble(Double.NaN);
      } else {
        BigDecimal together =
            n.multiply(sums[TX].exact(slot)).subtract(t.multiply(sums[X].exact(slot)));
        out.appendDouble(
            together
                .multiply(PER_SECOND)
                .round(DIGITS)
                .divide(spread.round(DIGITS), MathContext.DECIMAL128)
                .doubleValue());
      }
    }

    private void add(int slot, long time, double x) {
      double high = (double) (time >> 32) * 0x1p32; // both halves are exact
      double low = (double) (time & 0xffff_ffffL);
      counts[slot]++;
      sums[T].add(slot, high);
      sums[T].add(slot, low);
      SumStates.addProduct(sums[TT], slot, high, high);
      SumStates.addProduct(sums[TT], slot, 2 * high, low);
      SumStates.addProduct(sums[TT], slot, low, low);
      if (Math.abs(x) <= LARGEST) {
        sums[X].add(slot, x);
        SumStates.addProduct(sums[TX], slot, high, x);
        SumStates.addProduct(sums[TX], slot, low, x);
      } else {
        sums[X].add(slot, Double.NaN);
      }
    }

    @Override
    public States newStates() {
      return new Products();
    }

    @Override
    public void ensure(int slots) {
      if (slots > counts.length) {
        counts = Arrays.copyOf(counts, grown(counts.length, slots));
        for (ExactSums sum : sums) {
          sum.ensure(counts.length);
        }
      }
    }

    @Override
    public void clear(int slot) {
      counts[slot] = 0;
      for (ExactSums sum : sums) {
        sum.clear(slot);
      }
    }

    @Override
    public void accumulate(Inputs in, int[] slots) {
      Column column = in.columns().get(0);
      Bitmap validity = column.validity();
      long[] times = in.times();
      for (int i = 0; i < in.size(); i++) {
        if (slots[i] >= 0 && (validity == null || validity.get(i))) {
          add(
              slots[i],
              times[i],
              column instanceof DoubleColumn doubles
                  ? doubles.get(i)
                  : (double) ((LongColumn) column).get(i));
        }
      }
    }

    @Override
    public void merge(int slot, States from, int fromSlot) {
      Products other = (Products) from;
      counts[slot] += other.counts[fromSlot];
      for (int i = 0; i < sums.length; i++) {
        sums[i].merge(slot, other.sums[i], fromSlot);
      }
    }

    @Override
    void subtract(int slot, States from, int fromSlot) {
      Products other = (Products) from;
      counts[slot] -= other.counts[fromSlot];
      for (int i = 0; i < sums.length; i++) {
        sums[i].subtract(slot, other.sums[i], fromSlot);
      }
    }

    @Override
    public List<FieldType> savedTypes() {
      List<FieldType> types = new ArrayList<>();
      types.add(FieldType.INT64);
      for (int i = 0; i < sums.length; i++) {
        types.addAll(ExactSums.SAVED_TYPES);
      }
      return types;
    }

    @Override
    public List<Column> save(int[] slots) {
      List<Column> saved = new ArrayList<>();
      long[] picked = new long[slots.length];
      for (int i = 0; i < slots.length; i++) {
        picked[i] = counts[slots[i]];
      }
      saved.add(LongColumn.of(FieldType.INT64, picked));
      for (ExactSums sum : sums) {
        saved.addAll(sum.save(slots));
      }
      return saved;
    }

    @Override
    public void mergeSaved(List<Column> saved, int[] slots) {
      long[] added = ((LongColumn) saved.get(0)).values();
      for (int i = 0; i < slots.length; i++) {
        counts[slots[i]] += added[i];
      }
      int width = ExactSums.SAVED_TYPES.size();
      for (int i = 0; i < sums.length; i++) {
        sums[i].mergeSaved(saved.subList(1 + i * width, 1 + (i + 1) * width), slots);
      }
    }

    @Override
    public long byteSize(int slots) {
      long bytes = 8L * slots;
      for (ExactSums sum : sums) {
        bytes += sum.byteSize(slots);
      }
      return bytes;
    }
  }

  /** {@code slope: column}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "slope";
    }

    @Override
    public String description() {
      return "The slope per second of the least squares line of a column over event time.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "An int64 or float64 column."));
    }

    @Override
    public Aggregate create(Settings settings) {
      return new Slope(settings.string("column"));
    }
  }
}
