package io.featurebeam.benchmarks;

import static io.featurebeam.benchmarks.StreamContenders.EVERY_EVENT;
import static io.featurebeam.benchmarks.StreamContenders.OURS;
import static io.featurebeam.benchmarks.StreamContenders.PEER;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The workload {@code card-stream}: from topic to topic on embedded Flink, eight aggregates over
 * three windows of each card.
 *
 * <p>First both contenders work on few messages, and what they have written is compared: nothing is
 * timed that computes something else. Then the topic is filled and each follows it from the
 * beginning, in turns. The clock is the broker's, which notes when it has taken a row: the rate is
 * that of the last three quarters of the rows, so that the first quarter is the warm-up.
 */
final class CardStream {
  private static final String NAME = "card-stream";
  private static final String PERIOD = "1m";

  /** Messages that are compared. */
  private static final int COMPARED = 40_000;

  private static final double WARM_UP = 0.25;
  private static final Duration GLANCE = Duration.ofMillis(200);

  private final Settings settings;
  private final StreamSettings stream;
  private final StreamContenders contenders;
  private final Set<String> names;

  CardStream(Settings settings, StreamSettings stream) {
    this.settings = settings;
    this.stream = stream;
    this.contenders = new StreamContenders(settings, stream);
    this.names = new TreeSet<>();
    for (String name : List.of(OURS, PEER)) {
      if (settings.ours().contains(name) || settings.peers().contains(name)) {
        names.add(name);
      }
    }
    if (names.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid contenders (must be of " + OURS + " and " + PEER + ")");
    }
  }

  /** A measured run. */
  private record Run(
      double eventsPerSecond, double coldPerSecond, long rows, double cpuSeconds, long peakBytes) {}

  void run() throws IOException, InterruptedException {
    Results results = Results.appendedTo(settings.results());
    Path folder = settings.work().resolve("broker");
    try (StreamBroker broker = StreamBroker.start(new ClassPaths(settings), folder)) {
      double rate = stream.rate();
      if (stream.measure().contains("throughput")) {
        double median = throughput(broker, EVERY_EVENT, stream.hours(), 1.0, results);
        rate = rate > 0 ? rate : median / 2;
      }
      if (stream.measure().contains("latency")) {
        new StreamLatency(settings, stream, contenders, broker, names).run(rate, results);
      }
      if (stream.measure().contains("every")) {
        throughput(broker, PERIOD, stream.everyHours(), 2.0, results);
      }
      if (stream.measure().contains("soak")) {
        new StreamSoak(settings, stream, contenders, broker).run(rate, results);
      }
    } finally {
      Outputs.delete(folder);
    }
  }

  /** Gives the median of ours, in events a second. */
  private double throughput(
      StreamBroker broker, String emit, double hours, double target, Results results)
      throws IOException, InterruptedException {
    long messages = settings.rows().get(0);
    long compared = compare(broker, emit, hours);
    String input = "payments-" + emit;
    fill(broker, input, emit, messages, settings.users(), hours);
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    Map<String, List<Run>> runs = new LinkedHashMap<>();
    List<String> turns = new ArrayList<>(names);
    for (int round = 0; round < settings.runs(); round++) {
      for (int turn = 0; turn < turns.size(); turn++) {
        String name = turns.get((round + turn) % turns.size());
        Run run = measure(broker, name, emit, input, messages);
        System.err.printf(
            Locale.ROOT,
            "%s, %s, run %d: %s: %,.0f events/s (%,.0f from the first row on), %,d rows, %.1f s of"
                + " CPU, peak %d MiB%n",
            NAME,
            emit,
            round + 1,
            name,
            run.eventsPerSecond,
            run.coldPerSecond,
            run.rows,
            run.cpuSeconds,
            run.peakBytes >> 20);
        runs.computeIfAbsent(name, unused -> new ArrayList<>()).add(run);
      }
    }
    broker.delete(input);
    Results.Line line =
        new Results.Line()
            .text("workload", NAME)
            .text("emit", emit)
            .whole("rows", messages)
            .text("ours", OURS)
            .text("peer", PEER);
    double ours = describe(line, "our", runs.getOrDefault(OURS, List.of()));
    double peer = describe(line, "peer", runs.getOrDefault(PEER, List.of()));
    line.decimal("ratio", ours / peer).decimal("target", target);
    results.add(
        (names.size() < 2 ? line.none("met") : line.truth("met", ours / peer >= target))
            .whole("runs", settings.runs())
            .whole("compared_rows", compared)
            .whole("cards", settings.users())
            .decimal("hours", hours)
            .decimal("zipf", stream.zipf())
            .text("windows", stream.windows())
            .whole("checkpoint_millis", stream.checkpointMillis())
            .text("options", String.join(" ", stream.options()))
            .text("heap", settings.heap())
            .whole("processors", Runtime.getRuntime().availableProcessors())
            .decimal("load_before", load));
    return ours;
  }

