package io.featurebeam.aggregate;

import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;

/**
 * Makes an aggregate usable by name in YAML. Found by {@link java.util.ServiceLoader}: list the
 * implementation in {@code META-INF/services/io.featurebeam.aggregate.AggregateProvider}.
 */
public interface AggregateProvider {

  /** The name in YAML, lower_snake. */
  String name();

  /** One sentence for the reference and the editor. */
  String description();

  /** What it takes; the first is the primary one, which may be given without its name. */
  List<Parameter> parameters();

  /**
   * The aggregate with these settings, or {@link IllegalArgumentException} with name, value and
   * rule.
   */
  Aggregate create(Settings settings);
}
