package io.featurebeam.aggregate;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;

/**
 * The arithmetic mean of a column. Nulls are left out; null if there is no other value. NaN makes
 * it NaN. float64: the exact sum, rounded, divided by the count; a sum beyond the doubles is
 * divided before it is rounded.
 *
 * @param column an int64 or float64 column
 */
public record Mean(String column) implements Aggregate {

  @Override
  public List<Part> parts() {
    return List.of(new Sum(column), new Count(column));
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    ColumnTypes.numeric("mean", schema, column);
    return FieldType.FLOAT64;
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    long count = Count.Of.at(parts[1], slot);
    if (count <= 0) {
      out.appendNull();
    } else if (parts[0] instanceof Sum.OfDoubles doubles) {
      out.appendDouble(doubles.sums.mean(slot, count));
    } else {
      out.appendDouble(((LongSums) parts[0]).asDouble(slot) / count);
    }
  }

  /** {@code mean: column}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "mean";
    }

    @Override
    public String description() {
      return "The arithmetic mean of a column; null if it has no values.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "An int64 or float64 column."),
          Parameter.optional(
              "weight",
              Parameter.Kind.COLUMN,
              "An int64 or float64 column that says how often a value counts."));
    }

    @Override
    public Aggregate create(Settings settings) {
      String column = settings.string("column");
      return settings.has("weight")
          ? new Weighted(Weighted.Kind.MEAN, column, settings.string("weight"), false)
          : new Mean(column);
    }
  }
}
