package io.featurebeam.aggregate;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;

/**
 * The different values of a column, ascending (texts by their bytes, which is code point order).
 * Nulls are left out; NaN is one value, the last; -0.0 is 0.0; an empty list in an empty window.
 *
 * <p>With more than {@code maxDistinct} values, or texts of together more than 1 MiB, it is null: a
 * part of them would look like all of them, and memory is bounded. {@link Distinct} still counts.
 *
 * @param column a column of any type but list; the result is a list of that type
 * @param maxDistinct the longest list, from 1 to 1,000,000
 */
public record DistinctList(String column, int maxDistinct) implements Aggregate {

  /** The longest list if nothing else is said. */
  public static final int DEFAULT_MAX = 1000;

  public DistinctList {
    Tally.checked("maxDistinct", maxDistinct, Tally.LIMIT);
  }

  @Override
  public List<Part> parts() {
    return List.of(new Tally(column, maxDistinct, true));
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    return FieldType.listOf(Tally.type("distinct_list", schema, column));
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    Tally.Of tally = (Tally.Of) parts[0];
    if (tally.isFull(slot)) {
      out.appendNull();
    } else {
      tally.tables().appendSorted(slot, out.elements());
      out.endList();
    }
  }

  /** {@code distinct_list: column}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "distinct_list";
    }

    @Override
    public String description() {
      return "The different values of a column, ascending; null if there are more than maxDistinct,"
          + " or more than 1 MiB of text.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "A column of any type but list."),
          Parameter.optional(
              "maxDistinct",
              Parameter.Kind.INTEGER,
              "The longest list, at most 1000000 (default: 1000)."));
    }

    @Override
    public Aggregate create(Settings settings) {
      return new DistinctList(settings.string("column"), Tally.maxDistinct(settings, DEFAULT_MAX));
    }
  }
}
