package io.featurebeam.pipelines.spec;

import java.util.Objects;

/**
 * What a name of a pipeline, feature or aggregate may look like: it becomes a column, file or step
 * name.
 */
final class Names {

  /** Also the pattern of the JSON Schema. */
  static final String PATTERN = "[A-Za-z_][A-Za-z0-9_.-]{0,127}";

  private Names() {}

  static void check(String what, String name) {
    Objects.requireNonNull(name, what + " is null");
    if (!name.matches(PATTERN)) {
      throw new IllegalArgumentException(
          "Invalid "
              + what
              + ": '"
              + name
              + "' (must start with a letter or _, then letters, digits, _ . or -, at most 128)");
    }
  }

  static String path(String what, String path) {
    Objects.requireNonNull(path, what + " is null");
    if (path.isBlank()) {
      throw new IllegalArgumentException(
          "Invalid " + what + ": '" + path + "' (must not be empty)");
    }
    return path;
  }
}
