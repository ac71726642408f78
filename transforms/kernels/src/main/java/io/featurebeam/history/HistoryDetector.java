package io.featurebeam.history;

import java.io.Serializable;
import java.util.List;

/**
 * Finds points of a series that do not fit those before them, as a value. {@link HistoryDetectors}
 * makes the built-in ones. To add one, implement this interface in one file and register a {@link
 * HistoryDetectorProvider}.
 */
public interface HistoryDetector extends Serializable {

  /** What reports call it, stable between runs. */
  String id();

  /**
   * The places from {@code from} to before {@code to} that do not fit, ascending; what is before
   * {@code from} is only looked at.
   *
   * @param series values by time, none of them NaN
   */
  List<Misfit> find(double[] series, int from, int to);

  /**
   * A place that does not fit.
   *
   * @param words what is wrong, to follow after the value: {@code it is above 10}
   */
  record Misfit(int index, String words) {}
}
