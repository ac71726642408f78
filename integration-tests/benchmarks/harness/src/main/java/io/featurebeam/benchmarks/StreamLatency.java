package io.featurebeam.benchmarks;

import static io.featurebeam.benchmarks.StreamContenders.EVERY_EVENT;
import static io.featurebeam.benchmarks.StreamContenders.OURS;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How long after an event its row is there, at a steady rate, once the windows are half filled: of
 * ours for several bundle times and once for a sink that writes exactly once, of the peer once.
 */
final class StreamLatency {
  /** Milliseconds within which 99 of 100 rows are to be there. */
  private static final double TARGET = 500;

  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What exactly once waits for. */
  private static final String CHECKPOINTS = StreamContenders.CHECKPOINTING_INTERVAL + 1_000;

  private final Settings settings;
  private final StreamSettings stream;
  private final StreamContenders contenders;
  private final StreamBroker broker;
  private final Set<String> names;

  /** A contender with options. */
  private record Case(String contender, String label, List<String> options) {}

  StreamLatency(
      Settings settings,
      StreamSettings stream,
      StreamContenders contenders,
      StreamBroker broker,
      Set<String> names) {
    this.settings = settings;
    this.stream = stream;
    this.contenders = contenders;
    this.broker = broker;
    this.names = names;
  }

  void run(double rate, Results results) throws IOException, InterruptedException {
    if (!(rate > 0)) {
      throw new IllegalArgumentException(
          "Missing rate: latency is measured at half of what throughput gives (measure that too, or"
              + " give --rate)");
    }
    for (Case c : cases()) {
      results.add(measure(c, rate));
    }
  }

  private List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (String name : names) {
      if (!name.equals(OURS)) {
        cases.add(new Case(name, "", List.of()));
        continue;
      }
      for (String bundle : stream.bundles()) {
        cases.add(new Case(name, bundle, bundle(bundle)));
      }
      if (stream.exactlyOnce()) {
        List<String> options = new ArrayList<>(bundle(stream.bundles().get(0)));
        options.add("--set=sink.kafka.exactlyOnce={group: card-stream, writers: 2}");
        options.add(CHECKPOINTS);
        cases.add(new Case(name, "exactlyOnce", options));
      }
    }
    return cases;
  }

  /** Of MILLISECONDS, or MILLISECONDS/SIZE. */
  private static List<String> bundle(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return List.of("--maxBundleTimeMills=" + text);
    }
    return List.of(
        "--maxBundleTimeMills=" + text.substring(0, slash),
        "--maxBundleSize=" + text.substring(slash + 1));
  }

  private Results.Line measure(Case c, double rate) throws IOException, InterruptedException {
    String input = "payments-latency-" + c.contender + c.label.replace('/', '-');
    String output = "features-latency-" + c.contender + c.label.replace('/', '-');
    broker.create(input);
    broker.create(output);
    long before = settings.rows().get(0) / 2;
    StreamEvents events = StreamFill.events(settings, stream);
    StreamFill.send(broker, input, events, before);
    try (StreamJob job =
            contenders.start(
                c.contender,
                new StreamContenders.Task(
                    broker.servers(), input, output, EVERY_EVENT, true, c.options));
        StreamLoad load = new StreamLoad(broker, input, output, events, before, rate)) {
      while (broker.size(output) < before) {
        job.pause(Duration.ofMillis(200));
      }
      job.pause(Duration.ofSeconds(2));
      load.start();
      var unused = load.send(WARM_UP);
      load.forgetSent();
      Latencies latencies = load.send(Duration.ofSeconds(stream.latencySeconds()));
      boolean complete = load.drain(job, PATIENCE);
      double p99 = latencies.millis(0.99);
      System.err.printf(
          Locale.ROOT,
          "card-stream, latency at %,.0f events/s: %s %s: p50 %.0f ms, p95 %.0f, p99 %.0f, p99.9"
              + " %.0f, max %.0f%n",
          rate,
          c.contender,
          c.label,
          latencies.millis(0.5),
          latencies.millis(0.95),
          p99,
          latencies.millis(0.999),
          latencies.maxMillis());
      return new Results.Line()
          .text("workload", "card-stream-latency")
          .text("contender", c.contender)
          .text("bundle", c.label)
          .text("options", String.join(" ", c.options))
          .decimal("events_per_second", rate)
          .whole("seconds", stream.latencySeconds())
          .decimal("p50_ms", latencies.millis(0.5))
          .decimal("p95_ms", latencies.millis(0.95))
          .decimal("p99_ms", p99)
          .decimal("p999_ms", latencies.millis(0.999))
          .decimal("max_ms", latencies.maxMillis())
          .whole("rows", latencies.size())
          .truth("complete", complete)
          .decimal("target_p99_ms", TARGET)
          .truth("met", complete && p99 < TARGET);
    } finally {
      broker.delete(input);
      broker.delete(output);
    }
  }
}
