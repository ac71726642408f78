package io.featurebeam.feature;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Micros;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which records a fit may learn from: those whose event time is in {@code [from, to)}. A record
 * without an event time is in no range.
 *
 * @param eventTime the timestamp column; null for every record, whatever its time
 * @param from microseconds since 1970, inclusive
 * @param to microseconds since 1970, exclusive
 */
public record TrainingRange(@Nullable String eventTime, long from, long to)
    implements Serializable {

  private static final TrainingRange EVERYTHING =
      new TrainingRange(null, Long.MIN_VALUE, Long.MAX_VALUE);

  public TrainingRange {
    if (from >= to) {
      throw new IllegalArgumentException(
          "Invalid training range: "
              + Micros.instant(from)
              + " to "
              + Micros.instant(to)
              + " (from must be before to)");
    }
  }

  /** Every record, also those without an event time. */
  public static TrainingRange everything() {
    return EVERYTHING;
  }

  /** The records whose {@code eventTime} is at or after {@code from} and before {@code to}. */
  public static TrainingRange of(String eventTime, Instant from, Instant to) {
    return new TrainingRange(
        Objects.requireNonNull(eventTime, "eventTime is null"),
        Micros.ceil(from), // event times are whole microseconds
        Micros.ceil(to));
  }

  /** Checks that the schema has the event-time column and that it is a timestamp. */
  void check(RecordSchema schema) {
    if (eventTime != null) {
      FieldType type = schema.field(eventTime).type();
      if (!type.equals(FieldType.TIMESTAMP)) {
        throw new IllegalArgumentException(
            "Event-time column '" + eventTime + "' is " + type + " (must be timestamp)");
      }
    }
  }

  /** What was declared, to be saved; nothing for every record. */
  List<FittedFeature.Range> declared() {
    return eventTime == null
        ? List.of()
        : List.of(new FittedFeature.Range(Micros.instant(from), Micros.instant(to)));
  }

  RecordBatch select(RecordBatch batch) {
    if (eventTime == null) {
      return batch;
    }
    LongColumn times = batch.longs(eventTime);
    long[] values = times.values();
    long[] words = new long[Bitmap.wordCount(batch.size())];
    for (int i = 0; i < batch.size(); i++) {
      if (values[i] >= from && values[i] < to) {
        words[i >> 6] |= 1L << i;
      }
    }
    Bitmap inside = Bitmap.wrap(words, batch.size());
    return batch.select(times.validity() == null ? inside : inside.and(times.validity()));
  }
}
