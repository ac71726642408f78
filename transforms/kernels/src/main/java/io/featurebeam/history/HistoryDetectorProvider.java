package io.featurebeam.history;

import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;

/**
 * Makes a detector usable by name. Found by {@link java.util.ServiceLoader}: list the
 * implementation in {@code META-INF/services/io.featurebeam.history.HistoryDetectorProvider}.
 */
public interface HistoryDetectorProvider {

  /** The detector's name, lower_snake. */
  String name();

  /** One sentence for the reference and the editor. */
  String description();

  /** What it takes; the first is the primary one, which may be given without its name. */
  List<Parameter> parameters();

  /**
   * The detector with these settings, or {@link IllegalArgumentException} with name, value and
   * rule.
   */
  HistoryDetector create(Settings settings);
}
