package io.featurebeam.io.file.publish;

import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.columnar.FieldType;
import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a publish replaces: everything, or a range of event time. */
public sealed interface PublishMode extends Serializable {

  /** The new files are the whole output. */
  static PublishMode replaceAll() {
    return new All();
  }

  /**
   * The new files are what the output holds from {@code from} (inclusive) to {@code to}
   * (exclusive), microseconds since 1970; the rest stays. Needs a partition by time, and bounds
   * that fall on its units; the least and the greatest long leave an end open.
   */
  static PublishMode replaceRange(long from, long to) {
    return new Range(from, to);
  }

  /** Everything. */
  record All() implements PublishMode {
    private static final long serialVersionUID = 1L;
  }

  /** Whole units of time of the finest partition over the event time column. */
  record Range(long from, long to) implements PublishMode {
    private static final long serialVersionUID = 1L;

    public Range {
      if (from >= to) {
        throw new IllegalArgumentException(
            "Invalid range: " + text(from) + " to " + text(to) + " (from must be before to)");
      }
    }

    @Override
    public String toString() {
      return text(from) + " to " + text(to);
    }

    private static String text(long micros) {
      return micros == Long.MIN_VALUE
          ? "the beginning"
          : micros == Long.MAX_VALUE ? "the end" : BatchPrinter.text(FieldType.TIMESTAMP, micros);
    }
  }

  /** Refuses a range that does not fall on whole partitions, with the way out. */
  default void check(PartitionBy partitionBy, @Nullable String eventTime) {
    if (!(this instanceof Range range)) {
      return;
    }
    if (eventTime == null) {
      throw new IllegalArgumentException(
          "Cannot replace " + range + ": no event time column is declared (name it)");
    }
    PartitionBy.Part part =
        partitionBy
            .finest(eventTime)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot replace "
                            + range
                            + ": the output is not partitioned by time (partitionBy: ["
                            + partitionBy
                            + "]; add day("
                            + eventTime
                            + "), or replace all)"));
    TimeUnit unit = Objects.requireNonNull(part.unit(), "unit is null");
    if (!isBound(range.from(), unit) || !isBound(range.to(), unit)) {
      throw new IllegalArgumentException(
          "Cannot replace "
              + range
              + ": both bounds must be the start of a UTC "
              + unit.label()
              + ", as the output is partitioned by "
              + part);
    }
  }

  private static boolean isBound(long micros, TimeUnit unit) {
    return micros == Long.MIN_VALUE || micros == Long.MAX_VALUE || unit.floor(micros) == micros;
  }
}
