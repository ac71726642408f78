package io.featurebeam.benchmarks;

import static io.featurebeam.benchmarks.StreamContenders.EVERY_EVENT;
import static io.featurebeam.benchmarks.StreamContenders.OURS;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whether a run of ours stays as it is: at a steady rate, for minutes or an hour, what is alive on
 * the heap, the size of the last checkpoint, and how far rows are behind. Event time passes faster
 * than the clock, so that the longest window is full when the run is a third through, or after two
 * minutes if that is earlier; then the last third is compared with the one before it.
 */
final class StreamSoak {
  private static final int SAMPLES = 18;

  /** When the longest window is full at the latest: what it holds must fit into the heap. */
  private static final Duration FULL = Duration.ofMinutes(2);

  /** How much more of anything the last third may have. */
  private static final double FLAT = 1.1;

  /** Heap and state for the samples after the messages have grown beyond the longest window. */
  private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");

  private final Settings settings;
  private final StreamSettings stream;
  private final StreamContenders contenders;
  private final StreamBroker broker;

  /** What is looked at now and then. */
  private record Sample(
      double minutes, double heapMib, double stateMib, double lag, double p99Millis) {}

  StreamSoak(
      Settings settings, StreamSettings stream, StreamContenders contenders, StreamBroker broker) {
    this.settings = settings;
    this.stream = stream;
    this.contenders = contenders;
    this.broker = broker;
  }

  void run(double rate, Results results) throws IOException, InterruptedException {
    if (!(rate > 0)) {
      throw new IllegalArgumentException(
          "Missing rate: the soak is at half of what throughput gives (measure that too, or give"
              + " --rate)");
    }
    String input = "payments-soak";
    String output = "features-soak";
    broker.createBounded(input);
    broker.createBounded(output);
    Duration each = Duration.ofMillis(Duration.ofMinutes(stream.minutes()).toMillis() / SAMPLES);
    // A third of the run, less the last of its samples.
    long full = Math.min(each.toMillis() * (SAMPLES / 3 - 1), FULL.toMillis());
    double micros = stream.longestWindowMicros() / (rate * full / 1e3);
    StreamEvents events = new StreamEvents(settings.users(), stream.zipf(), micros, 42);
    List<Sample> samples = new ArrayList<>();
    System.err.printf(
        "%8s %10s %11s %10s %8s%n", "minutes", "heap MiB", "state MiB", "lag rows", "p99 ms");
    try (StreamJob job =
            contenders.start(
                OURS,
                new StreamContenders.Task(
                    broker.servers(), input, output, EVERY_EVENT, true, List.of()));
        StreamLoad load = new StreamLoad(broker, input, output, events, 0, rate)) {
      load.start();
      for (int i = 0; i < SAMPLES; i++) {
        Latencies latencies = load.send(each);
        job.pause(Duration.ofMillis(1)); // fails if it is no more
        Sample sample =
            new Sample(
                (i + 1) * each.toMillis() / 60_000.0,
                liveBytes(job.pid()) / 1048576.0,
                checkpointBytes(contenders.checkpoints(OURS)) / 1048576.0,
                load.sent() - load.seen(),
                latencies.millis(0.99));
        samples.add(sample);
        System.err.printf(
            Locale.ROOT,
            "%8.1f %10.0f %11.1f %10.0f %8.0f%n",
            sample.minutes,
            sample.heapMib,
            sample.stateMib,
            sample.lag,
            sample.p99Millis);
      }
    }
    results.add(line(samples, rate));
  }

  private Results.Line line(List<Sample> samples, double rate) {
    double heap = growth(samples, Sample::heapMib);
    double state = growth(samples, Sample::stateMib);
    double lag = growth(samples, Sample::p99Millis);
    Sample last = samples.get(samples.size() - 1);
    return new Results.Line()
        .text("workload", "card-stream-soak")
        .text("ours", OURS)
        .decimal("events_per_second", rate)
        .whole("minutes", stream.minutes())
        .decimal("heap_mib", last.heapMib)
        .decimal("state_mib", last.stateMib)
        .decimal("p99_ms", last.p99Millis)
        .decimal("heap_growth", heap)
        .decimal("state_growth", state)
        .decimal("p99_growth", lag)
        .decimal("target", FLAT)
        .truth("met", heap <= FLAT && state <= FLAT);
  }

  /** The mean of the last third by that of the one before it. */
  private static double growth(List<Sample> samples, ToDoubleFunction<Sample> of) {
    int third = samples.size() / 3;
    double middle =
        samples.subList(third, 2 * third).stream().mapToDouble(of).average().orElse(Double.NaN);
    double last =
        samples.subList(2 * third, samples.size()).stream()
            .mapToDouble(of)
            .average()
            .orElse(Double.NaN);
    return last / middle;
  }

  /** What is alive on the heap; the JVM collects all garbage to count it. */
  private static long liveBytes(long pid) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    long bytes = -1;
    try (BufferedReader reader = process.inputReader(UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        Matcher matcher = TOTAL.matcher(line);
        if (matcher.find()) {
          bytes = Long.parseLong(matcher.group(1));
        }
      }
    }
    process.waitFor();
    return bytes;
  }

  /** Of the last checkpoint that is complete: the newest folder with metadata. */
  private static long checkpointBytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      Path metadata =
          files
              .filter(file -> file.getFileName().toString().equals("_metadata"))
              .max((a, b) -> Long.compare(modified(a), modified(b)))
              .orElse(null);
      return metadata == null ? 0 : size(metadata.resolveSibling("."));
    } catch (java.io.UncheckedIOException e) {
      return 0; // it was just replaced by the next
    }
  }

  private static long modified(Path file) {
    return file.toFile().lastModified();
  }

  private static long size(Path folder) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    } catch (NoSuchFileException e) {
      return 0;
    }
    return bytes;
  }
}
