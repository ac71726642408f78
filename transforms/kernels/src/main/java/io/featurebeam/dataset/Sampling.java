package io.featurebeam.dataset;

import io.featurebeam.columnar.RecordSchema;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * Keeps a share of the rows for which a condition holds, and all others, and weighs what it keeps
 * so that sums stay about what they were.
 *
 * <pre>{@code
 * Sampling.of("label == 0", 0.1, List.of("user"), "at").withSeed(3)
 * }</pre>
 *
 * <p>Whether a row is kept is decided by a hash of its key, its time and the seed: the same row is
 * always kept or always dropped, in every run and whatever rows are beside it; rows of equal key
 * and time share their fate. A row for which the condition is null is kept, as is every row for
 * which it is false. Null is a value of a key or a time like any other.
 *
 * <p>The weight of a row is 1 / {@code keep} if the condition holds and 1 if not; a column of that
 * name that is there already is multiplied, a null remains null. Several samplings follow each
 * other; those that can hold for one row need seeds of their own, or a row that the first keeps is
 * kept by the second too often.
 *
 * @param where a CEL condition over the columns
 * @param keep the share to keep, above 0 and at most 1
 * @param keys the columns that, with the time, tell rows apart; not lists
 * @param time a column, such as the event time
 * @param seed another seed gives another, independent choice
 * @param weight the column that is added or multiplied
 */
public record Sampling(
    String where, double keep, List<String> keys, String time, long seed, String weight)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  /** The weight's column unless told otherwise. */
  public static final String WEIGHT = "weight";

  public Sampling {
    Objects.requireNonNull(where, "where is null");
    Objects.requireNonNull(time, "time is null");
    if (!(keep > 0 && keep <= 1)) {
      throw new IllegalArgumentException(
          "Invalid keep: "
              + keep
              + " (must be above 0 and at most 1; to keep none use a condition)");
    }
    if (weight.isBlank()) {
      throw new IllegalArgumentException("Invalid weight: '' (must not be empty)");
    }
    keys = List.copyOf(new TreeSet<>(keys));
  }

  /** Seed 0, weights in a column {@value #WEIGHT}. */
  public static Sampling of(String where, double keep, Collection<String> keys, String time) {
    return new Sampling(where, keep, List.copyOf(keys), time, 0, WEIGHT);
  }

  public Sampling withSeed(long newSeed) {
    return new Sampling(where, keep, keys, time, newSeed, weight);
  }

  public Sampling withWeight(String newWeight) {
    return new Sampling(where, keep, keys, time, seed, newWeight);
  }

  /**
   * Refuses what is no condition over these columns, a missing column and a weight of no number.
   */
  public Sampler bind(RecordSchema schema) {
    return new Sampler(this, schema);
  }
}
