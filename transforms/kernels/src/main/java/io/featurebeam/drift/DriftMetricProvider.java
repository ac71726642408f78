package io.featurebeam.drift;

import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;

/**
 * Makes a metric usable by name. Found by {@link java.util.ServiceLoader}: list the implementation
 * in {@code META-INF/services/io.featurebeam.drift.DriftMetricProvider}.
 */
public interface DriftMetricProvider {

  /** The metric's name, lower_snake. */
  String name();

  /** One sentence for the reference and the editor. */
  String description();

  /** What it takes; the first is the primary one, which may be given without its name. */
  List<Parameter> parameters();

  /**
   * The metric with these settings, or {@link IllegalArgumentException} with name, value and rule.
   */
  DriftMetric create(Settings settings);
}
