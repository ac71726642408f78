package io.featurebeam.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * How {@code training-set} is to be run, besides what {@link Settings} say.
 *
 * @param measure what to measure: join, wide, growth
 * @param labels how many labels are joined with the events
 * @param growth ever more labels
 * @param wideLabels how many labels get a thousand features
 * @param wideRows of how many events
 * @param wideHeap the heap for that
 */
record TrainingSettings(
    List<String> measure,
    long labels,
    List<Long> growth,
    long wideLabels,
    long wideRows,
    String wideHeap) {

  private static final List<String> MEASURES = List.of("join", "wide", "growth");

  TrainingSettings {
    for (String what : measure) {
      if (!MEASURES.contains(what)) {
        throw new IllegalArgumentException(
            "Invalid measure of training sets: " + what + " (must be one of " + MEASURES + ")");
      }
    }
    if (labels <= 0 || wideLabels <= 0 || wideRows <= 0) {
      throw new IllegalArgumentException(
          "Invalid labels or rows: %d, %d, %d (must be > 0)"
              .formatted(labels, wideLabels, wideRows));
    }
    if (growth.isEmpty() || growth.stream().anyMatch(n -> n <= 0)) {
      throw new IllegalArgumentException("Invalid growth: " + growth + " (must be > 0 each)");
    }
  }

  static TrainingSettings of(Arguments arguments) {
    return new TrainingSettings(
        words(arguments.optional("trainingMeasure", "join,wide,growth")),
        arguments.optional("labels", 1_000_000L),
        words(arguments.optional("growth", "100000,1000000,2500000")).stream()
            .map(Long::parseLong)
            .toList(),
        arguments.optional("wideLabels", 17_000L),
        arguments.optional("wideRows", 5_000_000L),
        arguments.optional("wideHeap", "3g"));
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(w -> !w.isEmpty()).toList();
  }
}
