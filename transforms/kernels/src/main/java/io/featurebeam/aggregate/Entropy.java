package io.featurebeam.aggregate;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.Arrays;
import java.util.List;

/**
 * How evenly the values of a column are spread: Shannon's entropy of their frequencies, in bits
 * (logarithm to base 2). Nulls are left out; NaN is one value, -0.0 is 0.0; 0 if all values are the
 * same, null if there is none.
 *
 * <p>From exact counts, added in the order of their size, so it is the same to the last bit in
 * whatever order the events come. With more than {@code maxDistinct} different values it is null.
 * Texts are told apart by a hash of 64 bits. Deequ and SciPy give nats: divide theirs by ln 2.
 *
 * @param column a column of any type but list
 * @param maxDistinct how many different values are counted, from 1 to 1,000,000
 */
public record Entropy(String column, int maxDistinct) implements Aggregate {

  /** So many different values are counted if nothing else is said; as those of {@link Distinct}. */
  public static final int DEFAULT_MAX = Distinct.DEFAULT_MAX;

  private static final double LN_2 = StrictMath.log(2);

  public Entropy {
    Tally.checked("maxDistinct", maxDistinct, Tally.LIMIT);
  }

  @Override
  public List<Part> parts() {
    return List.of(new Tally(column, maxDistinct, false));
  }

  @Override
  public FieldType outputType(RecordSchema schema) {
    Tally.type("entropy", schema, column);
    return FieldType.FLOAT64;
  }

  @Override
  public void finish(States[] parts, int slot, ColumnBuilder out) {
    Tally.Of tally = (Tally.Of) parts[0];
    if (tally.isFull(slot) || tally.tables().count(slot) == 0) {
      out.appendNull();
    } else {
      out.appendDouble(bits(tally.tables().numbers(slot)));
    }
  }

  private static double bits(long[] counts) {
    Arrays.sort(counts);
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    double nats = 0;
    for (int at = 0, end; at < counts.length; at = end) { // one logarithm for equal counts
      long count = counts[at];
      end = at + 1;
      while (end < counts.length && counts[end] == count) {
        end++;
      }
      nats += (double) count * (end - at) * StrictMath.log((double) total / count);
    }
    return nats / total / LN_2;
  }

  /** {@code entropy: column}. */
  public static final class Provider implements AggregateProvider {
    @Override
    public String name() {
      return "entropy";
    }

    @Override
    public String description() {
      return "How evenly the values of a column are spread, in bits: 0 if they are all the same;"
          + " null if there are none, or more than maxDistinct.";
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
      return new Entropy(settings.string("column"), Tally.maxDistinct(settings, DEFAULT_MAX));
    }
  }
}
