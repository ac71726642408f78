package io.featurebeam.rule;

import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;

/**
 * Makes a rule usable by name in YAML. Found by {@link java.util.ServiceLoader}: list the
 * implementation in {@code META-INF/services/io.featurebeam.rule.RuleProvider}.
 */
public interface RuleProvider {

  /** The name in YAML, lower_snake. */
  String name();

  /** One sentence for the reference and the editor. */
  String description();

  /** What it takes; the first is the primary one, which may be given without its name. */
  List<Parameter> parameters();

  /**
   * The rule with these settings, or {@link IllegalArgumentException} with name, value and rule.
   */
  Rule create(Settings settings);
}
