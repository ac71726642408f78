package io.featurebeam.drift;

import io.featurebeam.profile.Distribution;
import io.featurebeam.profile.Distribution.Categories;
import io.featurebeam.profile.Distribution.Numbers;

/** Whether a metric fits a column, and what to say if not. */
final class Fits {

  private Fits() {}

  static void check(DriftMetric metric, Distribution column) {
    if (metric.fits().holds(column)) {
      return;
    }
    throw new IllegalArgumentException(
        "Cannot measure "
            + metric.name()
            + " of '"
            + column.column()
            + "': it is "
            + nature(column)
            + " (must be "
            + metric.fits()
            + "; "
            + wayOut(column)
            + ")");
  }

  static void checkAlike(DriftMetric metric, Distribution reference, Distribution current) {
    if (metric.fits() != DriftMetric.Fit.ANY
        && reference.values() instanceof Numbers != current.values() instanceof Numbers) {
      throw new IllegalArgumentException(
          "Cannot measure "
              + metric.name()
              + " of '"
              + reference.column()
              + "': it is "
              + nature(reference)
              + " in the reference and "
              + nature(current)
              + " now (must be alike)");
    }
  }

  private static String nature(Distribution column) {
    if (column.values() instanceof Distribution.Unknown unknown && unknown.masked()) {
      return "masked";
    }
    String nature =
        column.values() instanceof Categories
            ? "categories"
            : column.values() instanceof Numbers ? "numbers" : "a list";
    return nature + " (" + column.type() + ")";
  }

  private static String wayOut(Distribution column) {
    if (column.values() instanceof Numbers) {
      return "of numbers use kolmogorov_smirnov, wasserstein_normalised, psi or"
          + " jensen_shannon_distance, or take them as categories";
    }
    if (column.values() instanceof Categories) {
      return "of categories use l_infinity, chi_square, psi or jensen_shannon_distance";
    }
    return "of this one use null_rate_change";
  }
}
