package io.featurebeam.aggregate;

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
}
