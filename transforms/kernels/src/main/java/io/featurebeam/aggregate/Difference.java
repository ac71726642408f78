package io.featurebeam.aggregate;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.math.BigInteger;
import java.util.List;

/**
 * The value of the latest event less that of the earliest. Nulls are left out; null if there is no
 * other value, 0 if there is one alone. NaN in either makes it NaN, as IEEE 754 says. Events of
 * equal time are ordered as for {@link Last}. int64: a difference beyond int64 is an error that
 * says so.
 *
 * @param column an int64 or float64 column, whose type is the result's
 */
public record Difference(String column) implements Aggregate {

  @Override
  public List<Part> parts() {
    return List.of(new Last(column), new First(column));
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    return ColumnTypes.numeric("difference", schema, column);
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    Last.Latest last = (Last.Latest) parts[0];
    if (last.isEmpty(slot)) {
      out.appendNull();
      return;
    }
    long end = last.number(slot);
    long start = ((Last.Latest) parts[1]).number(slot);
    if (out.type().equals(FieldType.FLOAT64)) {
      out.appendDouble(Double.longBitsToDouble(end) - Double.longBitsToDouble(start));
      return;
    }
    long difference = end - start;
    if (((end ^ start) & (end ^ difference)) < 0) {
      throw new ArithmeticException(
          "difference of '"
              + column
              + "' overflows int64: "
              + BigInteger.valueOf(end).subtract(BigInteger.valueOf(start))
              + " (convert the column to float64 with an expression)");
    }
    out.appendLong(difference);
  }

  /** {@code difference: column}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "difference";
    }

    @Override
    public String description() {
      return "The value of the latest event less that of the earliest.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "An int64 or float64 column."));
    }

    @Override
    public Aggregate create(Settings settings) {
      return new Difference(settings.string("column"));
    }
  }
}
