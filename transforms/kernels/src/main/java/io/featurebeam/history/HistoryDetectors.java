package io.featurebeam.history;

/**
 * The built-in detectors. A bound that is not wanted is {@link #NO_MIN} or {@link #NO_MAX}.
 *
 * <pre>{@code
 * HistoryDetector detector = HistoryDetectors.absoluteChange(-100, HistoryDetectors.NO_MAX);
 * }</pre>
 */
public final class HistoryDetectors {

  /** Any fall will do. */
  public static final double NO_MIN = -Double.MAX_VALUE;

  /** Any rise will do. */
  public static final double NO_MAX = Double.MAX_VALUE;

  private HistoryDetectors() {}

  /** A value lies outside of two bounds, whatever was before. */
  public static HistoryDetector threshold(double min, double max) {
    return new SimpleThreshold(min, max);
  }

  /** A value differs from the one before it by less than {@code min} or more than {@code max}. */
  public static HistoryDetector absoluteChange(double min, double max) {
    return absoluteChange(min, max, 1);
  }

  /**
   * The difference of order {@code order} is out of bounds: of order 2 the difference of two
   * differences, and so on; of order 0 the value itself.
   */
  public static HistoryDetector absoluteChange(double min, double max, int order) {
    return new AbsoluteChange(min, max, order);
  }

  /** A value divided by the one before it is less than {@code min} or more than {@code max}. */
  public static HistoryDetector relativeChange(double min, double max) {
    return relativeChange(min, max, 1);
  }

  /** A value divided by the one {@code order} places before it is out of bounds. */
  public static HistoryDetector relativeChange(double min, double max, int order) {
    return new RelativeChange(min, max, order);
  }

  /** A value is further than 3 standard deviations from the mean so far. */
  public static HistoryDetector onlineNormal() {
    return onlineNormal(3, 3, 0.1, true);
  }

  /**
   * A value is below the mean so far less {@code lower} standard deviations, or above it and {@code
   * upper} standard deviations; mean and deviation include the value.
   *
   * @param lower from 0; {@link #NO_MAX} for any
   * @param upper from 0; {@link #NO_MAX} for any
   * @param ignoreStart the share of all points, from the first on, that is not judged
   * @param leaveOut whether an anomaly is left out of mean and deviation
   */
  public static HistoryDetector onlineNormal(
      double lower, double upper, double ignoreStart, boolean leaveOut) {
    return new OnlineNormal(lower, upper, ignoreStart, leaveOut);
  }

  /**
   * A value is further from what Holt-Winters forecasts than 1.96 deviations of its errors.
   *
   * @param period how many points make a season: 24 for hours of a day, 7 for days of a week, 12
   *     for months of a year
   */
  public static HistoryDetector holtWinters(int period) {
    return new SeasonalForecast(period);
  }
}
