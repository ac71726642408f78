package io.featurebeam.anomaly;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.settings.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Scores against values that are published or were computed independently; each says which. */
class ScorersTest {

  private static final double NAN = Double.NaN;
  private static final double CLOSE = 1e-9;

  private static double[] scores(Scorer scorer, double... values) {
    Scores state = scorer.newScores();
    return Arrays.stream(values).map(state::next).toArray();
  }

  /** As Beam's Python SDK gives them. */
  @Test
  void robustZScore() {
    assertArrayEquals(
        new double[] {NAN, 0, 0, 0, 5.73325, 0.168625, 1.349},
        scores(Detectors.robustZScore("x", 1000, 1, false, 0), 1, 1, 5, 7, 20, 6, 1),
        CLOSE);
  }

  /** With every deviation from the median now; by fractions. */
  @Test
  void exactRobustZScore() {
    assertArrayEquals(
        new double[] {NAN, 0, 0, 0, 5.73325, 0.168625, 1.01175},
        scores(Detectors.robustZScore("x", 1000, 1, true, 0), 1, 1, 5, 7, 20, 6, 1),
        CLOSE);
  }

  @Property(tries = 200)
  void exactRobustZScoreEqualsSortingAllDeviations(@ForAll long seed) {
    Random random = new Random(seed);
    int window = 1 + random.nextInt(12);
    double[] values = new double[40];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(20) - 10;
    }
    double[] scores = scores(Detectors.robustZScore("x", window, 1, true, 0), values);
    for (int i = 1; i < values.length; i++) {
      double[] before = Arrays.copyOfRange(values, Math.max(0, i - window), i);
      double median = median(before);
      double mad = median(Arrays.stream(before).map(x -> Math.abs(x - median)).toArray());
      double expected = mad == 0 ? 0 : 0.6745 * Math.abs(values[i] - median) / mad;
      assertEquals(expected, scores[i], CLOSE);
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }

  /** By hand, with quartiles on a straight line: of 1, 1, 5, 9 they are 1 and 6. */
  @Test
  void iqr() {
    assertArrayEquals(
        new double[] {NAN, 0, 0, 6 / 2.0, 14 / 5.0, 1 / 8.0, 1 / 7.75},
        scores(Detectors.iqr("x", 1000, 1, 0), 1, 1, 5, 9, 20, 10, 1),
        CLOSE);
  }

  /** By fractions and a root with 40 digits. */
  @Test
  void zScore() {
    assertArrayEquals(
        new double[] {
          NAN, NAN, 0, 2.8867513459481287, 4.177863742936748, 0.3550281905386816, 0.9329105097205651
        },
        scores(Detectors.zScore("x", 2, 0), 1, 1, 5, 9, 20, 10, 1),
        CLOSE);
  }

  /**
   * The example of the NIST/SEMATECH Handbook of Statistical Methods, 6.3.2.4: lambda 0.3, mean 50,
   * standard deviation 2.0539. Its means, 50.60, 49.52, 50.56, 50.18 and so on to 51.99, are what
   * the scores, computed with 40 digits, are of.
   */
  @Test
  void ewmaChart() {
    double[] values = {
      52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5, 49.6, 47.6, 49.9, 51.3, 47.8,
      51.2, 52.6, 52.4, 53.6, 52.1
    };
    double[] means = {
      50.60, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33, 50.11, 49.36, 49.52,
      50.05, 49.38, 49.92, 50.73, 51.23, 51.94, 51.99
    };
    double[] scores = scores(Detectors.ewmaChartOf("x", 0.3, 50, 2.0539), values);
    for (int i = 0; i < means.length; i++) {
      double width = 2.0539 * Math.sqrt(0.3 / 1.7 * (1 - Math.pow(0.7, 2 * (i + 1))));
      assertEquals(Math.abs(means[i] - 50), scores[i] * width, 0.005 + CLOSE);
    }
    assertEquals(0.973757242, scores[0], 1e-6);
    assertEquals(0.292963768, scores[6], 1e-6);
    assertEquals(2.304380520, scores[19], 1e-6);
  }

  @Test
  void ewmaChartLearnsItsTargetFromTheFirstValues() {
    double[] learned =
        scores(Detectors.ewmaChart("x", 0.3, 4, 0), 48, 52, 49, 51, 53, 47, 50, 54, 56);
    double stddev = Math.sqrt((4 + 4 + 1 + 1) / 3.0);
    double[] given = scores(Detectors.ewmaChartOf("x", 0.3, 50, stddev), 53, 47, 50, 54, 56);
    assertArrayEquals(new double[] {NAN, NAN, NAN, NAN}, Arrays.copyOf(learned, 4));
    assertArrayEquals(given, Arrays.copyOfRange(learned, 4, 9), CLOSE);
  }

