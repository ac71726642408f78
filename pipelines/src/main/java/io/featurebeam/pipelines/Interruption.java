package io.featurebeam.pipelines;

import io.featurebeam.pipelines.cli.Cli;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/**
 * What is done if the process is told to end (Ctrl-C, {@code kill}) in the middle of a run: outputs
 * are given back, and one line says so. The JVM then ends with 128 and the signal's number: 130 for
 * SIGINT, 143 for SIGTERM.
 *
 * <pre>{@code
 * try (Interruption interruption = Interruption.watch(claims, reporter, context, out)) {
 *   ...                        // run
 * }
 * }</pre>
 */
final class Interruption implements AutoCloseable {

  private final Thread hook;

  private Interruption(Thread hook) {
    this.hook = hook;
  }

  static Interruption watch(
      OutputClaims claims, RunReporter reporter, Cli.Context context, PrintStream out) {
    Thread hook =
        new Thread(
            () -> {
              context.interrupted();
              endEarly(claims, reporter, out);
            },
            "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    return new Interruption(hook);
  }

  private static void endEarly(OutputClaims claims, RunReporter reporter, PrintStream out) {
    String said;
    try {
      List<String> published = claims.giveBack();
      said =
          published.isEmpty()
              ? "Interrupted: nothing was published, earlier output stands"
              : "Interrupted after publishing " + String.join(", ", published);
    } catch (IOException | InterruptedException | RuntimeException e) {
      said = "Interrupted: nothing was cleared away (the next run does it): " + e.getMessage();
    }
    reporter.failed(said);
    reporter.clear();
    out.println(said);
    out.flush();
  }

  /** The run is over; nothing is left to be done. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // it is at work, and ends this process
    }
  }
}
