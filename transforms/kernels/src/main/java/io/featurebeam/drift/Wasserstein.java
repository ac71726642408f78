package io.featurebeam.drift;

import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.profile.Distribution;
import io.featurebeam.profile.Distribution.Numbers;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;

/**
 * How far, on average, a value has to move to turn one column into the other: the area between the
 * shares up to each value (Wasserstein-1, earth mover's distance), in the column's own unit (times
 * in microseconds, dates in days) or in standard deviations of the reference. Null, NaN and
 * infinities are no part of it.
 *
 * <p>Normalised against a reference of equal values it is 0 or infinite. From sketches it is off by
 * at most their rank error times the range of all values.
 */
record Wasserstein(boolean normalised, double threshold) implements DriftMetric {

  /** A tenth of a standard deviation of the reference. */
  static final double USUAL = 0.1;

  Wasserstein {
    Thresholds.check(threshold);
  }

  @Override
  public String name() {
    return normalised ? "wasserstein_normalised" : "wasserstein";
  }

  @Override
  public Fit fits() {
    return Fit.NUMBERS;
  }

  @Override
  public Measured measure(Distribution reference, Distribution current) {
    String lacking = Shares.lacks(reference, current);
    if (lacking != null) {
      return Measured.nothing(lacking);
    }
    Numbers before = (Numbers) reference.values();
    Numbers after = (Numbers) current.values();
    double area = area(before, after);
    double unit = normalised ? before.stddev() : 1;
    double error = before.rankError() + after.rankError();
    String words =
        "values moved by "
            + Texts.number(area)
            + " on average; the mean was "
            + Texts.number(before.mean())
            + " with a standard deviation of "
            + Texts.number(before.stddev())
            + " and is "
            + Texts.number(after.mean());
    double value = area == 0 ? 0 : area / unit;
    return new Measured(value, value, Double.NaN, error, words);
  }

  private static double area(Numbers before, Numbers after) {
    double area = 0;
    double from = Double.NaN;
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      double x = Steps.next(before, i, after, j);
      if (i + j > 0) {
        area += Math.abs(Steps.upTo(before, i) - Steps.upTo(after, j)) * (x - from);
      }
      i += i < before.size() && before.point(i) == x ? 1 : 0;
      j += j < after.size() && after.point(j) == x ? 1 : 0;
      from = x;
    }
    return area;
  }

  /** Makes {@code wasserstein} usable by name. */
  public static final class Provider implements DriftMetricProvider {
    @Override
    public String name() {
      return "wasserstein";
    }

    @Override
    public String description() {
      return "How far values moved on average, in the unit of the column.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          required(
              "threshold",
              Parameter.Kind.NUMBER,
              "A value above it is drift, in the unit of the column."));
    }

    @Override
    public DriftMetric create(Settings settings) {
      return new Wasserstein(false, settings.number("threshold"));
    }
  }

  /** Makes {@code wasserstein_normalised} usable by name. */
  public static final class NormalisedProvider implements DriftMetricProvider {
    @Override
    public String name() {
      return "wasserstein_normalised";
    }

    @Override
    public String description() {
      return "How far values moved on average, in standard deviations of the reference.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(Thresholds.parameter(USUAL));
    }

    @Override
    public DriftMetric create(Settings settings) {
      return new Wasserstein(true, settings.number("threshold", USUAL));
    }
  }
}
