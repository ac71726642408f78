package io.featurebeam.clusters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A Java program in a process of its own.
 *
 * @param arguments of the JVM, which is this test's
 * @param environment beside what this process has; an empty value takes a variable away
 * @param longest how long {@link #run} waits before it ends the program as failed
 */
public record Program(List<String> arguments, Map<String, String> environment, Duration longest) {

  public static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

  private static final Duration LONGEST = Duration.ofMinutes(4);

  public static Program java(String... arguments) {
    return new Program(List.of(arguments), Map.of(), LONGEST);
  }

  public Program with(String... more) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of(more));
    return new Program(all, environment, longest);
  }

  public Program withEnvironment(String name, String value) {
    Map<String, String> all = new TreeMap<>(environment);
    all.put(name, value);
    return new Program(arguments, all, longest);
  }

  public Program withLongest(Duration newLongest) {
    return new Program(arguments, environment, newLongest);
  }

  /**
   * Starts it.
   *
   * @param out where its standard output goes; errors go beside it, to a file ending in .err
   */
  public Process start(Path out) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(JAVA_HOME.resolve("bin/java").toString());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(errors(out).toFile());
    builder.environment().keySet().removeIf(name -> name.matches("(FLINK|SPARK|JAVA|HADOOP)_.*"));
    builder.environment().put("JAVA_HOME", JAVA_HOME.toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static Path errors(Path out) {
    return out.resolveSibling(out.getFileName() + ".err");
  }

  /** Runs it to its end. */
  public Result run(Path folder) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "program", ".out");
    Process process = start(out);
    try {
      if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(
            "Not ended after "
                + longest
                + ":\n"
                + Files.readString(out)
                + Files.readString(errors(out)));
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return new Result(process.exitValue(), Files.readString(out), Files.readString(errors(out)));
  }

  /** How it ended, and what it said. */
  public record Result(int exitCode, String out, String err) {

    public Result assertExit(int expected) {
      if (exitCode != expected) {
        throw new AssertionError(
            "Ended with " + exitCode + ", not " + expected + ":\n" + out + "\n" + err);
      }
      return this;
    }
  }
}
