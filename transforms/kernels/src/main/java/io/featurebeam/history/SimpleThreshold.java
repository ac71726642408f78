package io.featurebeam.history;

import static io.featurebeam.settings.Parameter.optional;

import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.ArrayList;
import java.util.List;

/** A value lies outside of two bounds. Deequ's SimpleThresholdStrategy. */
record SimpleThreshold(double min, double max) implements HistoryDetector {

  SimpleThreshold {
    MetricHistory.check(min, max);
  }

  @Override
  public String id() {
    return "threshold" + MetricHistory.bounds(min, max).replace("must be ", "");
  }

  @Override
  public List<Misfit> find(double[] series, int from, int to) {
    List<Misfit> misfits = new ArrayList<>();
    for (int i = from; i < to; i++) {
      if (series[i] < min || series[i] > max) {
        misfits.add(new Misfit(i, "it is out of bounds " + MetricHistory.bounds(min, max)));
      }
    }
    return misfits;
  }

  /** Makes it usable by name. */
  public static final class Provider implements HistoryDetectorProvider {
    @Override
    public String name() {
      return "threshold";
    }

    @Override
    public String description() {
      return "A value lies outside of two bounds.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          optional("min", Parameter.Kind.NUMBER, "The least value."),
          optional("max", Parameter.Kind.NUMBER, "The greatest value."));
    }

    @Override
    public HistoryDetector create(Settings settings) {
      return new SimpleThreshold(
          settings.number("min", HistoryDetectors.NO_MIN),
          settings.number("max", HistoryDetectors.NO_MAX));
    }
  }
}
