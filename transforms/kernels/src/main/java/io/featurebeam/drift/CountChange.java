package io.featurebeam.drift;

import io.featurebeam.profile.Distribution;
import io.featurebeam.profile.Distribution.Categories;
import io.featurebeam.profile.Distribution.Numbers;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.Objects;

/**
 * The change of something that was counted: of a share by how many points of 1, of a number as a
 * share of the reference's (a change from 0 is infinite).
 */
record CountChange(Kind kind, double threshold) implements DriftMetric {

  /** What is counted, and what is usual for it. */
  enum Kind {
    /** The share of records without a value: by five in a hundred. */
    NULL_RATE("null_rate_change", Fit.ANY, true, 0.05),
    /** The share of the numbers that are NaN or infinite: by one in a hundred, for few have any. */
    NOT_FINITE_RATE("not_finite_rate_change", Fit.NUMBERS, true, 0.01),
    /** Records: by half, for days differ. */
    ROW_COUNT("row_count_change", Fit.ANY, false, 0.5),
    /** Different values, approximate beyond 1,024: by half. */
    DISTINCT_COUNT("distinct_count_change", Fit.VALUES, false, 0.5);

    final String metric;
    final Fit fit;
    final boolean share;
    final double usual;

    Kind(String metric, Fit fit, boolean share, double usual) {
      this.metric = metric;
      this.fit = fit;
      this.share = share;
      this.usual = usual;
    }
  }

  CountChange {
    Objects.requireNonNull(kind, "kind is null");
    Thresholds.check(threshold);
  }

  static CountChange of(Kind kind) {
    return new CountChange(kind, kind.usual);
  }

  @Override
  public String name() {
    return kind.metric;
  }

  @Override
  public Fit fits() {
    return kind.fit;
  }

  @Override
  public Measured measure(Distribution reference, Distribution current) {
    return kind.share ? share(reference, current) : number(reference, current);
  }

  private Measured share(Distribution reference, Distribution current) {
    long before = kind == Kind.NULL_RATE ? reference.nulls() : notFinite(reference);
    long after = kind == Kind.NULL_RATE ? current.nulls() : notFinite(current);
    long ofBefore = reference.records() - (kind == Kind.NULL_RATE ? 0 : reference.nulls());
    long ofAfter = current.records() - (kind == Kind.NULL_RATE ? 0 : current.nulls());
    if (ofBefore == 0) {
      return Measured.nothing("the reference has no values");
    }
    if (ofAfter == 0) {
      return Measured.nothing("there are no values now");
    }
    double was = (double) before / ofBefore;
    double is = (double) after / ofAfter;
    String what = kind == Kind.NULL_RATE ? " are null" : " are NaN or infinite";
    return Measured.of(
        Math.abs(is - was),
        after + " of " + ofAfter + what + ", " + before + " of " + ofBefore + " in the reference");
  }

  private static long notFinite(Distribution column) {
    return column.values() instanceof Numbers numbers ? numbers.nan() + numbers.infinite() : 0;
  }

  private Measured number(Distribution reference, Distribution current) {
    long before = kind == Kind.ROW_COUNT ? reference.records() : distinct(reference);
    long after = kind == Kind.ROW_COUNT ? current.records() : distinct(current);
    String what = kind == Kind.ROW_COUNT ? " records" : " different values";
    return Measured.of(
        after == before ? 0 : Math.abs(after - before) / (double) before,
        after + what + ", " + before + " in the reference");
  }

  private static long distinct(Distribution column) {
    return column.values() instanceof Numbers numbers
        ? numbers.distinct()
        : column.values() instanceof Categories categories ? categories.distinct() : 0;
  }

  /** What the providers share. */
  private abstract static class KindProvider implements DriftMetricProvider {
    private final Kind kind;

    KindProvider(Kind kind) {
      this.kind = kind;
    }

    @Override
    public final String name() {
      return kind.metric;
    }

    @Override
    public final List<Parameter> parameters() {
      return List.of(Thresholds.parameter(kind.usual));
    }

    @Override
    public final DriftMetric create(Settings settings) {
      return new CountChange(kind, settings.number("threshold", kind.usual));
    }
  }

  /** Makes {@code null_rate_change} usable by name. */
  public static final class NullRateProvider extends KindProvider {
    public NullRateProvider() {
      super(Kind.NULL_RATE);
    }

    @Override
    public String description() {
      return "The change of the share of records without a value.";
    }
  }

  /** Makes {@code not_finite_rate_change} usable by name. */
  public static final class NotFiniteRateProvider extends KindProvider {
    public NotFiniteRateProvider() {
      super(Kind.NOT_FINITE_RATE);
    }

    @Override
    public String description() {
      return "The change of the share of numbers that are NaN or infinite.";
    }
  }

  /** Makes {@code row_count_change} usable by name. */
  public static final class RowCountProvider extends KindProvider {
    public RowCountProvider() {
      super(Kind.ROW_COUNT);
    }

    @Override
    public String description() {
      return "The change of the number of records, as a share of the reference's.";
    }
  }

  /** Makes {@code distinct_count_change} usable by name. */
  public static final class DistinctCountProvider extends KindProvider {
    public DistinctCountProvider() {
      super(Kind.DISTINCT_COUNT);
    }

    @Override
    public String description() {
      return "The change of the number of different values, as a share of the reference's.";
    }
  }
}
