package io.featurebeam.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.history.HistoryDetector.Misfit;
import io.featurebeam.settings.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What is found in series with jumps. The places are those that Deequ 2.0.7 gave when its
 * strategies were run on the same series.
 */
class HistoryDetectorsTest {

  private static final double NO_MIN = HistoryDetectors.NO_MIN;
  private static final double NO_MAX = HistoryDetectors.NO_MAX;

  /** 1, but from 20 to 30 a swing between the place and its negative. */
  private static double[] swings() {
    double[] series = new double[50];
    for (int i = 0; i < series.length; i++) {
      series[i] = i < 20 || i > 30 ? 1 : i % 2 == 0 ? i : -i;
    }
    return series;
  }

  /** 1, but from 20 to 30 far up and a little off in turns, and 0 at 40 and 41. */
  private static double[] ratios() {
    double[] series = new double[51];
    for (int i = 0; i < series.length; i++) {
      series[i] = i < 20 || i > 30 ? 1 : i % 2 == 0 ? i : 0.5 + 0.25 * (i % 4);
    }
    series[40] = 0;
    series[41] = 0;
    return series;
  }

  /** Standard normal with three digits, but from 20 to 30 with the place added or taken off. */
  private static double[] noise() {
    Random random = new Random(1);
    double[] series = new double[50];
    for (int i = 0; i < series.length; i++) {
      series[i] = Math.rint(random.nextGaussian() * 1000) / 1000;
    }
    for (int i = 20; i <= 30; i++) {
      series[i] += i + (i % 2 == 0 ? i : -i) - i;
    }
    return series;
  }

  /** Five weeks with a trend, some noise, and a jump at 30. */
  private static double[] weeks() {
    double[] days = {20, 22, 25, 24, 30, 45, 41};
    Random random = new Random(7);
    double[] series = new double[35];
    for (int i = 0; i < series.length; i++) {
      series[i] = days[i % 7] + i * 0.5 + Math.rint(random.nextGaussian() * 100) / 100;
    }
    series[30] += 12;
    return series;
  }

  private static List<Integer> places(HistoryDetector detector, double[] series, int from, int to) {
    return detector.find(series, from, to).stream().map(Misfit::index).toList();
  }

  @Test
  void absoluteChange() {
    assertEquals(
        List.of(20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31),
        places(HistoryDetectors.absoluteChange(-2, 2), swings(), 0, 50));
    assertEquals(
        List.of(26, 28, 30, 32),
        places(HistoryDetectors.absoluteChange(NO_MIN, 1, 2), swings(), 25, 50));
    assertEquals(
        List.of(27, 29), places(HistoryDetectors.absoluteChange(-25, NO_MAX, 0), swings(), 0, 50));
  }

  @Test
  void relativeChange() {
    assertEquals(
        List.of(20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 40, 42),
        places(HistoryDetectors.relativeChange(0.5, 2), ratios(), 0, 51));
    assertEquals(
        List.of(23, 27), places(HistoryDetectors.relativeChange(NO_MIN, 1.5, 2), ratios(), 22, 35));
  }

  @Test
  void threshold() {
    assertEquals(
        List.of(0, 2, 4, 5, 6, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29),
        places(HistoryDetectors.threshold(-1, 1), noise(), 0, 30));
  }

  @Test
  void onlineNormal() {
    assertEquals(
        List.of(20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30),
        places(HistoryDetectors.onlineNormal(3.5, 3.5, 0.2, true), noise(), 0, 50));
    assertEquals(
        List.of(20), places(HistoryDetectors.onlineNormal(3.5, 3.5, 0.2, false), noise(), 0, 50));
    assertEquals(
        List.of(20, 22, 24, 26, 28, 30),
        places(HistoryDetectors.onlineNormal(NO_MAX, 1.5, 0.1, true), noise(), 20, 40));
    assertEquals(
        List.of(20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 44),
        places(HistoryDetectors.onlineNormal(3, 3, 0, true), noise(), 0, 50));
  }

  /** Forecasts with four digits, which two searches for the best parameters agree in. */
  @Test
  void holtWinters() {
    assertForecasts(weeks(), 28, 35, Map.of(29, "36.09", 30, "39.47", 31, "37.61", 32, "44.07"));
    assertForecasts(weeks(), 21, 28, Map.of(21, "29.92", 23, "34.83", 25, "42.13", 26, "56.89"));
    assertForecasts(Arrays.copyOf(weeks(), 31), 30, 31, Map.of(30, "39.93"));
  }

