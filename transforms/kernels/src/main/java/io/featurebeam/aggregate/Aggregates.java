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

  /** The value n events before the latest of the window. */
  public static Aggregate lag(String column, int n) {
    return new Lag(column, n);
  }

  public static Aggregate first(String column) {
    return new First(column);
  }

  /** The values of the k earliest events, the earliest first. */
  public static Aggregate firstK(String column, int k) {
    return new FirstK(column, k, false);
  }

  /** The values of the k latest events, the latest first. */
  public static Aggregate lastK(String column, int k) {
    return new FirstK(column, k, true);
  }

  /** The k largest values, the largest first. */
  public static Aggregate topK(String column, int k) {
    return new TopK(column, null, k, false);
  }

  /** The values of the k events in which another column is largest. */
  public static Aggregate topK(String column, int k, String by) {
    return new TopK(column, by, k, false);
  }

  /** The k smallest values, the smallest first. */
  public static Aggregate bottomK(String column, int k) {
    return new TopK(column, null, k, true);
  }

  /** The values of the k events in which another column is smallest. */
  public static Aggregate bottomK(String column, int k, String by) {
    return new TopK(column, by, k, true);
  }

  /** The latest value less the earliest. */
  public static Aggregate difference(String column) {
    return new Difference(column);
  }

  /** Seconds since the latest event. */
  public static Aggregate timeSinceLast() {
    return new TimeSince(null, false);
  }

  /** Seconds since the latest event in which a column is not null. */
  public static Aggregate timeSinceLast(String column) {
    return new TimeSince(column, false);
  }

  /** Seconds since the earliest event. */
  public static Aggregate timeSinceFirst() {
    return new TimeSince(null, true);
  }

  /** Seconds since the earliest event in which a column is not null. */
  public static Aggregate timeSinceFirst(String column) {
    return new TimeSince(column, true);
  }

  /** Events per so many microseconds of the window's length. */
  public static Aggregate rate(long perMicros) {
    return new Rate(null, perMicros);
  }

  /** The sum of a column per so many microseconds of the window's length. */
  public static Aggregate rate(String column, long perMicros) {
    return new Rate(column, perMicros);
  }

  public static Aggregate median(String column) {
    return new Quantile(column, 0.5);
  }

  /** The variance of a population (divided by n). */
  public static Aggregate populationVariance(String column) {
    return new Variance(column, true, false);
  }

  /** The standard deviation of a population (divided by n). */
  public static Aggregate populationStddev(String column) {
    return new Variance(column, true, true);
  }

  /** The skewness of a sample (adjusted Fisher-Pearson). */
  public static Aggregate skewness(String column) {
    return new Skewness(column, false);
  }

  /** The excess kurtosis of a sample. */
  public static Aggregate kurtosis(String column) {
    return new Kurtosis(column, false);
  }

  /** The sum of a column times another. */
  public static Aggregate weightedSum(String column, String weight) {
    return new Weighted(Weighted.Kind.SUM, column, weight, false);
  }

  /** The mean of values that count as often as another column says. */
  public static Aggregate weightedMean(String column, String weight) {
    return new Weighted(Weighted.Kind.MEAN, column, weight, false);
  }

  /** The variance of a sample of values that occur as often as another column says. */
  public static Aggregate weightedVariance(String column, String weight) {
    return new Weighted(Weighted.Kind.VARIANCE, column, weight, false);
  }

  /** The mean with weights that halve every so many microseconds of event time. */
  public static Aggregate ewma(String column, long halfLifeMicros) {
    return new Ewma(column, halfLifeMicros);
  }

  /** The slope per second of the least squares line over event time. */
  public static Aggregate slope(String column) {
    return new Slope(column);
  }

  /** The largest fall from a value to a later one. */
  public static Aggregate drawdown(String column) {
    return new Drawdown(column);
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

  /** An aggregate for each of the n largest values of a category column, the largest first. */
  public static Aggregate perLargestCategory(Aggregate aggregate, String category, int n) {
    return perCategory(aggregate, category, new PerCategory.Top(n, PerCategory.By.KEY));
  }

  /** For each of the n categories in which the aggregate is largest, the largest first. */
  public static Aggregate perTopCategory(Aggregate aggregate, String category, int n) {
    return perCategory(aggregate, category, new PerCategory.Top(n, PerCategory.By.VALUE));
  }

  private static Aggregate perCategory(Aggregate aggregate, String category, PerCategory.Top top) {
    return new PerCategory(aggregate, category, PerCategory.DEFAULT_MAX, top);
  }
}
