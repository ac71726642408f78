package io.featurebeam.benchmarks;

import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Fills topics as fast as the broker takes it. */
final class StreamFill {
  private static final long SEED = 42;
  private static final double MICROS_PER_HOUR = 3_600e6;

  private StreamFill() {}

  /** As the settings say for rows of every event. */
  static StreamEvents events(Settings settings, StreamSettings stream) {
    return events(stream, settings.rows().get(0), settings.users(), stream.hours());
  }

  /** So many messages in so many hours of event time. */
  static StreamEvents events(StreamSettings stream, long messages, int cards, double hours) {
    return new StreamEvents(cards, stream.zipf(), hours * MICROS_PER_HOUR / messages, SEED);
  }

  static void send(StreamBroker broker, String topic, StreamEvents events, long messages)
      throws InterruptedException {
    try (Producer<byte[], byte[]> producer = producer(broker)) {
      for (long i = 0; i < messages; i++) {
        byte[] value = events.next();
        int partition = events.partition(StreamBroker.PARTITIONS);
        var unused = producer.send(new ProducerRecord<>(topic, partition, events.key(), value));
      }
    }
    if (broker.size(topic) != messages) {
      throw new IllegalStateException("Not all messages were taken");
    }
  }

  /** Ends each partition with an event so much later that every window before is complete. */
  static void close(StreamBroker broker, String topic, StreamEvents events) {
    try (Producer<byte[], byte[]> producer = producer(broker)) {
      for (int partition = 0; partition < StreamBroker.PARTITIONS; partition++) {
        var unused =
            producer.send(new ProducerRecord<>(topic, partition, null, events.closing(partition)));
      }
    }
  }

  private static Producer<byte[], byte[]> producer(StreamBroker broker) {
    return broker.producer(
        Map.of("linger.ms", 20, "batch.size", 1 << 18, "compression.type", "lz4"));
  }
}