  private static void assertForecasts(
      double[] series, int from, int to, Map<Integer, String> forecasts) {
    Map<Integer, String> found = new TreeMap<>();
    for (Misfit misfit : HistoryDetectors.holtWinters(7).find(series, from, to)) {
      found.put(misfit.index(), misfit.words().replaceAll("the forecast is ([0-9.]+) .*", "$1"));
    }
    assertEquals(new TreeMap<>(forecasts), found);
  }

  @Test
  void holtWintersOfASeriesThatRepeatsFindsNothing() {
    double[] series = new double[15];
    for (int i = 0; i < series.length; i++) {
      series[i] = i % 4 * 3 + 1;
    }
    assertEquals(List.of(), places(HistoryDetectors.holtWinters(4), series, 12, 15));
  }

  private static MetricHistory history(double... values) {
    List<MetricPoint> points = new ArrayList<>();
    for (int day = values.length - 1; day >= 0; day--) {
      points.add(new MetricPoint(day(day), values[day])); // in no order of time
    }
    return MetricHistory.of("row_count", points);
  }

  private static long day(int day) {
    return day * 86_400_000_000L;
  }

  @Test
  void theNewestPointIsJudgedByThoseBefore() {
    MetricHistory history = history(1000, Double.NaN, 1040, 990);
    HistoryDetector detector = HistoryDetectors.relativeChange(0.5, 2);
    assertEquals(
        List.of(
            new Finding(
                day(5),
                400,
                "row_count of 1970-01-06T00:00:00Z is 400: 0.404 of the one before (must be 0.5"
                    + " to 2)")),
        history.findInNewest(new MetricPoint(day(5), 400), detector));
    assertEquals(List.of(), history.findInNewest(new MetricPoint(day(5), 900), detector));
    assertEquals(List.of(), history.findInNewest(new MetricPoint(day(5), Double.NaN), detector));
    assertEquals(3, history.points().size());
  }

  @Test
  void wordsSayWhatWasComparedWithWhat() {
    MetricHistory history = history(10, 10, 10, 10, 30);
    assertWords(
        "row_count of 1970-01-05T00:00:00Z is 30: it is out of bounds (must be at most 20)",
        history,
        HistoryDetectors.threshold(NO_MIN, 20));
    assertWords(
        "row_count of 1970-01-05T00:00:00Z is 30: a change of 20 (must be -5 to 5)",
        history,
        HistoryDetectors.absoluteChange(-5, 5));
    assertWords(
        "row_count of 1970-01-05T00:00:00Z is 30: a change of order 2 of 20 (must be at most 5)",
        history,
        HistoryDetectors.absoluteChange(NO_MIN, 5, 2));
    assertWords(
        "row_count of 1970-01-05T00:00:00Z is 30: 3 of the one 3 before (must be at most 2)",
        history,
        HistoryDetectors.relativeChange(NO_MIN, 2, 3));
    assertWords(
        "row_count of 1970-01-05T00:00:00Z is 30: the mean is 14 with a standard deviation of 8"
            + " (must be 6 to 22)",
        history,
        HistoryDetectors.onlineNormal(1, 1, 0.1, true));
    assertWords(
        "row_count of 1970-01-05T00:00:00Z is 30: the mean is 14 with a standard deviation of 8"
            + " (must be at most 22)",
        history,
        HistoryDetectors.onlineNormal(NO_MAX, 1, 0.1, false));
    assertWords(
        "row_count of 1970-01-05T00:00:00Z is 30: the forecast is 10 (must be 10 to 10)",
        history,
        HistoryDetectors.holtWinters(2));
  }

  private static void assertWords(String words, MetricHistory history, HistoryDetector detector) {
    List<Finding> findings = history.find(detector, day(4), Long.MAX_VALUE);
    assertEquals(List.of(words), findings.stream().map(Finding::words).toList());
  }

  @Test
  void onlyPointsOfTheIntervalAreFound() {
    MetricHistory history = history(1, 50, 1, 50, 1);
    HistoryDetector detector = HistoryDetectors.threshold(0, 10);
    assertEquals(2, history.find(detector).size());
    assertEquals(1, history.find(detector, day(2), day(4)).size());
    assertEquals(0, history.find(detector, day(2), day(3)).size());
  }

