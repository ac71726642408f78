package io.featurebeam.pipelines.cli;

import java.util.Arrays;
import java.util.Objects;

/**
 * An option and who gave it.
 *
 * @param argument as on the command line: {@code --parallelism=4}
 */
public record Setting(String argument, Origin origin) {

  /** Who gave an option; a later one gives way to an earlier one. */
  public enum Origin {
    FLAG("flag"),
    SPEC("spec"),
    DEFAULT("default");

    private final String words;

    Origin(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  public Setting {
    Objects.requireNonNull(argument, "argument is null");
    Objects.requireNonNull(origin, "origin is null");
  }

  /** Whether it is neither one of this project nor the runner's name. */
  boolean isOfTheRunner() {
    String name = argument.split("=", 2)[0].replaceFirst("^--", "");
    return !name.equals("runner") && !isOfThisProject(name);
  }

  static boolean isOfThisProject(String name) {
    return Arrays.stream(FeaturePipelineOptions.class.getDeclaredMethods())
        .anyMatch(method -> method.getName().equalsIgnoreCase("set" + name));
  }
}
