package io.featurebeam.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.featurebeam.io.kafka.EmbeddedBroker;
import java.io.IOException;
import java.time.Duration;
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
  private volatile boolean stopped;

  private RowReader(Example example, Screen screen) {
    this.example = example;
    this.screen = screen;
  }

  static RowReader start(EmbeddedBroker broker, Example example, Screen screen) {
    RowReader reader = new RowReader(example, screen);
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
      rows.assign(
          List.of(
              new TopicPartition(example.rows(), 0), new TopicPartition(example.alerts(), 0)));
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
    JsonNode row = JSON.readTree(message.value());
    if (message.topic().equals(example.alerts())) {
      screen.alert(row);
    } else {
      screen.row(row);
    }
  }

  /** Nothing more is shown from now on. */
  void stop() {
    stopped = true;
  }
}
