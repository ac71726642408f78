package io.featurebeam.history;

import static io.featurebeam.settings.Parameter.optional;

import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * A value divided by one before it is out of bounds. Deequ's RelativeRateOfChangeStrategy: the
 * first {@code order} points have nothing to be divided by and are never found; from 0 to a number
 * is infinite and out of any upper bound, and from 0 to 0 is nothing.
 */
record RelativeChange(double min, double max, int order) implements HistoryDetector {

  RelativeChange {
    MetricHistory.check(min, max);
    if (order < 1) {
      throw new IllegalArgumentException("Invalid order: " + order + " (must be >= 1)");
    }
  }

  @Override
  public String id() {
    return "relative_change" + MetricHistory.bounds(min, max).replace("must be ", "");
  }

  @Override
  public List<Misfit> find(double[] series, int from, int to) {
    List<Misfit> misfits = new ArrayList<>();
    for (int i = Math.max(from, order); i < to; i++) {
      double ratio = series[i] / series[i - order];
      if (ratio < min || ratio > max) {
        misfits.add(
            new Misfit(
                i,
                MetricHistory.number(ratio)
                    + " of the one "
                    + (order == 1 ? "before " : order + " before ")
                    + MetricHistory.bounds(min, max)));
      }
    }
    return misfits;
  }

  /** Makes it usable by name. */
  public static final class Provider implements HistoryDetectorProvider {
    @Override
    public String name() {
      return "relative_change";
    }

    @Override
    public String description() {
      return "A value divided by the one before it is out of bounds.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          optional("min", Parameter.Kind.NUMBER, "The least ratio: 0.5 for half of it."),
          optional("max", Parameter.Kind.NUMBER, "The greatest ratio: 2 for twice as much."),
          optional("order", Parameter.Kind.INTEGER, "How many places before; 1."));
    }

    @Override
    public HistoryDetector create(Settings settings) {
      return new RelativeChange(
          settings.number("min", HistoryDetectors.NO_MIN),
          settings.number("max", HistoryDetectors.NO_MAX),
          (int) Math.max(-1, Math.min(Integer.MAX_VALUE, settings.integer("order", 1))));
    }
  }
}
