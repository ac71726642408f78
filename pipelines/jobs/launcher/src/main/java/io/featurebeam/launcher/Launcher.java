package io.featurebeam.launcher;

import java.lang.reflect.InvocationTargetException;

/**
 * The main class of every job jar: starts {@code io.featurebeam.pipelines.FeaturePipeline} where
 * the Java runtime is one that works, else says what is needed. Compiled for Java 8, so that an
 * older runtime gets this far.
 */
public final class Launcher {

  private static final String MAIN = "io.featurebeam.pipelines.FeaturePipeline";

  private Launcher() {}

  public static void main(String[] args) throws Throwable {
    String problem =
        problem(System.getProperty("java.specification.version"), System.getProperty("java.home"));
    if (problem != null) {
      System.err.println(problem);
      System.exit(2);
    }
    try {
      Class.forName(MAIN).getMethod("main", String[].class).invoke(null, (Object) args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** What is wrong with a runtime; null if nothing is. */
  static String problem(String version, String home) {
    // Java 8 calls itself 1.8.
    int number = Integer.parseInt(version.startsWith("1.") ? version.substring(2) : version);
    return number == 17 || number == 21 // the sketches' memory takes no other
        ? null
        : "FeatureBeam runs on Java 17 and 21, and this is Java "
            + number
            + " of "
            + home
            + " (set JAVA_HOME to one of these; on a cluster, for all of its processes)";
  }
}
