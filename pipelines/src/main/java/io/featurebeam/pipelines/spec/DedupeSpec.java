package io.featurebeam.pipelines.spec;

import io.featurebeam.time.Spans;
import java.util.List;

/**
 * Which records are copies of one that is used.
 *
 * @param by the columns that identify a record; empty for no check
 * @param withinMicros how far apart in event time copies may be; 0 for any distance, which only
 *     bounded input can tell
 */
public record DedupeSpec(List<String> by, long withinMicros) {

  /** No record is a copy. */
  public static final DedupeSpec NONE = new DedupeSpec(List.of(), 0);

  public DedupeSpec {
    by = List.copyOf(by);
    if (withinMicros < 0) {
      throw new IllegalArgumentException(
          "Invalid within: " + withinMicros + " microseconds (must be >= 0)");
    }
    if (by.isEmpty() && withinMicros > 0) {
      throw new IllegalArgumentException(
          "Invalid within: " + Spans.format(withinMicros) + " without columns (add by: [...])");
    }
  }

  /** Records with equal values in these columns are copies. */
  public static DedupeSpec by(String... columns) {
    return new DedupeSpec(List.of(columns), 0);
  }

  /** Only those so near in event time, such as {@code 24h}. */
  public DedupeSpec within(String span) {
    return new DedupeSpec(by, Spans.parse(span));
  }

  public boolean isEmpty() {
    return by.isEmpty();
  }
}
