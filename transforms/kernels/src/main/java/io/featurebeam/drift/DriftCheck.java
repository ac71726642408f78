package io.featurebeam.drift;

import io.featurebeam.columnar.Field;
import io.featurebeam.profile.BatchProfile;
import io.featurebeam.profile.Distribution;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Which metrics are taken of which columns, and how a p-value is judged. A value: the same inputs
 * give the same results, whatever the order of the records; between sketches, within what they may
 * be off by.
 *
 * <pre>{@code
 * List<DriftResult> results =
 *     DriftCheck.usual()
 *         .with("delay", DriftMetrics.kolmogorovSmirnov(), DriftMetrics.wasserstein(15))
 *         .withCorrection(Correction.HOLM, 0.01)
 *         .compare(yesterday, today);
 * }</pre>
 *
 * <p>A column for which no metrics are named gets {@link DriftMetrics#usual those that are usual}
 * for its type. A metric that does not fit a column's type is an error, and so is a column that one
 * side lacks: whether schemas fit is a question to ask before.
 */
public final class DriftCheck implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Chance alone may exceed it once in twenty comparisons, or as the correction says. */
  public static final double ALPHA = 0.05;

  private final LinkedHashMap<String, List<DriftMetric>> chosen;
  private final DriftMetric rowCount;
  private final Correction correction;
  private final double alpha;

  private DriftCheck(
      Map<String, List<DriftMetric>> chosen,
      DriftMetric rowCount,
      Correction correction,
      double alpha) {
    this.chosen = new LinkedHashMap<>(chosen);
    this.rowCount = rowCount;
    this.correction = correction;
    this.alpha = alpha;
  }

  /** The usual metrics of every column, by Benjamini and Hochberg at {@value #ALPHA}. */
  public static DriftCheck usual() {
    return new DriftCheck(
        Map.of(), DriftMetrics.rowCountChange(), Correction.BENJAMINI_HOCHBERG, ALPHA);
  }

  /** The same with these metrics of a column, and no others. */
  public DriftCheck with(String column, DriftMetric... metrics) {
    Objects.requireNonNull(column, "column is null");
    Map<String, List<DriftMetric>> more = new LinkedHashMap<>(chosen);
    more.put(column, List.of(metrics));
    return new DriftCheck(more, rowCount, correction, alpha);
  }

  /** The same with another threshold for the change of the number of records. */
  public DriftCheck withRowCount(double threshold) {
    return new DriftCheck(
        chosen, new CountChange(CountChange.Kind.ROW_COUNT, threshold), correction, alpha);
  }

  /**
   * The same with p-values judged otherwise.
   *
   * @param alpha an adjusted p-value below it is not explained by chance; above 0 and below 1
   */
  public DriftCheck withCorrection(Correction correction, double alpha) {
    Objects.requireNonNull(correction, "correction is null");
    if (!(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException(
          "Invalid alpha: " + alpha + " (must be above 0 and below 1)");
    }
    return new DriftCheck(chosen, rowCount, correction, alpha);
  }

  /** The metrics of one column. */
  public List<DriftMetric> metrics(Distribution column) {
    List<DriftMetric> metrics = chosen.get(column.column());
    return metrics == null ? DriftMetrics.usual(column) : metrics;
  }

  /** Compares all columns of two profiles. */
  public List<DriftResult> compare(BatchProfile reference, BatchProfile current) {
    return compare(distributions(reference), distributions(current));
  }

  private static List<Distribution> distributions(BatchProfile profile) {
    return profile.schema().fields().stream().map(Field::name).map(profile::distribution).toList();
  }

  /**
   * Compares columns by name. The first result is of the number of records, then they are in the
   * order of the reference.
   */
  public List<DriftResult> compare(List<Distribution> reference, List<Distribution> current) {
    Map<String, Distribution> now = new LinkedHashMap<>();
    current.forEach(column -> now.put(column.column(), column));
    Map<String, Distribution> before = new LinkedHashMap<>();
    reference.forEach(column -> before.put(column.column(), column));
    requireAll(before, now, "what is compared with it");
    requireAll(now, before, "the reference");
    for (String column : chosen.keySet()) {
      if (!before.containsKey(column)) {
        throw new IllegalArgumentException(
            "Unknown column: '" + column + "' (must be one of " + before.keySet() + ")");
      }
    }
    record Taken(String column, DriftMetric metric, Measured measured) {}
    List<Taken> taken = new ArrayList<>();
    if (!reference.isEmpty()) {
      taken.add(
          new Taken(
              DriftResult.RECORDS, rowCount, rowCount.compare(reference.get(0), current.get(0))));
    }
    for (Distribution column : reference) {
      Distribution other = Objects.requireNonNull(now.get(column.column()));
      for (DriftMetric metric : metrics(column)) {
        taken.add(new Taken(column.column(), metric, metric.compare(column, other)));
      }
    }
    double[] adjusted =
        correction.adjust(taken.stream().mapToDouble(t -> t.measured().pValue()).toArray());
    List<DriftResult> results = new ArrayList<>();
    for (int i = 0; i < adjusted.length; i++) {
      Taken t = taken.get(i);
      results.add(DriftResult.of(t.column(), t.metric(), t.measured(), adjusted[i], alpha));
    }
    return results;
  }

  private static void requireAll(
      Map<String, Distribution> columns, Map<String, Distribution> other, String whose) {
    for (Distribution column : columns.values()) {
      Distribution same = other.get(column.column());
      if (same == null) {
        throw new IllegalArgumentException(
            "Cannot compare '"
                + column.column()
                + "': it is no column of "
                + whose
                + " (which has "
                + other.keySet()
                + ")");
      }
    }
  }
}
