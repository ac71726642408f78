package io.featurebeam.feature;

import java.util.Arrays;
import java.util.List;

/**
 * The built-in features.
 *
 * <pre>{@code
 * Features.standardize("delay")
 * Features.minMax("distance").withRange(-1, 1)
 * Features.oneHot("origin").withTopK(20).withOov()
 * }</pre>
 */
public final class Features {

  private Features() {}

  /** The natural logarithm of 1 + x. */
  public static Log1p log1p(String column) {
    return new Log1p(column);
  }

  /** What a CEL expression over the columns gives. */
  public static Calculate expression(String cel) {
    return new Calculate(cel);
  }

  /** The z-score, by the population's deviation. */
  public static Standardize standardize(String column) {
    return new Standardize(column, false);
  }

  /** The place between the least and the greatest training value, from 0 to 1. */
  public static MinMax minMax(String column) {
    return new MinMax(column, 0, 1, false);
  }

  /** Which interval between these ascending boundaries; a value equal to one is in the upper. */
  public static Bucketize bucketize(String column, double... boundaries) {
    return new Bucketize(column, Arrays.stream(boundaries).boxed().toList(), true);
  }

  /** A column of 0 and 1 for each training value. */
  public static OneHot oneHot(String column) {
    return new OneHot(column, List.of(), Integer.MAX_VALUE, false);
  }

  /** A column of 0 and 1 for each of these values. */
  public static OneHot oneHot(String column, List<String> categories) {
    if (categories.isEmpty()) {
      throw new IllegalArgumentException("Invalid categories: [] (must be at least one)");
    }
    return new OneHot(column, categories, Integer.MAX_VALUE, false);
  }

  /** The rank among the training values, the most frequent 0. */
  public static Vocabulary vocabulary(String column) {
    return new Vocabulary(column, Integer.MAX_VALUE, 1, 0, CategoryCounts.MAX_DISTINCT);
  }

  /** The value, or what was learned where it is missing: the training mean, median or mode. */
  public static Impute impute(String column, Impute.Strategy strategy) {
    return new Impute(column, strategy, null);
  }

  /** The value, or this constant (as text) where it is missing. */
  public static Impute impute(String column, String constant) {
    return new Impute(column, Impute.Strategy.CONSTANT, constant);
  }

  /** Parts of a timestamp or date in UTC. */
  public static DateParts dateParts(String column, DateParts.Part... parts) {
    return new DateParts(column, List.of(parts));
  }

  /** The bucket, below {@code buckets}, that the value's stable hash chooses. */
  public static HashBucket hash(String column, int buckets) {
    return new HashBucket(column, buckets, 0);
  }
}
