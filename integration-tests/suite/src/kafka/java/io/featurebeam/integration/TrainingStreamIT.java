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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training set of topics without end, in a JVM of its own, until it is told to end. */
class TrainingStreamIT {

  private static final int LABELS = 120;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private Job job(EmbeddedBroker broker) throws IOException {
    Path shops = folder.resolve("shops.csv");
    Files.writeString(
        shops,
        """
        id,since,country
        0,2000-01-01T00:00:00Z,NP
        0,2001-01-01T01:00:00Z,FR
        1,2001-01-01T00:30:00Z,DE
        """);
    return Job.of(
        folder,
        """
        name: decisions
        source:
          kafka:
            servers: SERVERS
            topic: decisions
            format: json
            columns: { card: string, shop: int64, at: timestamp, fraud: boolean }
            disorder: 1m
            idle: 10m
        eventTime: at
        lateness: 2m
        trainingSet:
          split: { byTime: { until: { train: 2001-01-01T01:00:00Z }, rest: test } }
          groups:
            payments:
              source:
                kafka:
                  servers: SERVERS
                  topic: payments
                  format: json
                  columns: { card: string, at: timestamp, amount: float64 }
                  disorder: 1m
                  idle: 10m
              eventTime: at
              keys: [card]
              aggregate: { window: 1h, features: { payments: count, spent: { sum: amount } } }
            shop:
              source:
                csv:
                  path: %s
                  columns: { id: int64, since: timestamp, country: string }
              eventTime: since
              keys: [id]
              labelKeys: { id: shop }
              asOf: { columns: { country: country } }
        rejects: { path: %s, format: json }
        sink:
          - kafka: { servers: SERVERS, topic: training, key: card }
          - parquet: { path: %s }
        """
            .formatted(shops, folder.resolve("bad"), folder.resolve("files"))
            .replace("SERVERS", "\"" + broker.servers() + "\""));
  }

  private static ProducerRecord<byte[], byte[]> payment(int minute) {
    String value =
        String.format(
            Locale.ROOT,
            "{\"card\":\"c%d\",\"at\":\"2001-01-01T%02d:%02d:00Z\",\"amount\":%d.5}",
            minute % 3,
            minute / 60,
            minute % 60,
            minute);
    return new ProducerRecord<>("payments", minute % 2, null, value.getBytes(UTF_8));
  }

  private static ProducerRecord<byte[], byte[]> label(int minute) {
    String value =
        String.format(
            Locale.ROOT,
            "{\"card\":\"c%d\",\"shop\":%d,\"at\":\"2001-01-01T%02d:%02d:30Z\",\"fraud\":true}",
            minute % 3,
            minute % 2,
            minute / 60,
            minute % 60);
    return new ProducerRecord<>("decisions", 0, null, value.getBytes(UTF_8));
  }

  /** Of the hour before it a label sees the payments 30 s, 3 min 30 s, ... 57 min 30 s earlier. */
  private static Map<String, String> eachLabel() {
    Map<String, String> expected = new TreeMap<>();
    for (int i = 0; i < LABELS; i++) {
      long seen = Math.min(i / 3 + 1, 20);
      double spent = 0;
      for (long k = 0; k < seen; k++) {
        spent += i - 3 * k + 0.5;
      }
      String country = i % 2 == 0 ? (i < 60 ? "NP" : "FR") : i < 30 ? "null" : "DE";
      expected.put(
          String.format(Locale.ROOT, "c%d 2001-01-01T%02d:%02d:30Z", i % 3, i / 60, i % 60),
          seen + " " + spent + " " + country + (i < 60 ? " train" : " test"));
    }
    return expected;
  }

  @Test
  @Shows(
      value = {"trainingSet", "source.kafka", "sink.kafka", "sink.parquet", "lateness"},
      mode = Shows.Mode.STREAM)
  void eachLabelComesOnceWithWhatWasKnownAtItsTime() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"))) {
      broker.createTopic("payments", 2);
      broker.createTopic("decisions", 1);
      broker.createTopic("training", 1);
      JobProcess process = JobProcess.start(job(broker), folder);
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      try {
        List<ProducerRecord<byte[], byte[]>> messages = new ArrayList<>();
        for (int i = 0; i < LABELS; i++) {
          messages.add(payment(i));
          messages.add(label(i));
        }
        for (int i = 300; i < 304; i++) { // complete what was before them
          messages.add(payment(i));
          messages.add(label(i));
        }
        broker.send(messages);
        Map<String, String> expected = eachLabel();
        List<String> rows = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> training = consumer(broker)) {
          while (rows.size() < LABELS && goesOn(process, deadline)) {
            for (ConsumerRecord<byte[], byte[]> row : training.poll(Duration.ofMillis(200))) {
              rows.add(text(JSON.readTree(row.value())));
            }
          }
        }
        List<String> wanted = new ArrayList<>();
        expected.forEach((label, row) -> wanted.add(label + " " + row));
        rows.sort(null);
        assertEquals(wanted, rows, () -> read(process.log()));
        broker.send(List.of(payment(0), label(0), label(1)));
        while (late() < 3 && goesOn(process, deadline)) {
          boolean unused = process.process().waitFor(50, TimeUnit.MILLISECONDS);
        }
        assertEquals(3, late(), () -> read(process.log()));
        assertEquals(128 + 15, process.signalWhen(() -> true, "TERM"));
        String log = Files.readString(process.log());
        // the last four labels wait for what may come late
        assertTrue(
            log.contains("in 250 = used 247 + rejected 0 + late 3 + duplicate 0\n"), () -> log);
        assertTrue(log.contains("\n  4 records read and still on the way\n"), () -> log);
        assertEquals((long) LABELS, inFiles());
      } finally {
        process.process().destroyForcibly().waitFor();
      }
    }
  }

  private static boolean goesOn(JobProcess process, long deadline) {
    return process.process().isAlive() && System.nanoTime() < deadline;
  }

  private static String text(JsonNode row) {
    return String.join(
        " ",
        row.get("card").asText(),
        row.get("at").asText(),
        row.get("payments_1h").asText(),
        row.get("spent_1h").asText(),
        row.get("country").asText(),
        row.get("split").asText());
  }

  private long late() {
    return files("bad").stream()
        .flatMap(file -> read(file).lines())
        .filter(line -> line.contains("\"rule\":\"late\""))
        .count();
  }

  private Object inFiles() {
    List<String> names = files("files").stream().map(file -> "'" + file + "'").toList();
    return Duck.query("SELECT count(*) AS n FROM read_parquet(" + names + ")").column("n").get(0);
  }

  /** Those that are complete: of bundles that have ended. */
  private List<Path> files(String of) {
    try (Stream<Path> files = Files.list(folder.resolve(of))) {
      return files.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      return List.of(); // not there yet
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
    consumer.assign(List.of(new TopicPartition("training", 0)));
    return consumer;
  }
}
