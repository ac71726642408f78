package io.featurebeam.drift;

import io.featurebeam.profile.Distribution;
import io.featurebeam.profile.Distribution.Categories;
import io.featurebeam.profile.Distribution.Numbers;
import java.io.Serializable;

/**
 * How far one column has moved from a reference, as a value: its parameters and its threshold, and
 * nothing of a run. {@link DriftMetrics} makes the built-in ones. To add one, implement this
 * interface in one file and register a {@link DriftMetricProvider}.
 *
 * <p>Nulls, NaN and infinities are no part of what is compared, except by the metrics that count
 * them. Where a side has nothing to compare the value is NaN, and the words say which side.
 */
public interface DriftMetric extends Serializable {

  /** Which columns it fits. */
  enum Fit {
    /** Strings, bytes, booleans, and codes taken as categories. */
    CATEGORIES("categories"),
    /** Numbers and times. */
    NUMBERS("numbers"),
    /** Both of these; numbers by the quantiles of the reference. */
    VALUES("categories or numbers"),
    /** Any column, also a list or a masked one. */
    ANY("any column");

    private final String words;

    Fit(String words) {
      this.words = words;
    }

    boolean holds(Distribution column) {
      return switch (this) {
        case CATEGORIES -> column.values() instanceof Categories;
        case NUMBERS -> column.values() instanceof Numbers;
        case VALUES -> column.values() instanceof Categories || column.values() instanceof Numbers;
        case ANY -> true;
      };
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /** What results, YAML and the reference call it, lower_snake. */
  String name();

  Fit fits();

  /** A value above it is drift; for a test, only if chance does not explain it. */
  double threshold();

  /**
   * Compares two columns that it fits; {@link #compare} has checked that.
   *
   * @param reference what is right
   * @param current what is asked about
   */
  Measured measure(Distribution reference, Distribution current);

  /** As {@link #measure}, and a column that it does not fit is an error that names it. */
  default Measured compare(Distribution reference, Distribution current) {
    Fits.check(this, reference);
    Fits.check(this, current);
    Fits.checkAlike(this, reference, current);
    return measure(reference, current);
  }
}
