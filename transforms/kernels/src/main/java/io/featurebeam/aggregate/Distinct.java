package io.featurebeam.aggregate;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;

/**
 * How many different values of a column there are, exactly. Nulls are left out; NaN is one value,
 * -0.0 is 0.0; int64, 0 in an empty window. Texts are told apart by a hash of 64 bits.
 *
 * <p>The count stops at {@code maxDistinct}, which then means so many or more: one key with
 * millions of values neither takes the memory of all others nor ends the run, and the feature stays
 * monotone, as a model wants it. {@link ApproximateDistinct} counts on without a limit, within 1.6
 * %.
 *
 * @param column a column of any type but list
 * @param maxDistinct where the count stops, from 1 to 1,000,000
 */
public record Distinct(String column, int maxDistinct) implements Aggregate {

  /** Up to here the count goes if nothing else is said. */
  public static final int DEFAULT_MAX = 10_000;

  public Distinct {
    Tally.checked("maxDistinct", maxDistinct, Tally.LIMIT);
  }

  @Override
  public List<Part> parts() {
    return List.of(new Tally(column, maxDistinct, false));
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    Tally.type("distinct", schema, column);
    return FieldType.INT64;
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    Tally.Of tally = (Tally.Of) parts[0];
    out.appendLong(tally.isFull(slot) ? maxDistinct : tally.tables().count(slot));
  }

  /** {@code distinct: column}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "distinct";
    }

    @Override
    public String description() {
      return "How many different values there are, exactly; it stops at maxDistinct, which then"
          + " means so many or more (approximate_distinct has no limit).";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "A column of any type but list."),
          Parameter.optional(
              "maxDistinct",
              Parameter.Kind.INTEGER,
              "Where the count stops, at most 1000000 (default: 10000)."));
    }

    @Override
    public Aggregate create(Settings settings) {
      return new Distinct(settings.string("column"), Tally.maxDistinct(settings, DEFAULT_MAX));
    }
  }
}
