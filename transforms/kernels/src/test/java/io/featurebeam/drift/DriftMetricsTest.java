package io.featurebeam.drift;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.profile.Distribution;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Against values that were computed independently, by fractions and 50-digit decimals, or that are
 * published; each says which. Where nothing else is said: shares as fractions, logarithms with 50
 * digits, from the formula in the Javadoc.
 */
class DriftMetricsTest {

  private static final double CLOSE = 1e-9;

  private static final Distribution BEFORE =
      Distribution.ofCategories("city", Map.of("a", 40L, "b", 30L, "c", 20L, "d", 10L));
  private static final Distribution AFTER =
      Distribution.ofCategories("city", Map.of("a", 25L, "b", 35L, "c", 10L, "e", 30L));

  private static final Distribution EVEN =
      Distribution.ofNumbers("delay", IntStream.range(0, 100).asDoubleStream().toArray());

  /** The squares of {@link #EVEN}, over the same range: many more small ones. */
  private static final Distribution SQUARES =
      Distribution.ofNumbers(
          "delay", IntStream.range(0, 100).mapToDouble(i -> i * i / 99.0).toArray());

  private static double value(DriftMetric metric, Distribution before, Distribution after) {
    return metric.compare(before, after).value();
  }

  @Test
  void distancesOfCategories() {
    assertAll(
        () -> assertEquals(0.3, value(DriftMetrics.lInfinity(), BEFORE, AFTER), CLOSE),
        () -> assertEquals(0.35, value(DriftMetrics.totalVariation(), BEFORE, AFTER), CLOSE),
        () ->
            assertEquals(
                0.2262423064271103,
                value(DriftMetrics.jensenShannonDivergence(), BEFORE, AFTER),
                CLOSE),
        () ->
            assertEquals(
                0.4756493523902783,
                value(DriftMetrics.jensenShannonDistance(), BEFORE, AFTER),
                CLOSE),
        // Shares below 0.0001, here two of 0, raised to it and all divided by their sum.
        () -> assertEquals(3.238393343008541, value(DriftMetrics.psi(), BEFORE, AFTER), CLOSE),
        () -> assertEquals(2.268129794259852, value(DriftMetrics.kl(), BEFORE, AFTER), CLOSE));
  }

  /** The examples in the documentation of scipy.spatial.distance.jensenshannon. */
  @Test
  void jensenShannonAsScipy() {
    Distribution a = Distribution.ofCategories("x", Map.of("a", 1L));
    Distribution b = Distribution.ofCategories("x", Map.of("b", 1L));
    Distribution half = Distribution.ofCategories("x", Map.of("a", 1L, "b", 1L));
    double inNats = 0.46450140402245893; // of [1, 0] and [0.5, 0.5] in the documentation
    assertEquals(1, value(DriftMetrics.jensenShannonDistance(), a, b), CLOSE);
    assertEquals(
        inNats / Math.sqrt(Math.log(2)),
        value(DriftMetrics.jensenShannonDistance(), a, half),
        CLOSE);
  }

  /** The example in the documentation of scipy.stats.chi2_contingency. */
  @Test
  void chiSquareAsScipy() {
    Measured measured =
        DriftMetrics.chiSquare()
            .compare(
                Distribution.ofCategories("x", Map.of("a", 10L, "b", 10L, "c", 20L)),
                Distribution.ofCategories("x", Map.of("a", 20L, "b", 20L, "c", 20L)));
    assertEquals(2.7777777777777777, measured.statistic(), CLOSE);
    assertEquals(0.2493522087772962, measured.pValue(), CLOSE);
    assertEquals(Math.sqrt(2.7777777777777777 / 100), measured.value(), CLOSE);
  }

  /** With 4 degrees of freedom the tail is exp(-x / 2) (1 + x / 2). */
  @Test
  void chiSquareOfATinyTail() {
    Measured measured = DriftMetrics.chiSquare().compare(BEFORE, AFTER);
    assertEquals(47.17948717948718, measured.statistic(), CLOSE);
    assertEquals(0.485692738157962, measured.value(), CLOSE);
    assertEquals(1.3991314845806852e-9, measured.pValue(), 1e-18);
  }

