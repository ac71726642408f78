package io.featurebeam.history;

import static io.featurebeam.settings.Parameter.optional;

import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A difference to the points before is out of bounds. Deequ's AbsoluteChangeStrategy: the first
 * {@code order} points have no difference and are never found.
 */
record AbsoluteChange(double min, double max, int order) implements HistoryDetector {

  private static final int MAX_ORDER = 100;

  AbsoluteChange {
    MetricHistory.check(min, max);
    if (order < 0 || order > MAX_ORDER) {
      throw new IllegalArgumentException(
          "Invalid order: " + order + " (must be 0 to " + MAX_ORDER + ")");
    }
  }

  @Override
  public String id() {
    return "absolute_change" + MetricHistory.bounds(min, max).replace("must be ", "");
  }

  @Override
  public List<Misfit> find(double[] series, int from, int to) {
    int start = Math.max(0, from - order);
    double[] changes = Arrays.copyOfRange(series, start, to);
    for (int round = 0; round < order; round++) {
      for (int i = changes.length - 1; i > round; i--) {
        changes[i] -= changes[i - 1];
      }
    }
    List<Misfit> misfits = new ArrayList<>();
    for (int i = order; i < changes.length; i++) {
      if (changes[i] < min || changes[i] > max) {
        misfits.add(
            new Misfit(
                start + i,
                "a change of "
                    + (order == 1 ? "" : "order " + order + " of ")
                    + MetricHistory.number(changes[i])
                    + " "
                    + MetricHistory.bounds(min, max)));
      }
    }
    return misfits;
  }

  /** Makes it usable by name. */
  public static final class Provider implements HistoryDetectorProvider {
    @Override
    public String name() {
      return "absolute_change";
    }

    @Override
    public String description() {
      return "A value differs from the one before it by too much.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          optional("min", Parameter.Kind.NUMBER, "The least change: negative for a fall."),
          optional("max", Parameter.Kind.NUMBER, "The greatest change."),
          optional("order", Parameter.Kind.INTEGER, "2 for the change of a change; 1."));
    }

    @Override
    public HistoryDetector create(Settings settings) {
      return new AbsoluteChange(
          settings.number("min", HistoryDetectors.NO_MIN),
          settings.number("max", HistoryDetectors.NO_MAX),
          (int) Math.max(-1, Math.min(Integer.MAX_VALUE, settings.integer("order", 1))));
    }
  }
}
