package io.featurebeam.drift;

import java.util.Objects;

/**
 * What one metric says of one column.
 *
 * @param column its name, or {@link #RECORDS}
 * @param metric the metric's name
 * @param value what the threshold is of; NaN if there is nothing to compare
 * @param statistic of a test, what it is called after; of other metrics the value
 * @param pValue NaN if the metric is no test
 * @param adjustedP the p-value corrected for all tests of the same comparison; NaN if it is no test
 * @param words for people: what was measured, what it must be, and which numbers were compared
 */
public record DriftResult(
    String column,
    String metric,
    double value,
    double threshold,
    double statistic,
    double pValue,
    double adjustedP,
    Verdict verdict,
    String words) {

  /** Stands for the column of what is of the records and not of a column. */
  public static final String RECORDS = "*";

  /** Whether it is drift. */
  public enum Verdict {
    /** It is not above the threshold, or chance explains it. */
    OK,
    /** It is above the threshold and, if it is a test, chance does not explain it. */
    DRIFT,
    /** There is nothing to compare. */
    UNKNOWN
  }

  public DriftResult {
    Objects.requireNonNull(column, "column is null");
    Objects.requireNonNull(metric, "metric is null");
    Objects.requireNonNull(verdict, "verdict is null");
    Objects.requireNonNull(words, "words is null");
  }

  static DriftResult of(
      String column, DriftMetric metric, Measured measured, double adjustedP, double alpha) {
    boolean test = !Double.isNaN(measured.pValue());
    boolean above = measured.value() > metric.threshold();
    boolean chance = test && !(adjustedP < alpha);
    Verdict verdict =
        Double.isNaN(measured.value())
            ? Verdict.UNKNOWN
            : above && !chance ? Verdict.DRIFT : Verdict.OK;
    return new DriftResult(
        column,
        metric.name(),
        measured.value(),
        metric.threshold(),
        measured.statistic(),
        measured.pValue(),
        adjustedP,
        verdict,
        words(column, metric, measured, adjustedP, alpha, verdict, above));
  }

  private static String words(
      String column,
      DriftMetric metric,
      Measured measured,
      double adjustedP,
      double alpha,
      Verdict verdict,
      boolean above) {
    String start = (column.equals(RECORDS) ? "" : column + ": ") + metric.name();
    if (verdict == Verdict.UNKNOWN) {
      return start + " says nothing: " + measured.words();
    }
    StringBuilder text = new StringBuilder(start);
    text.append(" is ").append(Texts.number(measured.value()));
    text.append(" (must be at most ").append(Texts.number(metric.threshold()));
    if (!Double.isNaN(measured.pValue())) {
      text.append(", p ").append(Texts.number(measured.pValue()));
      if (adjustedP != measured.pValue()) {
        text.append(", for all columns ").append(Texts.number(adjustedP));
      }
      if (above && verdict == Verdict.OK) {
        text.append(", which chance explains: not below ").append(Texts.number(alpha));
      }
    }
    text.append("): ").append(measured.words());
    if (measured.error() > 0) {
      text.append("; shares are of sketches, to within ").append(Texts.number(measured.error()));
    }
    return text.toString();
  }
}
