package io.featurebeam.drift;

import io.featurebeam.profile.Distribution;
import io.featurebeam.profile.Distribution.Numbers;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.Objects;

/**
 * The change of a mean, in standard deviations of the reference, or of a standard deviation, as a
 * share of the reference's. Null, NaN and infinities are no part of it. A change from 0 is
 * infinite. Both moments are exact, also from a profile.
 */
record MomentChange(Kind kind, double threshold) implements DriftMetric {

  /** Which moment, and what is usual for it. */
  enum Kind {
    /** By a tenth of a standard deviation. */
    MEAN("mean_change", 0.1),
    /** By a quarter. */
    STDDEV("stddev_change", 0.25);

    final String metric;
    final double usual;

    Kind(String metric, double usual) {
      this.metric = metric;
      this.usual = usual;
    }
  }

  MomentChange {
    Objects.requireNonNull(kind, "kind is null");
    Thresholds.check(threshold);
  }

  @Override
  public String name() {
    return kind.metric;
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
    double was = kind == Kind.MEAN ? before.mean() : before.stddev();
    double is = kind == Kind.MEAN ? after.mean() : after.stddev();
    double change = Math.abs(is - was);
    String words =
        (kind == Kind.MEAN ? "the mean was " : "the standard deviation was ")
            + Texts.number(was)
            + " and is "
            + Texts.number(is)
            + (kind == Kind.MEAN
                ? ", with a standard deviation of " + Texts.number(before.stddev()) + " before"
                : "");
    return Measured.of(change == 0 ? 0 : change / before.stddev(), words);
  }

  /** Makes {@code mean_change} usable by name. */
  public static final class MeanProvider implements DriftMetricProvider {
    @Override
    public String name() {
      return Kind.MEAN.metric;
    }

    @Override
    public String description() {
      return "The change of the mean, in standard deviations of the reference.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(Thresholds.parameter(Kind.MEAN.usual));
    }

    @Override
    public DriftMetric create(Settings settings) {
      return new MomentChange(Kind.MEAN, settings.number("threshold", Kind.MEAN.usual));
    }
  }

  /** Makes {@code stddev_change} usable by name. */
  public static final class StddevProvider implements DriftMetricProvider {
    @Override
    public String name() {
      return Kind.STDDEV.metric;
    }

    @Override
    public String description() {
      return "The change of the standard deviation, as a share of the reference's.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(Thresholds.parameter(Kind.STDDEV.usual));
    }

    @Override
    public DriftMetric create(Settings settings) {
      return new MomentChange(Kind.STDDEV, settings.number("threshold", Kind.STDDEV.usual));
    }
  }
}