  /** Gives the median, which is not a number if there were no runs. */
  private static double describe(Results.Line line, String whose, List<Run> runs) {
    if (runs.isEmpty()) {
      return Double.NaN;
    }
    Spread rates = Spread.of(runs.stream().mapToDouble(Run::eventsPerSecond).toArray());
    line.spread(whose + "_events_per_second", rates)
        .spread(
            whose + "_cold_events_per_second",
            Spread.of(runs.stream().mapToDouble(Run::coldPerSecond).toArray()))
        .whole(whose + "_output_rows", runs.get(0).rows)
        .decimal(
            whose + "_cpu_seconds",
            Spread.of(runs.stream().mapToDouble(Run::cpuSeconds).toArray()).median())
        .whole(whose + "_peak_mib", runs.stream().mapToLong(Run::peakBytes).max().orElse(0) >> 20);
    return rates.median();
  }

  /** How many rows agree; fails if some do not. */
  private long compare(StreamBroker broker, String emit, double hours)
      throws IOException, InterruptedException {
    if (names.size() < 2) {
      return 0;
    }
    int messages = (int) Math.min(COMPARED, settings.rows().get(0));
    String input = "compared-" + emit;
    // As many events of a card as in the measured runs, and the windows filled likewise.
    int cards = (int) Math.max(1, settings.users() * (long) messages / settings.rows().get(0));
    fill(broker, input, emit, messages, cards, hours);
    List<Map<String, JsonNode>> outputs = new ArrayList<>();
    for (String name : List.of(OURS, PEER)) {
      String output = "compared-by-" + name + "-" + emit;
      broker.create(output);
      try (StreamJob job = contenders.start(name, task(broker, input, output, emit))) {
        await(broker, job, output, emit, messages);
        outputs.add(StreamOutput.highest(broker, output));
      }
      broker.delete(output);
    }
    broker.delete(input);
    long agreed = StreamCheck.agreed(outputs.get(0), outputs.get(1));
    System.err.printf(Locale.ROOT, "%s, %s: %,d rows agree%n", NAME, emit, agreed);
    return agreed;
  }

  private static StreamContenders.Task task(
      StreamBroker broker, String input, String output, String emit) {
    return new StreamContenders.Task(broker.servers(), input, output, emit, false, List.of());
  }

  private Run measure(StreamBroker broker, String name, String emit, String input, long messages)
      throws IOException, InterruptedException {
    String output = "features-by-" + name + "-" + emit;
    broker.create(output);
    double cpu;
    long peak;
    try (StreamJob job = contenders.start(name, task(broker, input, output, emit))) {
      await(broker, job, output, emit, messages);
      cpu = job.cpuSeconds();
      peak = job.peakBytes();
    }
    StreamOutput.Arrivals arrivals = StreamOutput.arrivals(broker, output);
    broker.delete(output);
    if (emit.equals(EVERY_EVENT) && arrivals.different() != messages) {
      throw new IllegalStateException(
          "%s gave rows for %d of %d events".formatted(name, arrivals.different(), messages));
    }
    return new Run(
        (1 - WARM_UP) * messages / arrivals.secondsAfter(WARM_UP),
        messages / arrivals.secondsAfter(0),
        arrivals.rows(),
        cpu,
        peak);
  }

  /** Until as many rows as messages are there, if each gives one, and no more come for a while. */
  private void await(StreamBroker broker, StreamJob job, String output, String emit, long messages)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + Duration.ofMinutes(settings.timeoutMinutes()).toNanos();
    long enough = emit.equals(EVERY_EVENT) ? messages : 1;
    long quiet = Duration.ofSeconds(emit.equals(EVERY_EVENT) ? 4 : 10).toNanos();
    long size = 0;
    long since = System.nanoTime();
    while (size < enough || System.nanoTime() - since < quiet) {
      job.pause(GLANCE);
      long now = broker.size(output);
      if (now != size) {
        size = now;
        since = System.nanoTime();
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%d rows after %d minutes, %d were expected"
                .formatted(size, settings.timeoutMinutes(), enough));
      }
    }
  }

  /** A topic with all messages, and at its end what completes all periods. */
  private void fill(
      StreamBroker broker, String topic, String emit, long messages, int cards, double hours)
      throws InterruptedException {
    broker.create(topic);
    StreamEvents events = StreamFill.events(stream, messages, cards, hours);
    StreamFill.send(broker, topic, events, messages);
    if (!emit.equals(EVERY_EVENT)) {
      StreamFill.close(broker, topic, events);
    }
  }
}
