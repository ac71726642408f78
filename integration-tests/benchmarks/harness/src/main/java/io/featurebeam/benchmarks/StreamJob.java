package io.featurebeam.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A contender that follows a topic until it is told to end. */
final class StreamJob implements AutoCloseable {
  private static final int TAIL_LINES = 40;

  private final String name;
  private final Process process;
  private final Path log;

  /** A stream does not end by itself, and is not to outlive who started it. */
  private final Thread hook;

  private StreamJob(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.hook = new Thread(process::destroyForcibly, "end-" + name);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  static StreamJob start(String name, List<String> command, Path folder) throws IOException {
    Files.createDirectories(folder);
    Path log = folder.resolve(name + ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new StreamJob(name, process, log);
  }

  /** Waits a while; fails, with the end of its output, if the job has ended by itself. */
  void pause(Duration duration) throws IOException, InterruptedException {
    if (process.waitFor(duration.toMillis(), TimeUnit.MILLISECONDS)) {
      List<String> lines = Files.readAllLines(log);
      throw new IllegalStateException(
          "Contender %s ended with %d; the end of its output:%n%s"
              .formatted(
                  name,
                  process.exitValue(),
                  lines.stream()
                      .skip(Math.max(0, lines.size() - TAIL_LINES))
                      .collect(Collectors.joining(System.lineSeparator()))));
    }
  }

  long pid() {
    return process.pid();
  }

  /** Of all threads so far. */
  double cpuSeconds() {
    return process.info().totalCpuDuration().map(Duration::toMillis).orElse(0L) / 1e3;
  }

  long peakBytes() {
    return Contender.peakBytes(Path.of("/proc", Long.toString(pid()), "status"));
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // it is at work
    }
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
