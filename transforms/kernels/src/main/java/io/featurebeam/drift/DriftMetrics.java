package io.featurebeam.drift;

import io.featurebeam.profile.Distribution;
import io.featurebeam.profile.Distribution.Categories;
import io.featurebeam.profile.Distribution.Numbers;
import java.util.List;

/**
 * The built-in metrics, with the thresholds that are usual for them. Each says beside it why; a
 * threshold that suits a column is better, and days that were fine tell it.
 *
 * <pre>{@code
 * Measured moved = DriftMetrics.kolmogorovSmirnov().compare(yesterday, today);
 * }</pre>
 *
 * <p>With few records, distances without a test (psi, Jensen-Shannon, Wasserstein) are above 0 by
 * chance alone, by about the number of parts divided by the number of values; prefer a test there.
 */
public final class DriftMetrics {

  private DriftMetrics() {}

  /** The largest move of a category's share; at most 0.1: ten points of a hundred. */
  public static DriftMetric lInfinity() {
    return ShareDistance.of(ShareDistance.Kind.L_INFINITY);
  }

  /** The share of records whose category would have to change; at most 0.1. */
  public static DriftMetric totalVariation() {
    return ShareDistance.of(ShareDistance.Kind.TOTAL_VARIATION);
  }

  /**
   * The Jensen-Shannon divergence in bits, of categories, or of numbers by deciles of the
   * reference; at most 0.01, which is a {@link #jensenShannonDistance} of 0.1.
   */
  public static DriftMetric jensenShannonDivergence() {
    return ShareDistance.of(ShareDistance.Kind.JENSEN_SHANNON_DIVERGENCE);
  }

  /**
   * The Jensen-Shannon distance, the root of the divergence in bits; at most 0.1, which a move of
   * some 14 points between two equal categories gives.
   */
  public static DriftMetric jensenShannonDistance() {
    return ShareDistance.of(ShareDistance.Kind.JENSEN_SHANNON_DISTANCE);
  }

  /**
   * The population stability index, of categories, or of numbers by deciles of the reference; at
   * most 0.2, from which credit scoring calls a shift significant. Shares below 0.0001 are taken as
   * that.
   */
  public static DriftMetric psi() {
    return ShareDistance.of(ShareDistance.Kind.PSI);
  }

  /** As {@link #psi()}, with all that can be chosen. */
  public static DriftMetric psi(double threshold, int bins, double floor) {
    return new ShareDistance(ShareDistance.Kind.PSI, threshold, bins, floor);
  }

  /**
   * The Kullback-Leibler divergence of the categories now from the reference's, in nats; at most
   * 0.1, half of what {@link #psi()} allows, which sums both directions. Shares below 0.0001 are
   * taken as that.
   */
  public static DriftMetric kl() {
    return ShareDistance.of(ShareDistance.Kind.KL);
  }

  /**
   * The chi-square test of categories; Cramer's V at most 0.1, a small effect, unless by chance.
   */
  public static DriftMetric chiSquare() {
    return new ChiSquare(ChiSquare.USUAL);
  }

  /** The two-sample test of Kolmogorov and Smirnov; D at most 0.1, unless by chance. */
  public static DriftMetric kolmogorovSmirnov() {
    return new KolmogorovSmirnov(KolmogorovSmirnov.USUAL);
  }

  /** How far values moved on average, in the unit of the column, which alone tells a threshold. */
  public static DriftMetric wasserstein(double threshold) {
    return new Wasserstein(false, threshold);
  }

  /** How far values moved on average; at most 0.1 standard deviations of the reference. */
  public static DriftMetric wassersteinNormalised() {
    return new Wasserstein(true, Wasserstein.USUAL);
  }

  /** The change of the mean; at most 0.1 standard deviations of the reference. */
  public static DriftMetric meanChange() {
    return new MomentChange(MomentChange.Kind.MEAN, MomentChange.Kind.MEAN.usual);
  }

  /** The change of the standard deviation; at most a quarter of the reference's. */
  public static DriftMetric stddevChange() {
    return new MomentChange(MomentChange.Kind.STDDEV, MomentChange.Kind.STDDEV.usual);
  }

  /** The change of the share of nulls; at most 0.05. */
  public static DriftMetric nullRateChange() {
    return CountChange.of(CountChange.Kind.NULL_RATE);
  }

  /** The change of the share of NaN and infinities among the numbers; at most 0.01. */
  public static DriftMetric notFiniteRateChange() {
    return CountChange.of(CountChange.Kind.NOT_FINITE_RATE);
  }

  /** The change of the number of records; at most half of the reference's. */
  public static DriftMetric rowCountChange() {
    return CountChange.of(CountChange.Kind.ROW_COUNT);
  }

  /** The change of the number of different values; at most half of the reference's. */
  public static DriftMetric distinctCountChange() {
    return CountChange.of(CountChange.Kind.DISTINCT_COUNT);
  }

  /** The share of values in categories that the reference does not have; at most 0.01. */
  public static DriftMetric newCategories() {
    return new CategoryChange(CategoryChange.Kind.NEW, CategoryChange.USUAL);
  }

  /** The share of the reference's values in categories that there are no more; at most 0.01. */
  public static DriftMetric missingCategories() {
    return new CategoryChange(CategoryChange.Kind.MISSING, CategoryChange.USUAL);
  }

  /** What is taken of a column for which nothing was chosen: one distance, one test, and counts. */
  public static List<DriftMetric> usual(Distribution column) {
    if (column.values() instanceof Categories) {
      return List.of(
          nullRateChange(),
          jensenShannonDistance(),
          chiSquare(),
          newCategories(),
          missingCategories());
    }
    if (column.values() instanceof Numbers) {
      return List.of(
          nullRateChange(),
          notFiniteRateChange(),
          kolmogorovSmirnov(),
          wassersteinNormalised(),
          psi());
    }
    return List.of(nullRateChange());
  }
}
