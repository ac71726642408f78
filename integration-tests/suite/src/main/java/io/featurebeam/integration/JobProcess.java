package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.pipelines.FeaturePipeline;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The main job in a JVM of its own, which can be killed.
 *
 * @param log what it says
 */
record JobProcess(Process process, Path log) {

  /** What a process that SIGKILL ended gives: 128 and the signal's number. */
  private static final int KILLED = 128 + 9;

  /**
   * Starts a job with the class path and the options of this JVM.
   *
   * @param folder gets the log and the temporary files of the JVM
   */
  static JobProcess start(Job job, Path folder) throws IOException {
    return start(FeaturePipeline.class.getName(), job.commandLine(), folder);
  }

  /** The same of another main class. */
  static JobProcess start(String mainClass, List<String> args, Path folder) throws IOException {
    Path temp = Files.createDirectories(folder.resolve("tmp"));
    Path log = folder.resolve("log.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-agentlib") && !option.startsWith("-javaagent"))
        .forEach(command::add);
    command.add("-XX:TieredStopAtLevel=1"); // it lives for seconds
    command.add("-Djava.io.tmpdir=" + temp);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(mainClass);
    command.addAll(args);
    return new JobProcess(
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start(),
        log);
  }

  /** Looks until a moment is there, and kills without a warning; false if the job ended first. */
  boolean killWhen(BooleanSupplier there) throws IOException, InterruptedException {
    try {
      while (!there.getAsBoolean()) {
        if (process.waitFor(1, TimeUnit.MILLISECONDS)) {
          assertEquals(0, process.exitValue(), Files.readString(log));
          return false;
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    return process.exitValue() == KILLED;
  }

  /**
   * Looks until a moment is there, and sends a signal; the exit code, or 0 if the job ended first.
   *
   * @param signal such as TERM
   */
  int signalWhen(BooleanSupplier there, String signal) throws IOException, InterruptedException {
    try {
      while (!there.getAsBoolean()) {
        if (process.waitFor(1, TimeUnit.MILLISECONDS)) {
          assertEquals(0, process.exitValue(), Files.readString(log));
          return 0;
        }
      }
      String pid = String.valueOf(process.pid());
      assertEquals(0, new ProcessBuilder("kill", "-" + signal, pid).start().waitFor());
      assertTrue(process.waitFor(1, TimeUnit.MINUTES), "goes on after a signal");
      return process.exitValue();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** Whether it has opened a file, where the system tells. */
  boolean reads(Path file) {
    Path open = Path.of("/proc", String.valueOf(process.pid()), "fd");
    try (Stream<Path> links = Files.list(open)) {
      Path real = file.toRealPath();
      return links.anyMatch(link -> isLinkTo(real, link));
    } catch (IOException e) {
      return !Files.exists(Path.of("/proc/self"));
    }
  }

  private static boolean isLinkTo(Path file, Path link) {
    try {
      return Files.readSymbolicLink(link).equals(file);
    } catch (IOException e) {
      return false; // closed again
    }
  }
}
