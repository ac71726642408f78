package io.featurebeam.pipelines.spec;

import java.io.Serializable;
import java.util.Objects;

/**
 * One thing that is wrong with a spec.
 *
 * @param location where it stands
 * @param path its key path: {@code aggregate[0].window[2]}; empty for the whole
 * @param message the value, the rule and the way out
 */
public record SpecProblem(Location location, String path, String message) implements Serializable {

  public SpecProblem {
    Objects.requireNonNull(location, "location is null");
    Objects.requireNonNull(path, "path is null");
    Objects.requireNonNull(message, "message is null");
  }

  /** {@code flights.yaml:14:11: aggregate[0].window[2]: Invalid window: '0h' (must be > 0)}. */
  public String line() {
    boolean said = path.isEmpty() || location.equals(Location.flag("--set=" + path));
    return location + ": " + (said ? "" : path + ": ") + message;
  }

  /** {@link #line} and the excerpt with a caret below it. */
  @Override
  public String toString() {
    String excerpt = location.excerpt();
    return excerpt.isEmpty() ? line() : line() + "\n" + excerpt;
  }
}
