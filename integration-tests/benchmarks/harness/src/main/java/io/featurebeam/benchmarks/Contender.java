package io.featurebeam.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A program that does the work of a workload, started in a JVM of its own.
 *
 * <p>In {@code arguments}, {@code {input}}, {@code {output}}, {@code {rejects}} and {@code {rows}}
 * stand for what the harness fills in. The program announces itself by {@link Progress}.
 *
 * @param name how the contender is called in results
 * @param mainClass the class to run
 * @param classPath the whole class path, as for {@code java -cp}
 * @param jvmArguments options for the JVM but for the heap, which is the same for all
 * @param arguments arguments of the program
 */
record Contender(
    String name,
    String mainClass,
    String classPath,
    List<String> jvmArguments,
    List<String> arguments) {
  private static final Pattern PHASE =
      Pattern.compile("\"phase\":\"(started|done)\",\"millis\":(\\d+)");
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  /** Where, in the output directory of a job, the rows lie that are compared. */
  static final String FEATURES = "features";

  /** Where, there, ours leave what they reject. */
  static final String REJECTS = "rejects";

  private static final int TAIL_LINES = 40;
  private static final long POLL_MILLIS = 50;

  Contender {
    Objects.requireNonNull(name, "name is null");
    Objects.requireNonNull(mainClass, "mainClass is null");
    Objects.requireNonNull(classPath, "classPath is null");
    jvmArguments = List.copyOf(jvmArguments);
    arguments = List.copyOf(arguments);
  }

  /** What a contender works on: where it reads, where it writes, where it is started. */
  record Job(Path input, Path output, Path directory, long rows) {
    /** For a program that takes nothing of this. */
    static final Job NONE = new Job(Path.of(""), Path.of(""), Path.of(""), 0);
  }

  /**
   * One run of the whole process.
   *
   * @param wallSeconds from the start of the process to its end
   * @param steadySeconds from "started" to "done", as the contender says
   * @param cpuSeconds of all threads, as last seen within {@link #POLL_MILLIS} of the end
   * @param peakBytes the largest resident size that the kernel saw; 0 where it cannot be read
   */
  record Run(double wallSeconds, double steadySeconds, double cpuSeconds, long peakBytes) {}

  /** The command line. */
  List<String> command(Job job, String heap) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    command.addAll(jvmArguments);
    command.add("-cp");
    command.add(classPath);
    command.add(mainClass);
    for (String argument : arguments) {
      command.add(fill(argument, job));
    }
    return command;
  }

  /** An argument with what the harness fills in. */
  static String fill(String argument, Job job) {
    return argument
        .replace("{input}", job.input().toString())
        .replace("{output}", job.output().resolve(FEATURES).toString())
        .replace("{rejects}", job.output().resolve(REJECTS).toString())
        .replace("{rows}", Long.toString(job.rows()));
  }

  /**
   * Runs the contender to its end; fails, with the end of its output, unless it reports success.
   */
  Run run(Job job, String heap, long timeoutMinutes) throws IOException, InterruptedException {
    Outputs.delete(job.output());
    Files.createDirectories(job.output());
    long begin = System.nanoTime();
    Process process =
        new ProcessBuilder(command(job, heap))
            .directory(job.directory().toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    AtomicLong peak = new AtomicLong();
    AtomicLong cpuNanos = new AtomicLong();
    Thread watcher = watch(process, peak, cpuNanos, timeoutMinutes);
    Deque<String> tail = new ArrayDeque<>();
    long started = 0;
    long done = 0;
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (tail.size() == TAIL_LINES) {
          tail.removeFirst();
        }
        tail.addLast(line);
        if (line.startsWith(Progress.PREFIX)) {
          Matcher matcher = PHASE.matcher(line);
          if (matcher.find()) {
            long millis = Long.parseLong(matcher.group(2));
            if (matcher.group(1).equals("started")) {
              started = millis;
            } else {
              done = millis;
            }
          }
        }
      }
    }
    int exit = process.waitFor();
    double wall = (System.nanoTime() - begin) / 1e9;
    watcher.join();
    if (exit != 0 || started == 0 || done < started) {
      throw new IllegalStateException(
          "Contender %s ended with %d, %s; the end of its output:%n%s"
              .formatted(
                  name,
                  exit,
                  done == 0 ? "never done" : "done",
                  String.join(System.lineSeparator(), tail)));
    }
    return new Run(wall, (done - started) / 1e3, cpuNanos.get() / 1e9, peak.get());
  }

  /**
   * Follows memory and processor time while the process lives: its status is gone as soon as it
   * ends.
   */
  private static Thread watch(
      Process process, AtomicLong peak, AtomicLong cpuNanos, long timeoutMinutes) {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(timeoutMinutes);
    Thread watcher =
        new Thread(
            () -> {
              try {
                while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                  peak.accumulateAndGet(peakBytes(status), Math::max);
                  process
                      .info()
                      .totalCpuDuration()
                      .ifPresent(duration -> cpuNanos.set(duration.toNanos()));
                  if (System.nanoTime() > deadline) {
                    process.destroyForcibly();
                  }
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "peak-memory");
    watcher.setDaemon(true);
    watcher.start();
    return watcher;
  }

  static long peakBytes(Path status) {
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .map(PEAK::matcher)
          .filter(Matcher::find)
          .mapToLong(matcher -> Long.parseLong(matcher.group(1)) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException | UncheckedIOException e) {
      // No such file: not Linux, or the process has just ended.
      return 0;
    }
  }
}
