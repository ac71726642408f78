package io.featurebeam.history;

import static io.featurebeam.settings.Parameter.optional;

import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * A value is further from the mean so far than some standard deviations. Deequ's
 * OnlineNormalStrategy: mean and deviation (divided by n, not n - 1) include the value that is
 * judged; an anomaly is then left out again, if so chosen, and counts as a place all the same.
 */
record OnlineNormal(double lower, double upper, double ignoreStart, boolean leaveOut)
    implements HistoryDetector {

  OnlineNormal {
    check("lower", lower);
    check("upper", upper);
    if (lower == HistoryDetectors.NO_MAX && upper == HistoryDetectors.NO_MAX) {
      throw new IllegalArgumentException("Missing factor: give lower, upper or both");
    }
    if (!(ignoreStart >= 0 && ignoreStart <= 1)) {
      throw new IllegalArgumentException(
          "Invalid ignoreStart: " + ignoreStart + " (a share, must be 0 to 1)");
    }
  }

  private static void check(String name, double factor) {
    if (!(factor >= 0 && factor <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "Invalid " + name + ": " + factor + " (must be a number, 0 or more)");
    }
  }

  @Override
  public String id() {
    return "online_normal(" + text(lower) + ", " + text(upper) + ")";
  }

  private static String text(double factor) {
    return factor == HistoryDetectors.NO_MAX ? "*" : MetricHistory.number(factor);
  }

  @Override
  public List<Misfit> find(double[] series, int from, int to) {
    List<Misfit> misfits = new ArrayList<>();
    double ignored = series.length * ignoreStart;
    double mean = 0;
    double squares = 0;
    for (int i = 0; i < series.length; i++) {
      double value = series[i];
      double newMean = i == 0 ? value : mean + 1.0 / (i + 1) * (value - mean);
      double newSquares = squares + (value - mean) * (value - newMean);
      double deviation = Math.sqrt(newSquares / (i + 1));
      boolean fits = value <= newMean + upper * deviation && value >= newMean - lower * deviation;
      boolean judged = i >= ignored && i >= from && i < to;
      if (judged && !fits) {
        misfits.add(new Misfit(i, words(newMean, deviation)));
      }
      if (!judged || fits || !leaveOut) {
        mean = newMean;
        squares = newSquares;
      }
    }
    return misfits;
  }

  private String words(double mean, double deviation) {
    double low = lower == HistoryDetectors.NO_MAX ? HistoryDetectors.NO_MIN : lower * deviation;
    double high = upper == HistoryDetectors.NO_MAX ? HistoryDetectors.NO_MAX : upper * deviation;
    return "the mean is "
        + MetricHistory.number(mean)
        + " with a standard deviation of "
        + MetricHistory.number(deviation)
        + " "
        + MetricHistory.bounds(
            low == HistoryDetectors.NO_MIN ? low : mean - low,
            high == HistoryDetectors.NO_MAX ? high : mean + high);
  }

  /** Makes it usable by name. */
  public static final class Provider implements HistoryDetectorProvider {
    @Override
    public String name() {
      return "online_normal";
    }

    @Override
    public String description() {
      return "A value is too many standard deviations from the mean so far.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          optional("lower", Parameter.Kind.NUMBER, "How many below the mean; 3 if neither is."),
          optional("upper", Parameter.Kind.NUMBER, "How many above the mean; 3 if neither is."),
          optional(
              "ignoreStart",
              Parameter.Kind.NUMBER,
              "The share of all points, from the first on, that is not judged; 0.1."),
          optional(
              "leaveOut",
              Parameter.Kind.BOOLEAN,
              "Whether an anomaly is left out of mean and deviation; true."));
    }

    @Override
    public HistoryDetector create(Settings settings) {
      double otherwise =
          settings.has("lower") || settings.has("upper") ? HistoryDetectors.NO_MAX : 3;
      return new OnlineNormal(
          settings.number("lower", otherwise),
          settings.number("upper", otherwise),
          settings.number("ignoreStart", 0.1),
          settings.flag("leaveOut", true));
    }
  }
}
