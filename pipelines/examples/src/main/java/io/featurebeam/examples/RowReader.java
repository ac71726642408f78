package io.featurebeam.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.featurebeam.io.kafka.EmbeddedBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what comes out of the stream, on a thread of its own, and hands it to the screen. */
final class RowReader {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Example example;
  private final Screen screen;
  private final Generator generator;
  private volatile boolean stopped;

  private RowReader(Example example, Screen screen, Generator generator) {
    this.example = example;
    this.screen = screen;
    this.generator = generator;
  }

  static RowReader start(
      EmbeddedBroker broker, Example example, Screen screen, Generator generator) {
    RowReader reader = new RowReader(example, screen, generator);
    Thread thread = new Thread(() -> reader.read(broker.servers()), "row-reader");
    thread.setDaemon(true);
    thread.start();
    return reader;
  }

  private void read(String servers) {
    try (KafkaConsumer<byte[], byte[]> rows =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", servers, "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = new ArrayList<>();
      partitions.add(new TopicPartition(example.rows(), 0));
      example.alerts().keySet().forEach(topic -> partitions.add(new TopicPartition(topic, 0)));
      rows.assign(partitions);
      while (!stopped) {
        for (ConsumerRecord<byte[], byte[]> message : rows.poll(Duration.ofMillis(200))) {
          show(message);
        }
      }
    } catch (IOException e) {
      System.err.println("Cannot read a row: " + e.getMessage());
    }
  }

  private void show(ConsumerRecord<byte[], byte[]> message) throws IOException {
    if (stopped) {
      return;
    }
    generator.begin();
    JsonNode row = JSON.readTree(message.value());
    if (message.topic().equals(example.rows())) {
      screen.row(row);
    } else {
      screen.alert(message.topic(), row);
    }
  }

  /** Nothing more is shown from now on. */
  void stop() {
    stopped = true;
  }
}