  /** By fractions, from the formulas in Hyndman and Athanasopoulos and the start that is stated. */
  @Test
  void holtWinters() {
    double[] scores =
        scores(Detectors.holtWinters("x", 3), 10, 20, 12, 13, 24, 14, 16, 26, 19, 30, 31);
    assertArrayEquals(
        new double[] {
          NAN,
          NAN,
          NAN,
          NAN,
          NAN,
          NAN,
          0.08212662861017422,
          0.04470575040416349,
          1.631249119224094,
          12.686144299120715,
          0.4764341978416301
        },
        scores,
        CLOSE);
  }

  @Test
  void holtWintersFollowsATrendAndASeason() {
    double[] values = new double[60];
    int[] season = {0, 5, -3, 8};
    for (int i = 0; i < values.length; i++) {
      values[i] = 100 + 0.5 * i + season[i % 4];
    }
    values[50] += 4;
    double[] scores = scores(Detectors.holtWinters("x", 4, 0.3, 0.1, 0.1, 1), values);
    for (int i = 8; i < 50; i++) {
      assertEquals(0, scores[i], 1e-9, "value " + i);
    }
    assertEquals(4, scores[50], 1e-9);
  }

  @Test
  void aConstantSeriesHasNoMeasureUnlessOneIsGiven() {
    double[] values = new double[60];
    Arrays.fill(values, 7);
    values[59] = 9;
    for (Scorer scorer :
        List.of(
            Detectors.zScore("x"),
            Detectors.robustZScore("x"),
            Detectors.iqr("x"),
            Detectors.ewmaChart("x"),
            Detectors.holtWinters("x", 4))) {
      assertEquals(0, scores(scorer, values)[59], scorer.id());
    }
    assertEquals(4, scores(Detectors.zScore("x", 10, 0.5), values)[59], CLOSE);
    assertEquals(
        4 * 0.6745, scores(Detectors.robustZScore("x", 50, 10, false, 0.5), values)[59], CLOSE);
    assertEquals(4, scores(Detectors.iqr("x", 50, 10, 0.5), values)[59], CLOSE);
    assertEquals(4, scores(Detectors.holtWinters("x", 4, 0.3, 0.1, 0.1, 0.5), values)[59], CLOSE);
    assertTrue(scores(Detectors.ewmaChart("x", 0.3, 10, 0.5), values)[59] > 2);
  }

  private static double[] cluster(Random random) {
    return new double[] {random.nextGaussian(), 10 + random.nextGaussian() * 2};
  }

  @Test
  void halfSpaceTreesFindAnEmptyPlace() {
    Random random = new Random(5);
    Scores state = Detectors.halfSpaceTrees(List.of("a", "b")).newScores();
    for (int i = 0; i < 250; i++) {
      assertEquals(NAN, state.next(cluster(random)), "record " + i + " of the first window");
    }
    double usual = 0;
    for (int i = 0; i < 1000; i++) {
      usual += state.next(cluster(random)) / 1000;
    }
    // Each value alone is usual for one of the columns, and far out in the other.
    double far = state.next(-6, 10);
    double middle = state.next(0, 10);
    assertTrue(far > 0.8, "far out is " + far);
    assertTrue(middle < 0.2, "in the middle is " + middle);
    assertTrue(middle < usual && usual < far / 2, "usual is " + usual);
  }

  @Test
  void halfSpaceTreesForgetWhatIsTwoWindowsAgo() {
    Random random = new Random(6);
    Scores state = Detectors.halfSpaceTrees(List.of("a"), 25, 6, 100, 3).newScores();
    for (int i = 0; i < 200; i++) {
      state.next(random.nextDouble());
    }
    double before = state.next(0.95);
    for (int i = 0; i < 300; i++) {
      state.next(random.nextDouble() * 0.5);
    }
    double after = state.next(0.95);
    assertTrue(before < 0.7 && after > 0.8, before + " then " + after);
  }

  @Test
  void treesComeFromTheSeed() {
    double[] values = new Random(1).doubles(300).toArray();
    double[] once = scores(Detectors.halfSpaceTrees(List.of("a"), 5, 5, 50, 1), values);
    double[] again = scores(Detectors.halfSpaceTrees(List.of("a"), 5, 5, 50, 1), values);
    double[] other = scores(Detectors.halfSpaceTrees(List.of("a"), 5, 5, 50, 2), values);
    assertArrayEquals(once, again);
    assertTrue(!Arrays.equals(once, other));
  }

