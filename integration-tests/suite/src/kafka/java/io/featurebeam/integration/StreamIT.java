package io.featurebeam.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.featurebeam.io.kafka.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A spec from topic to topic, without end, in a JVM of its own, until it is told to end. */
class StreamIT {

  private static final int PAYMENTS = 300;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private Job job(EmbeddedBroker broker, String aggregate) throws IOException {
    return Job.of(
        folder,
        """
        name: payments
        source:
          kafka:
            servers: %s
            topic: payments
            format: json
            columns: { card: string, at: timestamp, amount: float64 }
            disorder: 1m
            idle: 2s
        eventTime: at
        keys: [card]
        lateness: 30m
        aggregate:
          %s
          features:
            payments: count
            spent: { sum: amount }
        sink:
          kafka: { servers: "%s", topic: features, key: card }
        rejects: { path: %s, format: json }
        """
            .formatted(broker.servers(), aggregate, broker.servers(), folder.resolve("bad")));
  }

  /** Payment i of card i mod 3, a minute after the one before it, in partition i mod 2. */
  private static void sendPayments(EmbeddedBroker broker) {
    List<ProducerRecord<byte[], byte[]>> messages = new ArrayList<>();
    for (int i = 0; i < PAYMENTS; i++) {
      messages.add(
          message(
              i % 2,
              String.format(
                  Locale.ROOT,
                  "{\"card\":\"c%d\",\"at\":\"2001-01-01T%02d:%02d:00Z\",\"amount\":%d.5}",
                  i % 3,
                  i / 60,
                  i % 60,
                  i)));
    }
    messages.add(message(0, "poison"));
    broker.send(messages);
  }

  private static ProducerRecord<byte[], byte[]> message(int partition, String value) {
    return new ProducerRecord<>("payments", partition, null, value.getBytes(UTF_8));
  }

  @Test
  @Shows(
      value = {
        "source.kafka",
        "sink.kafka",
        "keys",
        "lateness",
        "aggregate.emit.everyEvent",
        "aggregate.profile.default",
        "rejects.format.json"
      },
      mode = Shows.Mode.STREAM)
  void eachPaymentComesOutWithWhatItSaw() throws Exception {
    Map<String, String> expected = new TreeMap<>();
    for (int i = 0; i < PAYMENTS; i++) { // of the hour before: those 3, 6, ... 60 minutes earlier
      long seen = Math.min(i / 3, 20);
      double spent = 0;
      for (long k = 1; k <= seen; k++) {
        spent += i - 3 * k + 0.5;
      }
      expected.put(
          String.format(Locale.ROOT, "c%d 2001-01-01T%02d:%02d:00Z", i % 3, i / 60, i % 60),
          seen + " " + (seen == 0 ? "null" : spent));
    }

    String log = untilThere("window: 1h", "at", expected);

    assertTrue(log.contains("in 301 = used 300 + rejected 1 + late 0 + duplicate 0\n"), () -> log);
    assertEquals(1, rejects().size());
    JsonNode reject = JSON.readTree(Files.readString(rejects().get(0)));
    assertEquals("malformed", reject.get("rule").textValue());
    assertEquals("payments-0", reject.get("source").textValue());
    assertEquals(PAYMENTS / 2, reject.get("position").intValue());
  }

  /** The files of rejects that are complete: of bundles that have ended. */
  private List<Path> rejects() {
    try (Stream<Path> files = Files.list(folder.resolve("bad"))) {
      return files.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      return List.of(); // not there yet
    }
  }

  @Test
  @Shows(
      value = {"aggregate.emit.windowClose", "aggregate.emit.every", "aggregate.every"},
      mode = Shows.Mode.STREAM)
  void eachWindowComesOutWhenItIsComplete() throws Exception {
    Map<String, String> expected = new TreeMap<>();
    for (int hour = 0; hour < PAYMENTS / 60 - 1; hour++) { // the last may never be complete
      for (int card = 0; card < 3; card++) {
        double spent = 0;
        for (int i = 60 * hour; i < 60 * hour + 60; i++) {
          spent += i % 3 == card ? i + 0.5 : 0;
        }
        expected.put(
            String.format(Locale.ROOT, "c%d 2001-01-01T%02d:00:00Z", card, hour + 1),
            "20 " + spent);
      }
    }

    untilThere("window: 1h\n  every: 1h", "window_end", expected);
  }

  /** Runs until the highest revisions are the expected ones, ends it, and gives what it said. */
  private String untilThere(String aggregate, String time, Map<String, String> expected)
      throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"))) {
      broker.createTopic("payments", 2);
      broker.createTopic("features", 1);
      sendPayments(broker);
      JobProcess process = JobProcess.start(job(broker, aggregate), folder);
      try (KafkaConsumer<byte[], byte[]> features = consumer(broker)) {
        Map<String, String> highest = new TreeMap<>();
        Map<String, Long> revisions = new HashMap<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!highest.entrySet().containsAll(expected.entrySet())
            && System.nanoTime() < deadline
            && process.process().isAlive()) {
          for (ConsumerRecord<byte[], byte[]> message : features.poll(Duration.ofMillis(200))) {
            JsonNode row = JSON.readTree(message.value());
            String id = row.get("card").textValue() + " " + row.get(time).textValue();
            long revision = row.get("revision").longValue();
            if (revisions.merge(id, revision, Math::max) == revision) {
              highest.put(id, row.get("payments_1h").asText() + " " + row.get("spent_1h").asText());
            }
          }
        }
        highest.keySet().retainAll(expected.keySet());
        assertEquals(expected, highest, () -> read(process.log()));
        assertEquals(128 + 15, process.signalWhen(() -> !rejects().isEmpty(), "TERM"));
        return Files.readString(process.log());
      } finally {
        process.process().destroyForcibly().waitFor();
      }
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(EmbeddedBroker broker) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.servers(), "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(List.of(new TopicPartition("features", 0)));
    return consumer;
  }
}