  /** p-values by counting, in whole numbers, the lattice paths that stay closer than D. */
  @Test
  void kolmogorovSmirnovOfFewValues() {
    double[] before = {
      0.61, 0.29, 0.06, 0.59, -1.73, -0.74, 0.51, -0.56, 0.39, 1.64, 0.05, -0.06, 0.64, -0.82, 0.37,
      1.77, 1.09, -1.28, 2.36, 1.31, 1.05, -0.32, -0.40, 1.06, -2.47
    };
    double[] after = DoubleStream.of(before).limit(15).map(x -> x + 0.9).toArray();
    assertKolmogorovSmirnov(34.0 / 75, 0.030815135688068117, before, after);
    assertKolmogorovSmirnov(
        5.0 / 7, 13.0 / 198, new double[] {1, 2, 2, 3, 5}, new double[] {2, 4, 6, 6, 8, 9, 10});
    assertKolmogorovSmirnov(
        0.13,
        0.4069854374479048,
        IntStream.range(0, 100).asDoubleStream().toArray(),
        IntStream.range(0, 80).mapToDouble(i -> i + 12.5).toArray());
  }

  /** The limit: 2 sum of (-1)^(k-1) exp(-2 k^2 D^2 n m / (n + m)) with 50 digits. */
  @Test
  void kolmogorovSmirnovOfManyValues() {
    assertKolmogorovSmirnov(
        23.0 / 450,
        0.3038287329116153,
        IntStream.range(0, 600).asDoubleStream().toArray(),
        IntStream.range(0, 900).mapToDouble(i -> 2.0 * i / 3 + 30).toArray());
  }

  private static void assertKolmogorovSmirnov(
      double statistic, double p, double[] before, double[] after) {
    Measured measured =
        DriftMetrics.kolmogorovSmirnov()
            .compare(Distribution.ofNumbers("x", before), Distribution.ofNumbers("x", after));
    assertEquals(statistic, measured.value(), CLOSE);
    assertEquals(p, measured.pValue(), CLOSE);
  }

  /** The examples in the documentation of scipy.stats.wasserstein_distance. */
  @Test
  void wassersteinAsScipy() {
    DriftMetric wasserstein = DriftMetrics.wasserstein(1);
    assertEquals(
        5.0,
        value(
            wasserstein,
            Distribution.ofNumbers("x", 0.0, 1.0, 3.0),
            Distribution.ofNumbers("x", 5.0, 6.0, 8.0)),
        CLOSE);
    assertEquals( // values 0 and 1 with weights 3 and 1, and 2 and 2
        0.25,
        value(
            wasserstein,
            Distribution.ofNumbers("x", 0.0, 0.0, 0.0, 1.0),
            Distribution.ofNumbers("x", 0.0, 1.0, 0.0, 1.0)),
        CLOSE);
  }

  @Test
  void distancesOfNumbers() {
    assertAll(
        () -> assertEquals(49 / 3.0, value(DriftMetrics.wasserstein(1), EVEN, SQUARES), CLOSE),
        () ->
            assertEquals(
                0.5629952898289976,
                value(DriftMetrics.wassersteinNormalised(), EVEN, SQUARES),
                CLOSE),
        // Deciles of 0 to 99 are 9, 19, ... 89; shares now .3 .14 .1 .09 .07 .07 .06 .06 .05 .06.
        () ->
            assertEquals(
                0.06125266310629916,
                value(DriftMetrics.jensenShannonDivergence(), EVEN, SQUARES),
                CLOSE),
        () -> assertEquals(0.3515918828712888, value(DriftMetrics.psi(), EVEN, SQUARES), CLOSE),
        () ->
            assertEquals(
                0.5629952898289976, value(DriftMetrics.meanChange(), EVEN, SQUARES), CLOSE),
        () ->
            assertEquals(
                0.0334374978354791, value(DriftMetrics.stddevChange(), EVEN, SQUARES), CLOSE));
  }

  @Test
  void aValueThatIsMoreThanItsShareOfTheReferenceHasARangeOfItsOwn() {
    Distribution constant = Distribution.ofNumbers("x", 7.0, 7.0, 7.0, 7.0);
    Distribution halfBelow = Distribution.ofNumbers("x", 6.0, 7.0, 6.0, 7.0);
    Distribution halfAbove = Distribution.ofNumbers("x", 8.0, 7.0, 8.0, 7.0);
    DriftMetric metric = DriftMetrics.jensenShannonDivergence();
    double expected = 0.31127812445913283; // of [1, 0] and [0.5, 0.5]
    assertEquals(expected, value(metric, constant, halfBelow), CLOSE);
    assertEquals(expected, value(metric, constant, halfAbove), CLOSE);
    assertEquals(0, value(metric, constant, constant), 0);
  }