  @Test
  void parametersOutOfRangeAreRefused() {
    assertMessage("Invalid warmUp: 1 (must be 2 to 1000000)", () -> Detectors.zScore("x", 1, 0));
    assertMessage(
        "Invalid leastSpread: -1.0 (must be a number, 0 or more)",
        () -> Detectors.zScore("x", 2, -1));
    assertMessage(
        "Invalid window: 0 (must be 1 to 100000)",
        () -> Detectors.robustZScore("x", 0, 1, false, 0));
    assertMessage(
        "Invalid warmUp: 10 (must not be above window, 5)", () -> Detectors.iqr("x", 5, 10, 0));
    assertMessage(
        "Invalid lambda: 0.0 (must be above 0 and at most 1)",
        () -> Detectors.ewmaChart("x", 0, 10, 0));
    assertMessage(
        "Invalid stddev: -1.0 of mean 5.0 (both finite, and it from 0)",
        () -> Detectors.ewmaChartOf("x", 0.1, 5, -1));
    assertMessage(
        "Invalid mean: 5.0 with stddev NaN (give both, or none)",
        () -> Detectors.ewmaChartOf("x", 0.1, 5, NAN));
    assertMessage("Invalid period: 1 (must be 2 to 10000)", () -> Detectors.holtWinters("x", 1));
    assertMessage(
        "Invalid alpha: 1.5 (must be 0 to 1)", () -> Detectors.holtWinters("x", 2, 1.5, 0, 0, 0));
    assertMessage(
        "Missing columns: half-space trees need at least one",
        () -> Detectors.halfSpaceTrees(List.of()));
    assertMessage(
        "Invalid columns: [a, a] (must be different ones)",
        () -> Detectors.halfSpaceTrees(List.of("a", "a")));
    assertMessage(
        "Invalid depth: 16 (must be 1 to 15)",
        () -> Detectors.halfSpaceTrees(List.of("a"), 1, 16, 1, 0));
  }

  private static void assertMessage(String message, Runnable call) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
    assertEquals(message, e.getMessage());
  }

  @Test
  void everyScorerIsFoundByItsNameWithTheSameDefaults() {
    Map<String, ScorerProvider> providers = new TreeMap<>();
    ServiceLoader.load(ScorerProvider.class).forEach(p -> providers.put(p.name(), p));
    Settings column = new Settings(Map.of("column", "x"));
    assertEquals(
        List.of(
            "ewma_chart", "half_space_trees", "holt_winters", "iqr", "robust_z_score", "z_score"),
        List.copyOf(providers.keySet()));
    assertEquals(Detectors.zScore("x"), create(providers, "z_score", column));
    assertEquals(Detectors.robustZScore("x"), create(providers, "robust_z_score", column));
    assertEquals(Detectors.iqr("x"), create(providers, "iqr", column));
    assertEquals(Detectors.ewmaChart("x"), create(providers, "ewma_chart", column));
    assertEquals(
        Detectors.holtWinters("x", 7),
        create(providers, "holt_winters", new Settings(Map.of("column", "x", "period", 7L))));
    assertEquals(
        Detectors.halfSpaceTrees(List.of("x", "y")),
        create(providers, "half_space_trees", new Settings(Map.of("columns", List.of("x", "y")))));
  }

  private static Scorer create(
      Map<String, ScorerProvider> providers, String name, Settings settings) {
    ScorerProvider provider = providers.get(name);
    assertTrue(provider != null && !provider.parameters().isEmpty(), name);
    return provider.create(settings);
  }

  @Test
  void defaults() {
    assertEquals(new ZScore("x", 10, 0), Detectors.zScore("x"));
    assertEquals(new RobustZScore("x", 1000, 10, false, 0), Detectors.robustZScore("x"));
    assertEquals(new Iqr("x", 1000, 10, 0), Detectors.iqr("x"));
    assertEquals(new EwmaChart("x", 0.2, 30, NAN, NAN, 0), Detectors.ewmaChart("x"));
    assertEquals(new HoltWinters("x", 7, 0.3, 0.1, 0.1, 0), Detectors.holtWinters("x", 7));
    assertEquals(
        new HalfSpaceTrees(List.of("x"), 10, 8, 250, 0), Detectors.halfSpaceTrees(List.of("x")));
    assertEquals(Threshold.fixed(3), Detectors.zScore("x").usualThreshold());
    assertEquals(Threshold.fixed(3), Detectors.robustZScore("x").usualThreshold());
    assertEquals(Threshold.fixed(1.5), Detectors.iqr("x").usualThreshold());
    assertEquals(Threshold.fixed(3), Detectors.ewmaChart("x").usualThreshold());
    assertEquals(Threshold.fixed(3), Detectors.holtWinters("x", 7).usualThreshold());
    assertEquals(
        Threshold.quantile(0.99, 1000), Detectors.halfSpaceTrees(List.of("x")).usualThreshold());
  }
}
