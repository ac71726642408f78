package io.featurebeam.io.lookup;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The features of one entity, in the order that the {@link FeatureLookup} was asked for. */
public final class FeatureVector {

  /** Where a value comes from. */
  public enum Status {
    /** The store; it may be a null that the store holds. */
    FOUND,
    /** The store has no row of the key, or a row of before there was the feature. */
    MISSING,
    /** The store's row is older than the greatest age. */
    STALE
  }

  private final FeatureLookup.Columns columns;
  private final @Nullable Object[] values;
  private final Status[] statuses;
  private final long[] eventTimes;
  private final long now;

  FeatureVector(
      FeatureLookup.Columns columns,
      @Nullable Object[] values,
      Status[] statuses,
      long[] eventTimes,
      long now) {
    this.columns = columns;
    this.values = values;
    this.statuses = statuses;
    this.eventTimes = eventTimes;
    this.now = now;
  }

  /**
   * A value: Boolean, Long (of a timestamp, date or time its number), Double, String, byte[] or
   * List; null where the store has a null, or where the policy says so.
   */
  public @Nullable Object value(String feature) {
    return values[columns.indexOf(feature)];
  }

  public Status status(String feature) {
    return statuses[columns.indexOf(feature)];
  }

  /** How long ago the event was that the value is of; null where the store has no row. */
  public @Nullable Duration age(String feature) {
    int index = columns.indexOf(feature);
    return statuses[index] == Status.MISSING
        ? null
        : Duration.of(now - eventTimes[index], ChronoUnit.MICROS);
  }

  /** All values. */
  public List<@Nullable Object> values() {
    return Collections.unmodifiableList(Arrays.asList(values));
  }

  /** Names and values. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < values.length; i++) {
      text.append(i == 0 ? "" : ", ").append(columns.names().get(i)).append('=').append(values[i]);
    }
    return text.append('}').toString();
  }
}
