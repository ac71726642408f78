package io.featurebeam.aggregate;

import java.util.List;

/** The built-in aggregates, as Java writes them: {@code mean("delay")}. */
public final class Aggregates {

  private Aggregates() {}

  /** The number of events. */
  public static Aggregate count() {
    return new Count(null);
  }

  /** The number of events in which a column is not null. */
  public static Aggregate count(String column) {
    return new Count(column);
  }

  public static Aggregate sum(String column) {
    return new Sum(column);
  }

  public static Aggregate mean(String column) {
    return new Mean(column);
  }

  public static Aggregate min(String column) {
    return new Extremum(column, false);
  }

  public static Aggregate max(String column) {
    return new Extremum(column, true);
  }

  /** The variance of a sample (divided by n - 1). */
  public static Aggregate variance(String column) {
    return new Variance(column, false, false);
  }

  /** The standard deviation of a sample (divided by n - 1). */
  public static Aggregate stddev(String column) {
    return new Variance(column, false, true);
  }

  public static Aggregate approximateDistinct(String column) {
    return new ApproximateDistinct(column);
  }

  /** The value at rank q, from 0 to 1. */
  public static Aggregate quantile(String column, double q) {
    return new Quantile(column, q);
  }

  public static Aggregate last(String column) {
    return new Last(column);
  }

  /** The number of different values; it stops at {@link Distinct#DEFAULT_MAX}. */
  public static Aggregate distinct(String column) {
    return new Distinct(column, Distinct.DEFAULT_MAX);
  }

  /** The different values, ascending; null for more than {@link DistinctList#DEFAULT_MAX}. */
  public static Aggregate distinctList(String column) {
    return new DistinctList(column, DistinctList.DEFAULT_MAX);
  }

  /** The mode; of several the smallest. */
  public static Aggregate mostFrequent(String column) {
    return new MostFrequent(column, MostFrequent.DEFAULT_MAX);
  }

  /** The most frequent values, at most so many, the most frequent first. */
  public static Aggregate frequentItems(String column, int topK) {
    return new FrequentItems(column, topK, false);
  }

  /** The counts of {@link #frequentItems}, in the same order. */
  public static Aggregate frequentCounts(String column, int topK) {
    return new FrequentItems(column, topK, true);
  }

  /** How many values lie below the first boundary, between each two, and from the last up. */
  public static Aggregate histogram(String column, Double... boundaries) {
    return new Histogram(column, List.of(boundaries));
  }

  /** The values at several ranks, each from 0 to 1, as a list. */
  public static Aggregate quantiles(String column, Double... q) {
    return new Quantiles(column, List.of(q));
  }

  /** The entropy of a column's values in bits. */
  public static Aggregate entropy(String column) {
    return new Entropy(column, Entropy.DEFAULT_MAX);
  }

  /** An aggregate for each value of a category column, as a JSON object. */
  public static Aggregate perCategory(Aggregate aggregate, String category) {
    return new PerCategory(aggregate, category, PerCategory.DEFAULT_MAX);
  }
}
