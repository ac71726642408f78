package io.featurebeam.transforms.records;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.joda.time.Instant;

/** Event times (microseconds) on Beam's clock (milliseconds). */
final class EventTimes {

  private EventTimes() {}

  /** Floored, and moved to the nearest that the global window can hold. */
  static Instant beam(long micros) {
    long millis = Math.floorDiv(micros, 1000L);
    return Instant.ofEpochMilli(
        Math.max(
            BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis(),
            Math.min(GlobalWindow.INSTANCE.maxTimestamp().getMillis(), millis)));
  }

  /** An event-time column that exists and is a timestamp, or an error that says what is wrong. */
  static void check(RecordSchema schema, String column) {
    Field field = schema.field(column);
    if (!field.type().equals(FieldType.TIMESTAMP)) {
      throw new IllegalArgumentException(
          "Invalid event-time column: '"
              + column
              + "' is "
              + field.type()
              + " (must be timestamp)");
    }
  }
}
