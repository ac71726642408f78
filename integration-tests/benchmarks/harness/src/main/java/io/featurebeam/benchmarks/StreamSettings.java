package io.featurebeam.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * How {@code card-stream} is to be run, besides what {@link Settings} say.
 *
 * @param measure what to measure: throughput, every, latency, soak
 * @param hours over how many hours of event time the messages are spread
 * @param everyHours the same where a period emits, so that a card has several events in it
 * @param zipf how uneven the cards are; 0 is even
 * @param windows as in the spec
 * @param rate messages a second for latency and soak; 0 for half of what was measured before
 * @param latencySeconds how long each latency is measured
 * @param minutes how long the soak takes
 * @param bundles ours: milliseconds of a bundle at most, one latency for each
 * @param exactlyOnce whether the latency of a sink that writes exactly once is measured, too
 * @param checkpointMillis how often both make a checkpoint; 0 for never
 * @param options more options for ours
 */
record StreamSettings(
    List<String> measure,
    double hours,
    double everyHours,
    double zipf,
    String windows,
    long rate,
    long latencySeconds,
    long minutes,
    List<String> bundles,
    boolean exactlyOnce,
    long checkpointMillis,
    List<String> options) {

  private static final List<String> MEASURES = List.of("throughput", "every", "latency", "soak");

  StreamSettings {
    for (String what : measure) {
      if (!MEASURES.contains(what)) {
        throw new IllegalArgumentException(
            "Invalid measure: " + what + " (must be one of " + MEASURES + ")");
      }
    }
    if (!(hours > 0) || !(everyHours > 0)) {
      throw new IllegalArgumentException(
          "Invalid hours: " + hours + ", " + everyHours + " (must be > 0)");
    }
  }

  static StreamSettings of(Arguments arguments) {
    return new StreamSettings(
        words(arguments.optional("measure", "throughput,every,latency")),
        arguments.optional("hours", 336.0),
        arguments.optional("everyHours", 2.0),
        arguments.optional("zipf", 0.5),
        arguments.optional("windows", "1h,1d,7d"),
        arguments.optional("rate", 0L),
        arguments.optional("latencySeconds", 60L),
        arguments.optional("minutes", 5L),
        words(arguments.optional("bundles", "10,50,100,1000")),
        arguments.optional("exactlyOnce", true),
        arguments.optional("checkpointMillis", 10_000L),
        words(arguments.optional("options", "").replace(' ', ',')));
  }

  /** The last one of the windows. */
  long longestWindowMicros() {
    String window = windows.substring(windows.lastIndexOf(',') + 1).strip();
    long count = Long.parseLong(window.substring(0, window.length() - 1));
    return switch (window.charAt(window.length() - 1)) {
      case 's' -> count * 1_000_000;
      case 'm' -> count * 60_000_000;
      case 'h' -> count * 3_600_000_000L;
      case 'd' -> count * 86_400_000_000L;
      default ->
          throw new IllegalArgumentException(
              "Invalid windows: " + windows + " (must be s, m, h or d)");
    };
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(w -> !w.isEmpty()).toList();
  }
}
