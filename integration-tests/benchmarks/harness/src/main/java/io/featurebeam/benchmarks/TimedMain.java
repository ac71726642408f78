package io.featurebeam.benchmarks;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Runs a program that knows nothing of benchmarks, and tells the harness when it began and ended:
 * {@code TimedMain io.featurebeam.pipelines.FeaturePipeline --spec=...}.
 *
 * <p>The program is a class with {@code public static int run(String... args)}, which returns an
 * exit code. Its engine's start-up cannot be told apart from its work, so it counts as steady.
 */
public final class TimedMain {
  private TimedMain() {}

  public static void main(String[] args) throws ReflectiveOperationException {
    if (args.length == 0) {
      throw new IllegalArgumentException("Missing argument: the class to run");
    }
    Progress.started();
    int code = run(args[0], Arrays.copyOfRange(args, 1, args.length));
    if (code == 0) {
      Progress.done(-1);
    }
    // Engines leave threads behind.
    System.exit(code);
  }

  private static int run(String program, String[] args) throws ReflectiveOperationException {
    try {
      Object code =
          Class.forName(program).getMethod("run", String[].class).invoke(null, (Object) args);
      return (Integer) code;
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(program + " failed", e.getCause());
    }
  }
}