  @Test
  void countsAndWhatTheySay() {
    Distribution before = Distribution.ofNumbers("x", 1.0, null, Double.NaN, 4.0);
    Distribution after = Distribution.ofNumbers("x", 1.0, null, null, null, 5.0, 5.0);
    assertEquals(
        Measured.of(0.25, "3 of 6 are null, 1 of 4 in the reference"),
        DriftMetrics.nullRateChange().compare(before, after));
    assertEquals(
        Measured.of(1.0 / 3, "0 of 3 are NaN or infinite, 1 of 3 in the reference"),
        DriftMetrics.notFiniteRateChange().compare(before, after));
    assertEquals(
        Measured.of(0.5, "6 records, 4 in the reference"),
        DriftMetrics.rowCountChange().compare(before, after));
    assertEquals( // NaN is one of three
        Measured.of(1.0 / 3, "2 different values, 3 in the reference"),
        DriftMetrics.distinctCountChange().compare(before, after));
    assertEquals(
        Measured.of(0.3, "1 new: 'e'"), DriftMetrics.newCategories().compare(BEFORE, AFTER));
    assertEquals(
        Measured.of(0.1, "1 missing: 'd'"),
        DriftMetrics.missingCategories().compare(BEFORE, AFTER));
    assertEquals(
        Measured.of(0, "no category is new"), DriftMetrics.newCategories().compare(AFTER, AFTER));
  }

  @Test
  void wordsSayWhichNumbersWereCompared() {
    assertEquals(
        "'e' had a share of 0 and has 0.3, the largest move of 5",
        DriftMetrics.lInfinity().compare(BEFORE, AFTER).words());
    assertEquals(
        "up to 9 had a share of 0.1 and has 0.3, the largest move of 10",
        DriftMetrics.psi().compare(EVEN, SQUARES).words());
    assertEquals(
        "the share of values up to 28.37 was 0.29 and is 0.54",
        DriftMetrics.kolmogorovSmirnov().compare(EVEN, SQUARES).words());
    assertEquals(
        "the mean was 49.5 and is 33.17, with a standard deviation of 29.01 before",
        DriftMetrics.meanChange().compare(EVEN, SQUARES).words());
    assertEquals(
        "values moved by 16.33 on average; the mean was 49.5 with a standard deviation of 29.01"
            + " and is 33.17",
        DriftMetrics.wasserstein(1).compare(EVEN, SQUARES).words());
  }

  /**
   * In TFDV an L-infinity norm of a numeric column is 0, whatever happens to it (its issue 101).
   */
  @Test
  void aMetricThatDoesNotFitAColumnIsAnErrorThatNamesBoth() {
    assertError(
        "Cannot measure l_infinity of 'delay': it is numbers (float64) (must be categories; of"
            + " numbers use kolmogorov_smirnov, wasserstein_normalised, psi or"
            + " jensen_shannon_distance, or take them as categories)",
        DriftMetrics.lInfinity(),
        EVEN,
        SQUARES);
    assertError(
        "Cannot measure kolmogorov_smirnov of 'city': it is categories (string) (must be numbers;"
            + " of categories use l_infinity, chi_square, psi or jensen_shannon_distance)",
        DriftMetrics.kolmogorovSmirnov(),
        BEFORE,
        AFTER);
    assertError(
        "Cannot measure psi of 'city': it is categories (string) in the reference and numbers"
            + " (float64) now (must be alike)",
        DriftMetrics.psi(),
        BEFORE,
        EVEN);
    Distribution masked =
        new Distribution("card", FieldType.STRING, 3, 1, new Distribution.Unknown(true));
    assertError(
        "Cannot measure psi of 'card': it is masked (must be categories or numbers; of this one use"
            + " null_rate_change)",
        DriftMetrics.psi(),
        masked,
        masked);
    assertEquals(0, DriftMetrics.nullRateChange().compare(masked, masked).value());
  }

