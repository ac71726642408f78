package io.featurebeam.anomaly;

import java.io.Serializable;
import java.util.List;

/**
 * Says of each value how unusual it is after those before it, as a value: columns and parameters,
 * and nothing of a run. {@link Detectors} makes the built-in ones. To add one, implement this
 * interface in one file and register a {@link ScorerProvider}.
 */
public interface Scorer extends Serializable {

  /** What reports call it, stable between runs: {@code z_score(amount)}. */
  String id();

  /** The columns whose values it is given, in this order. */
  List<String> columns();

  /** What it knows of a key before the first value. */
  Scores newScores();

  /** From where on a score is an outlier if nothing else is said. */
  Threshold usualThreshold();
}
