package io.featurebeam.io.kafka;

import io.featurebeam.columnar.RecordBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.beam.sdk.io.kafka.KafkaRecord;

/** Reads the event time of one message, and nothing else of it. */
final class EventTimeReader {
  static final long UNKNOWN = Long.MIN_VALUE;

  private final RecordBatch.Builder record;
  private final MessageParser parser;

  EventTimeReader(ReadSettings settings) {
    String column = settings.eventTime();
    ReadSettings one = settings.withColumns(List.of(column));
    this.record = RecordBatch.builder(one.schema());
    this.parser = new MessageParser(one, record::column);
  }

  long millis(KafkaRecord<byte[], byte[]> message) {
    try {
      String problem =
          parser.parse(
              message.getTopic(),
              message.getPartition(),
              message.getOffset(),
              message.getTimestamp(),
              message.getHeaders(),
              message.getKV().getKey(),
              message.getKV().getValue());
      boolean known = problem == null && !record.column(0).endsWithNull();
      long millis = known ? Math.floorDiv(record.column(0).lastLong(), 1000L) : UNKNOWN;
      return known ? ReadKafka.beamMillis(millis) : UNKNOWN;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      record.dropRecord();
    }
  }
}
