package io.featurebeam.io.kafka;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How messages become batches.
 *
 * @param format what a value holds
 * @param metadata columns from around it
 * @param columns those wanted, in order
 * @param eventTime the timestamp column that must not be null; null for none
 * @param maxMessageBytes a longer value is a reject
 * @param maxRecords of a batch
 * @param maxBytes of values in a batch
 * @param masked columns that rejects must not show
 * @param rejectedAt of rejects, in microseconds; {@link Long#MIN_VALUE} for the clock
 * @param live whether a console that shows progress counts what is read
 * @param range what other records to pass over; null for none
 */
record ReadSettings(
    MessageFormat format,
    List<MetadataColumn> metadata,
    List<String> columns,
    @Nullable String eventTime,
    Tombstones tombstones,
    int maxMessageBytes,
    int maxRecords,
    long maxBytes,
    Set<String> masked,
    long rejectedAt,
    boolean live,
    @Nullable Range range)
    implements Serializable {

  /** Records with an event time in [from, to), in microseconds, or without one. */
  record Range(String eventTime, long from, long to) implements Serializable {}

  /** All columns of values, no more, as {@link ReadKafka} says. */
  static ReadSettings of(MessageFormat format) {
    return new ReadSettings(
        format,
        List.of(),
        format.schema().names(),
        null,
        Tombstones.REJECT,
        ReadKafka.DEFAULT_MAX_MESSAGE_BYTES,
        RecordBatch.TARGET_SIZE,
        ReadKafka.MAX_BATCH_BYTES,
        Set.of(),
        Long.MIN_VALUE,
        true,
        null);
  }

  /** All columns: those of values, then metadata. */
  static RecordSchema schema(MessageFormat format, List<MetadataColumn> metadata) {
    List<Field> fields = new ArrayList<>(format.schema().fields());
    for (MetadataColumn column : metadata) {
      if (format.schema().contains(column.column())) {
        throw new IllegalArgumentException(
            "Invalid metadata: '"
                + column.column()
                + "' is a column of the messages (give it a name of its own)");
      }
      fields.add(column.field());
    }
    return RecordSchema.of(fields);
  }

  /** The wanted columns. */
  RecordSchema schema() {
    return schema(format, metadata).project(columns);
  }

  ReadSettings withMetadata(List<MetadataColumn> more) {
    return new ReadSettings(
        format,
        List.copyOf(more),
        schema(format, more).names(),
        eventTime,
        tombstones,
        maxMessageBytes,
        maxRecords,
        maxBytes,
        masked,
        rejectedAt,
        live,
        range);
  }

  ReadSettings withColumns(List<String> wanted) {
    return new ReadSettings(
        format,
        metadata,
        wanted,
        eventTime,
        tombstones,
        maxMessageBytes,
        maxRecords,
        maxBytes,
        masked,
        rejectedAt,
        live,
        range);
  }

  ReadSettings withEventTime(@Nullable String column) {
    return new ReadSettings(
        format,
        metadata,
        columns,
        column,
        tombstones,
        maxMessageBytes,
        maxRecords,
        maxBytes,
        masked,
        rejectedAt,
        live,
        range);
  }

  ReadSettings withTombstones(Tombstones what) {
    return new ReadSettings(
        format,
        metadata,
        columns,
        eventTime,
        what,
        maxMessageBytes,
        maxRecords,
        maxBytes,
        masked,
        rejectedAt,
        live,
        range);
  }

  ReadSettings withLimits(int messageBytes, int batchRecords, long batchBytes) {
    return new ReadSettings(
        format,
        metadata,
        columns,
        eventTime,
        tombstones,
        messageBytes,
        batchRecords,
        batchBytes,
        masked,
        rejectedAt,
        live,
        range);
  }

  ReadSettings withRejects(Set<String> hidden, long at) {
    return new ReadSettings(
        format,
        metadata,
        columns,
        eventTime,
        tombstones,
        maxMessageBytes,
        maxRecords,
        maxBytes,
        hidden,
        at,
        live,
        range);
  }

  ReadSettings withRange(Range wanted) {
    return new ReadSettings(
        format,
        metadata,
        columns,
        eventTime,
        tombstones,
        maxMessageBytes,
        maxRecords,
        maxBytes,
        masked,
        rejectedAt,
        live,
        wanted);
  }

  ReadSettings aside() {
    return new ReadSettings(
        format,
        metadata,
        columns,
        eventTime,
        tombstones,
        maxMessageBytes,
        maxRecords,
        maxBytes,
        masked,
        rejectedAt,
        false,
        range);
  }
}
