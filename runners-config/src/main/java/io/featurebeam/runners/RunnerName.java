package io.featurebeam.runners;

import java.util.Locale;

/** Which runner the arguments of a pipeline choose. */
final class RunnerName {

  private static final String FLAG = "--runner=";
  private static final String SUFFIX = "runner";

  private RunnerName() {}

  /**
   * The runner's class name in lower case without package and {@code Runner}: {@code flink} for
   * {@code --runner=FlinkRunner}; {@code direct}, Beam's own default, if none is given.
   */
  static String of(String... args) {
    String name = "direct";
    for (String arg : args) {
      if (arg.startsWith(FLAG)) {
        name = arg.substring(Math.max(FLAG.length(), arg.lastIndexOf('.') + 1));
        name = name.toLowerCase(Locale.ROOT);
      }
    }
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }
}