  @Test
  void whatCannotBeJudgedIsAnError() {
    MetricHistory history = history(1, 2, 3);
    HistoryDetector detector = HistoryDetectors.threshold(0, 1);
    assertMessage(
        "Invalid time of the newest row_count: 1970-01-03T00:00:00Z (must be after the last of its"
            + " history, 1970-01-03T00:00:00Z)",
        () -> history.findInNewest(new MetricPoint(day(2), 1), detector));
    assertMessage(
        "Cannot judge row_count: its history has no point with a value",
        () -> history(Double.NaN).findInNewest(new MetricPoint(day(2), 1), detector));
    assertMessage(
        "Too few points for holt_winters(2): 3 before the first that is judged (must be at least"
            + " 4, two seasons)",
        () -> history.findInNewest(new MetricPoint(day(3), 1), HistoryDetectors.holtWinters(2)));
    assertMessage("Invalid from: 2 (must not be above to, 1)", () -> history.find(detector, 2, 1));
  }

  @Test
  void parametersOutOfRangeAreRefused() {
    assertMessage(
        "Missing bound: give min, max or both", () -> HistoryDetectors.threshold(NO_MIN, NO_MAX));
    assertMessage(
        "Invalid min: 2.0 (must not be above max, 1.0)",
        () -> HistoryDetectors.absoluteChange(2, 1));
    assertMessage(
        "Invalid order: 0 (must be >= 1)", () -> HistoryDetectors.relativeChange(0, 1, 0));
    assertMessage(
        "Invalid order: -1 (must be 0 to 100)", () -> HistoryDetectors.absoluteChange(0, 1, -1));
    assertMessage(
        "Missing factor: give lower, upper or both",
        () -> HistoryDetectors.onlineNormal(NO_MAX, NO_MAX, 0, true));
    assertMessage(
        "Invalid lower: -1.0 (must be a number, 0 or more)",
        () -> HistoryDetectors.onlineNormal(-1, 1, 0, true));
    assertMessage(
        "Invalid ignoreStart: 2.0 (a share, must be 0 to 1)",
        () -> HistoryDetectors.onlineNormal(1, 1, 2, true));
    assertMessage("Invalid period: 1 (must be 2 to 10000)", () -> HistoryDetectors.holtWinters(1));
  }

  private static void assertMessage(String message, Runnable call) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
    assertEquals(message, e.getMessage());
  }

  @Test
  void everyDetectorIsFoundByItsName() {
    Map<String, HistoryDetectorProvider> providers = new TreeMap<>();
    ServiceLoader.load(HistoryDetectorProvider.class).forEach(p -> providers.put(p.name(), p));
    assertEquals(
        List.of("absolute_change", "holt_winters", "online_normal", "relative_change", "threshold"),
        List.copyOf(providers.keySet()));
    Map<String, Object> bounds = Map.of("min", 0.5, "max", 2.0);
    assertMade(HistoryDetectors.absoluteChange(0.5, 2), providers, "absolute_change", bounds);
    assertMade(HistoryDetectors.relativeChange(0.5, 2), providers, "relative_change", bounds);
    assertMade(HistoryDetectors.threshold(0.5, 2), providers, "threshold", bounds);
    assertMade(HistoryDetectors.threshold(0.5, NO_MAX), providers, "threshold", Map.of("min", 0.5));
    assertMade(HistoryDetectors.onlineNormal(), providers, "online_normal", Map.of());
    assertMade(
        HistoryDetectors.onlineNormal(NO_MAX, 2, 0.1, true),
        providers,
        "online_normal",
        Map.of("upper", 2.0));
    assertMade(HistoryDetectors.holtWinters(7), providers, "holt_winters", Map.of("period", 7L));
  }

  private static void assertMade(
      HistoryDetector detector,
      Map<String, HistoryDetectorProvider> providers,
      String name,
      Map<String, Object> settings) {
    HistoryDetectorProvider provider = providers.get(name);
    assertTrue(provider != null && !provider.parameters().isEmpty(), name);
    assertEquals(detector, provider.create(new Settings(settings)));
  }

  @Test
  void idsSayTheirParameters() {
    assertEquals("threshold(0 to 10)", HistoryDetectors.threshold(0, 10).id());
    assertEquals("absolute_change(at least -5)", HistoryDetectors.absoluteChange(-5, NO_MAX).id());
    assertEquals("relative_change(at most 2)", HistoryDetectors.relativeChange(NO_MIN, 2).id());
    assertEquals("online_normal(*, 3)", HistoryDetectors.onlineNormal(NO_MAX, 3, 0, true).id());
    assertEquals("holt_winters(7)", HistoryDetectors.holtWinters(7).id());
  }
}