  private static void assertError(
      String message, DriftMetric metric, Distribution before, Distribution after) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> metric.compare(before, after));
    assertEquals(message, e.getMessage());
  }

  @Test
  void codesCanBeTakenAsCategories() {
    Distribution before = Distribution.ofNumbers("code", 1.0, 2.0);
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, before::asCategories);
    assertEquals(
        "Cannot take 'code' (float64) as categories: its values are not counted one by one (more"
            + " than 50 different ones)",
        e.getMessage());
    assertEquals(BEFORE, BEFORE.asCategories());
  }

  @Test
  void aSideWithoutValuesGivesNaNAndSaysWhich() {
    Distribution empty = Distribution.ofNumbers("delay", null, Double.NaN);
    for (DriftMetric metric :
        List.of(
            DriftMetrics.kolmogorovSmirnov(),
            DriftMetrics.wasserstein(1),
            DriftMetrics.psi(),
            DriftMetrics.meanChange())) {
      assertEquals(
          Measured.nothing("the reference has no values"),
          metric.compare(empty, EVEN),
          metric.name());
      assertEquals(
          Measured.nothing("there are no values now"), metric.compare(EVEN, empty), metric.name());
    }
    assertEquals(
        Measured.nothing("the reference has no values"),
        DriftMetrics.chiSquare().compare(Distribution.ofCategories("city", Map.of()), AFTER));
  }

  @Test
  void aChangeFromZeroIsInfinite() {
    Distribution constant = Distribution.ofNumbers("x", 7.0, 7.0);
    Distribution other = Distribution.ofNumbers("x", 7.0, 8.0);
    Distribution none = Distribution.ofNumbers("x", new double[0]);
    double infinite = Double.POSITIVE_INFINITY;
    assertEquals(infinite, value(DriftMetrics.meanChange(), constant, other));
    assertEquals(infinite, value(DriftMetrics.wassersteinNormalised(), constant, other));
    assertEquals(infinite, value(DriftMetrics.rowCountChange(), none, other));
    assertEquals(0, value(DriftMetrics.wassersteinNormalised(), constant, constant));
    assertEquals(0, value(DriftMetrics.rowCountChange(), none, none));
  }

  @Test
  void defaultThresholds() {
    assertEquals(0.1, DriftMetrics.lInfinity().threshold());
    assertEquals(0.1, DriftMetrics.totalVariation().threshold());
    assertEquals(0.01, DriftMetrics.jensenShannonDivergence().threshold());
    assertEquals(0.1, DriftMetrics.jensenShannonDistance().threshold());
    assertEquals(0.2, DriftMetrics.psi().threshold());
    assertEquals(0.1, DriftMetrics.kl().threshold());
    assertEquals(0.1, DriftMetrics.chiSquare().threshold());
    assertEquals(0.1, DriftMetrics.kolmogorovSmirnov().threshold());
    assertEquals(0.1, DriftMetrics.wassersteinNormalised().threshold());
    assertEquals(0.1, DriftMetrics.meanChange().threshold());
    assertEquals(0.25, DriftMetrics.stddevChange().threshold());
    assertEquals(0.05, DriftMetrics.nullRateChange().threshold());
    assertEquals(0.01, DriftMetrics.notFiniteRateChange().threshold());
    assertEquals(0.5, DriftMetrics.rowCountChange().threshold());
    assertEquals(0.5, DriftMetrics.distinctCountChange().threshold());
    assertEquals(0.01, DriftMetrics.newCategories().threshold());
    assertEquals(0.01, DriftMetrics.missingCategories().threshold());
  }

  @Test
  void parametersOutOfRangeAreRefused() {
    assertMessage(
        "Invalid threshold: -1.0 (must be a number, 0 or more)",
        () -> DriftMetrics.wasserstein(-1));
    assertMessage("Invalid bins: 1 (must be 2 to 1000)", () -> DriftMetrics.psi(0.2, 1, 1e-4));
    assertMessage(
        "Invalid floor: 0.0 (a share, must be above 0 and at most 0.01)",
        () -> DriftMetrics.psi(0.2, 10, 0));
    assertMessage(
        "Invalid count of 'a': -1 (must be >= 0)",
        () -> Distribution.ofCategories("x", Map.of("a", -1L)));
  }

  private static void assertMessage(String message, Runnable call) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
    assertEquals(message, e.getMessage());
  }
}
