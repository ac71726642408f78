package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;

/**
 * The sum of a column. Nulls are left out; null if there is no other value. NaN makes it NaN,
 * infinities add up as IEEE 754 says.
 *
 * <p>float64: the exact sum rounded once, so the order of events does not matter; it may grow
 * beyond the doubles on the way. int64: exact; a sum beyond int64 is an error that says so.
 *
 * @param column an int64 or float64 column
 */
public record Sum(String column) implements Aggregate, Part {

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
    return ColumnTypes.numeric("sum", schema, column);
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    if (Count.Of.at(parts[1], slot) == 0) {
      out.appendNull();
    } else if (parts[0] instanceof OfDoubles doubles) {
      out.appendDouble(doubles.sums.value(slot));
    } else {
      out.appendLong(wholeSum((LongSums) parts[0], slot));
    }
  }

  private long wholeSum(LongSums sums, int slot) {
    if (!sums.fitsLong(slot)) {
      throw new ArithmeticException(
          "sum of '"
              + column
              + "' overflows int64: "
              + sums.exact(slot)
              + " (convert the column to float64 with an expression)");
    }
    return sums.low(slot);
  }

  @Override
  public boolean canSubtract() {
    return true;
  }

  @Override
  public States newStates(RecordSchema schema) {
    return outputType(schema).equals(FieldType.INT64) ? new LongSums() : new OfDoubles();
  }

  /** Sums of a float64 column. */
  static final class OfDoubles extends SumStates {
    @Override
    public States newStates() {
      return new OfDoubles();
    }

    @Override
    public void accumulate(Inputs in, int[] slots) {
      DoubleColumn column = (DoubleColumn) in.columns().get(0);
      double[] values = column.values();
      Bitmap validity = column.validity();
      for (int i = 0; i < in.size(); i++) {
        if (slots[i] >= 0 && (validity == null || validity.get(i))) {
          sums.add(slots[i], values[i]);
        }
      }
    }
  }

  /** {@code sum: column}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "sum";
    }

    @Override
    public String description() {
      return "The sum of a column, exact and independent of order; null if it has no values.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "An int64 or float64 column."),
          Parameter.optional(
              "weight",
              Parameter.Kind.COLUMN,
              "An int64 or float64 column that values are multiplied by."));
    }

    @Override
    public Aggregate create(Settings settings) {
      String column = settings.string("column");
      return settings.has("weight")
          ? new Weighted(Weighted.Kind.SUM, column, settings.string("weight"), false)
          : new Sum(column);
    }
  }
}
