package io.featurebeam.history;

import io.featurebeam.history.HistoryDetector.Misfit;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * One metric over many runs, by time. Points without a value do not count; of points of one time
 * the order stays that in which they were given.
 */
public final class MetricHistory {

  private static final MathContext DIGITS = new MathContext(4);

  private final String metric;
  private final List<MetricPoint> points;

  private MetricHistory(String metric, List<MetricPoint> points) {
    this.metric = metric;
    this.points = points;
  }

  /** A history of points in any order. */
  public static MetricHistory of(String metric, List<MetricPoint> points) {
    Objects.requireNonNull(metric, "metric is null");
    List<MetricPoint> kept = new ArrayList<>();
    for (MetricPoint point : points) {
      if (!Double.isNaN(point.value())) {
        kept.add(point);
      }
    }
    kept.sort(Comparator.comparingLong(MetricPoint::time));
    return new MetricHistory(metric, kept);
  }

  /** The points that count, by time. */
  public List<MetricPoint> points() {
    return List.copyOf(points);
  }

  /** What does not fit in the whole history. */
  public List<Finding> find(HistoryDetector detector) {
    return find(detector, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** What does not fit from {@code from} to before {@code to}, by all that was before. */
  public List<Finding> find(HistoryDetector detector, long from, long to) {
    if (from > to) {
      throw new IllegalArgumentException(
          "Invalid from: " + from + " (must not be above to, " + to + ")");
    }
    double[] series = points.stream().mapToDouble(MetricPoint::value).toArray();
    List<Finding> findings = new ArrayList<>();
    for (Misfit misfit : detector.find(series, index(from), index(to))) {
      MetricPoint point = points.get(misfit.index());
      findings.add(
          new Finding(
              point.time(),
              point.value(),
              metric
                  + " of "
                  + Instant.EPOCH.plus(point.time(), ChronoUnit.MICROS)
                  + " is "
                  + number(point.value())
                  + ": "
                  + misfit.words()));
    }
    return findings;
  }

  /**
   * What does not fit of one more point, which must be later than all in the history: nothing, or
   * that point. Without a value nothing is found.
   */
  public List<Finding> findInNewest(MetricPoint newest, HistoryDetector detector) {
    if (points.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot judge " + metric + ": its history has no point with a value");
    }
    long last = points.get(points.size() - 1).time();
    if (newest.time() <= last) {
      throw new IllegalArgumentException(
          "Invalid time of the newest "
              + metric
              + ": "
              + Instant.EPOCH.plus(newest.time(), ChronoUnit.MICROS)
              + " (must be after the last of its history, "
              + Instant.EPOCH.plus(last, ChronoUnit.MICROS)
              + ")");
    }
    if (Double.isNaN(newest.value())) {
      return List.of();
    }
    List<MetricPoint> all = new ArrayList<>(points);
    all.add(newest);
    return new MetricHistory(metric, all).find(detector, newest.time(), Long.MAX_VALUE);
  }

  /** The first point that is not before {@code time}; past the last one for the end of time. */
  private int index(long time) {
    int index = 0;
    while (index < points.size() && (points.get(index).time() < time || time == Long.MAX_VALUE)) {
      index++;
    }
    return index;
  }

  /** With four digits. */
  static String number(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return value == 0 ? "0" : Double.toString(value);
    }
    BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    double size = Math.abs(value);
    return size >= 1e-4 && size < 1e15 ? rounded.toPlainString() : rounded.toString();
  }

  /** What a value must be. */
  static String bounds(double low, double high) {
    if (low == -Double.MAX_VALUE) {
      return "(must be at most " + number(high) + ")";
    }
    return high == Double.MAX_VALUE
        ? "(must be at least " + number(low) + ")"
        : "(must be " + number(low) + " to " + number(high) + ")";
  }

  /** A bound that was not given is the last finite number, as in Deequ: infinities exceed it. */
  static void check(double low, double high) {
    if (low == -Double.MAX_VALUE && high == Double.MAX_VALUE) {
      throw new IllegalArgumentException("Missing bound: give min, max or both");
    }
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          "Invalid min: " + low + " (must not be above max, " + high + ")");
    }
  }
}
