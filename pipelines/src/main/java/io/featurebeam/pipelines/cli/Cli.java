package io.featurebeam.pipelines.cli;

import io.featurebeam.pipelines.spec.Secrets;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Runs a command for a person: arguments in, an exit code out, and every error as a message instead
 * of a stack trace (which {@code --verbose} adds).
 *
 * <pre>{@code
 * public static void main(String[] args) {
 *   System.exit(Cli.run(args, FeaturePipeline::run, System.out, System.err));
 * }
 * }</pre>
 */
public final class Cli {

  /** What a main does. */
  public interface Command {
    /**
     * Does it.
     *
     * @param context where the command says what must not be printed, as soon as it knows
     */
    ExitCode run(Invocation invocation, Context context) throws Exception;
  }

  /** What the printing must know of a command. */
  public interface Context {
    /** From now on output and errors show variables in place of these values. */
    void hide(Secrets secrets);

    /** The process ends, and the command itself says so: what it throws from now on is not told. */
    default void interrupted() {}
  }

  private static final String NO_SLOTS =
      "The cluster has no free slots, and Flink gave up waiting for them (end other jobs, add task"
          + " managers or ask for less parallelism; slot.request.timeout is how long it waits)";

  private Cli() {}

  /** The code to exit with; never throws. */
  public static int run(String[] args, Command command, PrintStream out, PrintStream err) {
    List<String> given = Arrays.asList(args);
    if (given.contains("--help") || given.contains("-h")) {
      out.print(Usage.text());
      return ExitCode.OK.code();
    }
    boolean verbose = given.contains("--verbose") || given.contains("--verbose=true");
    try (Console console = Console.open()) {
      try {
        return command.run(Invocation.parse(args), console).code();
      } catch (Throwable thrown) { // also an Error: a person should see a message and the code
        ExitCode code = ExitCode.of(thrown);
        if (!console.isInterrupted()) { // else this is only what follows from that
          err.println(console.hidden(message(thrown, code, verbose)));
        }
        return code.code();
      }
    }
  }

  private static String message(Throwable thrown, ExitCode code, boolean verbose) {
    if (verbose) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      return trace.toString().stripTrailing();
    }
    String prefix = code == ExitCode.FAILED ? "Run failed: " : "";
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof VerdictException) {
        return "Not published: " + t.getMessage();
      }
      if (isComplete(t)) {
        return prefix + t.getMessage();
      }
    }
    return prefix + causes(thrown) + "\n(--verbose shows where)";
  }

  /**
   * Whether a message says all that a person needs, whatever a runner wraps around it: this project
   * wrote it, and it is about arguments or files.
   */
  private static boolean isComplete(Throwable thrown) {
    if (thrown.getMessage() == null) {
      return false;
    }
    StackTraceElement[] trace = thrown.getStackTrace();
    boolean aboutInput =
        thrown instanceof IllegalArgumentException
            || thrown instanceof IOException
            || thrown instanceof UncheckedIOException;
    return isOurs(thrown.getClass().getName())
        || (aboutInput && trace.length > 0 && isOurs(trace[0].getClassName()));
  }

  private static boolean isOurs(String className) {
    return className.startsWith("io.featurebeam.");
  }

  /**
   * The messages from the outermost cause in, each once; wrappers that only repeat, or tell what a
   * runner makes of a failure, are left out.
   */
  public static String causes(Throwable thrown) {
    Set<String> messages = new LinkedHashSet<>();
    int depth = 0;
    for (Throwable t = thrown; t != null && depth < 20; t = t.getCause(), depth++) {
      if (t.getClass().getSimpleName().equals("NoResourceAvailableException")) { // of Flink
        return NO_SLOTS;
      }
      Throwable cause = t.getCause();
      String message = t.getMessage();
      boolean repeats = cause != null && (message == null || message.equals(cause.toString()));
      if (!repeats && !(cause != null && isOfARunner(t))) {
        String shown = message == null ? t.getClass().getName() : message;
        if (messages.stream().noneMatch(said -> said.contains(shown))) {
          messages.add(shown);
        }
      }
    }
    return String.join("\n  because: ", messages);
  }

  /** Such as Flink's "Recovery is suppressed by NoRestartBackoffTimeStrategy". */
  private static boolean isOfARunner(Throwable thrown) {
    return thrown.getClass().getName().startsWith("org.apache.flink.")
        || thrown.getClass().getName().startsWith("org.apache.spark.")
        || "Pipeline execution failed".equals(thrown.getMessage());
  }
}
