package io.featurebeam.drift;

import io.featurebeam.profile.Distribution;
import io.featurebeam.profile.Distribution.Numbers;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import org.hipparchus.stat.inference.KolmogorovSmirnovTest;

/**
 * The largest gap D between the shares up to any value, 0 to 1, and the two-sample test of
 * Kolmogorov and Smirnov. Null, NaN and infinities are no part of it.
 *
 * <p>The p-value is of D or more: exact (counted over all ways to mix the two samples) of at most
 * {@value #EXACT_VALUES} values that are all known, else the limit for many. Values that occur more
 * than once make it too large, never too small. Where D comes from sketches the p-value is of D
 * less what they may be off by, so a sketch alone is never taken for drift.
 */
record KolmogorovSmirnov(double threshold) implements DriftMetric {

  /** A tenth of the values lies elsewhere; of some 700 on both sides chance gives that much. */
  static final double USUAL = 0.1;

  /** Of both sides together: binomial coefficients of more overflow. */
  private static final int EXACT_VALUES = 1000;

  /** Below it the limit is 1 but for less than 1e-200, and its series takes long. */
  private static final double CERTAIN = 0.05;

  private static final double LIMIT_TOLERANCE = 1e-20;
  private static final int LIMIT_TERMS = 100_000;

  KolmogorovSmirnov {
    Thresholds.check(threshold);
  }

  @Override
  public String name() {
    return "kolmogorov_smirnov";
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
    double most = 0;
    double at = before.point(0);
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      double x = Steps.next(before, i, after, j);
      i += i < before.size() && before.point(i) == x ? 1 : 0;
      j += j < after.size() && after.point(j) == x ? 1 : 0;
      double gap = Math.abs(Steps.upTo(before, i) - Steps.upTo(after, j));
      if (gap > most) {
        most = gap;
        at = x;
      }
    }
    double error = before.rankError() + after.rankError();
    String words =
        "the share of values up to "
            + Texts.number(at)
            + " was "
            + Texts.number(before.shareUpTo(at))
            + " and is "
            + Texts.number(after.shareUpTo(at));
    return new Measured(most, most, pValue(most, error, before, after), error, words);
  }

  private static double pValue(double d, double error, Numbers before, Numbers after) {
    boolean exact =
        error == 0
            && before.effective() == before.finite()
            && after.effective() == after.finite()
            && before.finite() + after.finite() <= EXACT_VALUES;
    KolmogorovSmirnovTest test = new KolmogorovSmirnovTest();
    if (exact) {
      double p = test.exactP(d, (int) before.finite(), (int) after.finite(), false);
      return Math.min(1, Math.max(0, p));
    }
    double n = before.effective();
    double m = after.effective();
    double t = Math.max(0, d - error) * Math.sqrt(n * m / (n + m));
    if (t < CERTAIN) {
      return 1;
    }
    return Math.min(1, Math.max(0, 1 - test.ksSum(t, LIMIT_TOLERANCE, LIMIT_TERMS)));
  }

  /** Makes it usable by name. */
  public static final class Provider implements DriftMetricProvider {
    @Override
    public String name() {
      return "kolmogorov_smirnov";
    }

    @Override
    public String description() {
      return "The largest gap between the shares of numbers up to any value, as a test.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(Thresholds.parameter(USUAL));
    }

    @Override
    public DriftMetric create(Settings settings) {
      return new KolmogorovSmirnov(settings.number("threshold", USUAL));
    }
  }
}
