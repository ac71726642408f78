package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.featurebeam.pipelines.FeaturePipeline;
import io.featurebeam.pipelines.SkewCheck;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;

/**
 * The main job as the command line runs it, in this JVM and on the runner of this module.
 *
 * <pre>{@code
 * Job.of(spec).with("--from=2001-01-02").withParallelism(3).succeed();
 * }</pre>
 */
record Job(Path spec, int parallelism, List<String> args) {

  private static final int DEFAULT_PARALLELISM = 2;

  static Job of(Path spec) {
    return new Job(spec, DEFAULT_PARALLELISM, List.of());
  }

  /** A job whose spec is written to {@code folder} first. */
  static Job of(Path folder, String yaml) throws IOException {
    return of(Files.writeString(folder.resolve("spec.yaml"), yaml));
  }

  Job with(String... more) {
    List<String> all = new ArrayList<>(args);
    all.addAll(List.of(more));
    return new Job(spec, parallelism, List.copyOf(all));
  }

  Job withParallelism(int threads) {
    return new Job(spec, threads, args);
  }

  /** What follows the name of the main class on the command line. */
  List<String> commandLine() {
    List<String> all = new ArrayList<>(Runner.current().args(parallelism));
    all.add("--spec=" + spec);
    all.addAll(args);
    return all;
  }

  /** Runs and gives what a person would see. */
  Result run() {
    return run(commandLine());
  }

  /** The same of a whole command line. */
  static Result run(List<String> commandLine) {
    return run(FeaturePipeline::run, commandLine);
  }

  /** A skew check by the spec. */
  Result checkSkew() {
    return run(SkewCheck::run, commandLine());
  }

  private static Result run(ToIntFunction<String[]> main, List<String> commandLine) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream seenOut = new ByteArrayOutputStream();
    ByteArrayOutputStream seenErr = new ByteArrayOutputStream();
    System.setOut(new PrintStream(seenOut, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(seenErr, true, StandardCharsets.UTF_8));
    try {
      int code = main.applyAsInt(commandLine.toArray(String[]::new));
      return new Result(
          code, seenOut.toString(StandardCharsets.UTF_8), seenErr.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** Runs, and fails the test unless all is well. */
  Result succeed() {
    Result result = run();
    if (result.exitCode() != 0) {
      fail("Exit code " + result.exitCode() + " of " + commandLine() + "\n" + result.err());
    }
    return result;
  }

  /** What a run said. */
  record Result(int exitCode, String out, String err) {
    /** A line of a logger, and the stack trace that may follow it. */
    private static final Pattern LOGGED =
        Pattern.compile(
            "(?m)^\\S+ (?:WARN|ERROR|INFO) .*\\R"
                + "(?:[\\w.$]+(?:Exception|Error)(?:: .*)?\\R(?:(?:\\s+at |\\s+\\.\\.\\.|Caused by: ).*\\R)*)?");

    /** The closing summary balances and says this. */
    void assertCounts(long in, long used, long rejected, long late, long duplicate) {
      assertEquals(in, used + rejected + late + duplicate, "what the test expects must balance");
      String balance =
          String.format(
              Locale.ROOT,
              "  in %,d = used %,d + rejected %,d + late %,d + duplicate %,d",
              in,
              used,
              rejected,
              late,
              duplicate);
      assertTrue(out.lines().anyMatch(balance::equals), () -> "no '" + balance + "' in:\n" + out);
    }

    /** The message without what loggers write, be it a reader that an earlier test left behind. */
    String message() {
      return LOGGED.matcher(err).replaceAll("").strip();
    }
  }
}
