package io.featurebeam.anomaly;

import java.util.List;

/**
 * The built-in scorers, detectors and ensembles of them.
 *
 * <pre>{@code
 * Detector detector = Detectors.majority(
 *     Detectors.of(Detectors.zScore("amount")),
 *     Detectors.of(Detectors.iqr("amount"), Threshold.fixed(3)),
 *     Detectors.of(Detectors.halfSpaceTrees(List.of("amount", "distance"))));
 * }</pre>
 *
 * <p>All score a value by those before it and then learn it. Null and NaN are given as NaN: they
 * get no score and are not learned. Columns are int64 or float64, or times as numbers.
 */
public final class Detectors {

  private Detectors() {}

  /** A scorer with the threshold that is usual for it. */
  public static Detector of(Scorer scorer) {
    return new SingleDetector(scorer, scorer.usualThreshold());
  }

  public static Detector of(Scorer scorer, Threshold threshold) {
    return new SingleDetector(scorer, threshold);
  }

  /** How many standard deviations from the mean of all before it; usually an outlier from 3 on. */
  public static Scorer zScore(String column) {
    return zScore(column, ZScore.WARM_UP, 0);
  }

  /**
   * As {@link #zScore(String)}.
   *
   * @param warmUp no score before so many values; from 2
   * @param leastSpread a smaller standard deviation is taken as this
   */
  public static Scorer zScore(String column, int warmUp, double leastSpread) {
    return new ZScore(column, warmUp, leastSpread);
  }

  /** How far from the median of the last 1000, by their MAD; usually an outlier from 3 on. */
  public static Scorer robustZScore(String column) {
    return robustZScore(column, RobustZScore.WINDOW, RobustZScore.WARM_UP, false, 0);
  }

  /**
   * As {@link #robustZScore(String)}.
   *
   * @param window how many values are remembered
   * @param warmUp no score before so many values; from 1
   * @param exact whether deviations are from the median now, not from that of their time
   * @param leastSpread a smaller MAD is taken as this
   */
  public static Scorer robustZScore(
      String column, int window, int warmUp, boolean exact, double leastSpread) {
    return new RobustZScore(column, window, warmUp, exact, leastSpread);
  }

  /** How many interquartile ranges outside of the quartiles; usually an outlier from 1.5 on. */
  public static Scorer iqr(String column) {
    return iqr(column, Iqr.WINDOW, Iqr.WARM_UP, 0);
  }

  /**
   * As {@link #iqr(String)}.
   *
   * @param window how many values are remembered
   * @param warmUp no score before so many values; from 1
   * @param leastSpread a smaller range is taken as this
   */
  public static Scorer iqr(String column, int window, int warmUp, double leastSpread) {
    return new Iqr(column, window, warmUp, leastSpread);
  }

  /** A control chart of an exponentially weighted mean; usually an outlier from 3 sigma on. */
  public static Scorer ewmaChart(String column) {
    return ewmaChart(column, EwmaChart.LAMBDA, EwmaChart.WARM_UP, 0);
  }

  /**
   * As {@link #ewmaChart(String)}.
   *
   * @param lambda the weight of a new value, above 0 and at most 1
   * @param warmUp of so many first values mean and standard deviation are taken; from 2
   * @param leastSpread a smaller standard deviation is taken as this
   */
  public static Scorer ewmaChart(String column, double lambda, int warmUp, double leastSpread) {
    return new EwmaChart(column, lambda, warmUp, Double.NaN, Double.NaN, leastSpread);
  }

  /** As {@link #ewmaChart(String)} with a known mean and standard deviation, and no warm-up. */
  public static Scorer ewmaChartOf(String column, double lambda, double mean, double stddev) {
    return new EwmaChart(column, lambda, EwmaChart.WARM_UP, mean, stddev, 0);
  }

  /** How far from a forecast by level, trend and season; usually an outlier from 3 errors on. */
  public static Scorer holtWinters(String column, int period) {
    return holtWinters(column, period, HoltWinters.ALPHA, HoltWinters.BETA, HoltWinters.GAMMA, 0);
  }

  /**
   * As {@link #holtWinters(String, int)}.
   *
   * @param alpha how fast the level follows, 0 to 1
   * @param beta how fast the trend follows
   * @param gamma how fast the season follows
   * @param leastSpread a smaller usual error is taken as this
   */
  public static Scorer holtWinters(
      String column, int period, double alpha, double beta, double gamma, double leastSpread) {
    return new HoltWinters(column, period, alpha, beta, gamma, leastSpread);
  }

  /**
   * How empty the place of a record is among the last 250, over several columns; usually an outlier
   * above the 99th percentile of its scores.
   */
  public static Scorer halfSpaceTrees(List<String> columns) {
    return halfSpaceTrees(
        columns, HalfSpaceTrees.TREES, HalfSpaceTrees.DEPTH, HalfSpaceTrees.WINDOW, 0);
  }

  /**
   * As {@link #halfSpaceTrees(List)}.
   *
   * @param trees how many trees, to 100
   * @param depth how often each halves the space, to 15
   * @param window how many records make a window
   * @param seed which trees
   */
  public static Scorer halfSpaceTrees(
      List<String> columns, int trees, int depth, int window, long seed) {
    return new HalfSpaceTrees(columns, trees, depth, window, seed);
  }

  /** An outlier if any of them says so. */
  public static Detector any(Detector... members) {
    return new VotingDetector(VotingDetector.Rule.ANY, List.of(members));
  }

  /** An outlier if all of them that know say so. */
  public static Detector all(Detector... members) {
    return new VotingDetector(VotingDetector.Rule.ALL, List.of(members));
  }

  /** An outlier if more than half of those that know say so. */
  public static Detector majority(Detector... members) {
    return new VotingDetector(VotingDetector.Rule.MAJORITY, List.of(members));
  }

  /** The mean of their scores against one threshold; their scales should be alike. */
  public static Detector mean(Threshold threshold, Scorer... members) {
    return new BlendingDetector(BlendingDetector.Blend.MEAN, List.of(members), threshold);
  }

  /** The highest of their scores against one threshold. */
  public static Detector max(Threshold threshold, Scorer... members) {
    return new BlendingDetector(BlendingDetector.Blend.MAX, List.of(members), threshold);
  }
}
