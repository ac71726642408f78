package io.featurebeam.aggregate;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;

/**
 * The value that a column has most often (the mode); of several the smallest, texts by their bytes.
 * Nulls are left out; NaN is one value, after all others; -0.0 is 0.0; null if there is no value.
 *
 * <p>It is exact. With more than {@code maxDistinct} different values, or texts of together more
 * than 1 MiB, it is null rather than a guess; {@link FrequentItems} goes on with a stated error.
 *
 * @param column a column of any type but list, whose type is the result's
 * @param maxDistinct how many different values are counted, from 1 to 1,000,000
 */
public record MostFrequent(String column, int maxDistinct) implements Aggregate {

  /** So many different values are counted if nothing else is said. */
  public static final int DEFAULT_MAX = 10_000;

  public MostFrequent {
    Tally.checked("maxDistinct", maxDistinct, Tally.LIMIT);
  }

  @Override
  public List<Part> parts() {
    return List.of(new Tally(column, maxDistinct, true));
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    return Tally.type("most_frequent", schema, column);
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    Tally.Of tally = (Tally.Of) parts[0];
    int[] top = tally.isFull(slot) ? new int[0] : tally.tables().top(slot, 1);
    if (top.length == 0) {
      out.appendNull();
    } else {
      tally.tables().append(top[0], out);
    }
  }

  /** {@code most_frequent: column}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "most_frequent";
    }

    @Override
    public String description() {
      return "The value that a column has most often (the mode), of several the smallest; null if"
          + " there are more than maxDistinct, or more than 1 MiB of text (frequent_items goes"
          + " on).";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.required("column", Parameter.Kind.COLUMN, "A column of any type but list."),
          Parameter.optional(
              "maxDistinct",
              Parameter.Kind.INTEGER,
              "How many different values are counted, at most 1000000 (default: 10000)."));
    }

    @Override
    public Aggregate create(Settings settings) {
      return new MostFrequent(settings.string("column"), Tally.maxDistinct(settings, DEFAULT_MAX));
    }
  }
}
