package io.featurebeam.drift;

import io.featurebeam.profile.Distribution;
import io.featurebeam.profile.Distribution.Categories;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import org.hipparchus.special.Gamma;

/**
 * Pearson's chi-square test that both columns have the same shares, each being a sample. Its value
 * is Cramer's V, the root of chi-square by the number of values: 0 to 1, and not larger because
 * there are more records. Nulls are no part of it.
 *
 * <p>The p-value is of the chi-square distribution, which is right from some five expected values a
 * category on. Counts that come from a sample enter with the number that was sampled.
 */
record ChiSquare(double threshold) implements DriftMetric {

  /** What Cohen ("Statistical Power Analysis", 1988) calls a small effect. */
  static final double USUAL = 0.1;

  ChiSquare {
    Thresholds.check(threshold);
  }

  @Override
  public String name() {
    return "chi_square";
  }

  @Override
  public Fit fits() {
    return Fit.CATEGORIES;
  }

  @Override
  public Measured measure(Distribution reference, Distribution current) {
    String lacking = Shares.lacks(reference, current);
    if (lacking != null) {
      return Measured.nothing(lacking);
    }
    Shares shares = Shares.of(reference, current, ShareDistance.BINS);
    double n = ((Categories) reference.values()).effective();
    double m = ((Categories) current.values()).effective();
    double statistic = 0;
    for (Shares.Part part : shares.parts()) {
      double both = (n * part.reference() + m * part.current()) / (n + m);
      double gap = part.current() - part.reference();
      statistic += n * m / (n + m) * gap * gap / both; // both cells of a category at once
    }
    int degrees = shares.parts().size() - 1;
    double p = degrees == 0 ? 1 : Gamma.regularizedGammaQ(degrees / 2.0, statistic / 2);
    String words =
        "chi-square is "
            + Texts.number(statistic)
            + " with "
            + degrees
            + " degrees of freedom; "
            + shares.words();
    return new Measured(Math.sqrt(statistic / (n + m)), statistic, p, shares.error(), words);
  }

  /** Makes it usable by name. */
  public static final class Provider implements DriftMetricProvider {
    @Override
    public String name() {
      return "chi_square";
    }

    @Override
    public String description() {
      return "The chi-square test of the shares of categories; its value is Cramer's V.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(Thresholds.parameter(USUAL));
    }

    @Override
    public DriftMetric create(Settings settings) {
      return new ChiSquare(settings.number("threshold", USUAL));
    }
  }
}
