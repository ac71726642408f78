package io.featurebeam.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.io.file.publish.Origin;
import io.featurebeam.io.kafka.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Specs that read a topic to its end, and that write one, with a real broker in this JVM. */
class KafkaIT {

  private static EmbeddedBroker broker;

  @TempDir Path folder;

  @BeforeAll
  static void start(@TempDir Path directory) throws IOException {
    broker = EmbeddedBroker.start(directory.resolve("kafka"));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private Job job(String topic, String more) throws IOException {
    return Job.of(
        folder,
        """
        name: payments
        source:
          kafka:
            servers: %s
            topic: %s
            format: json
            columns: { card: string, at: timestamp, amount: float64 }
            metadata: { partition: partition }
            %s
        eventTime: at
        keys: [card]
        aggregate:
          window: 1h
          emit: windowClose
          features:
            payments: count
            spent: { sum: amount }
            partitions: { max: partition }
        sink:
          parquet: { path: %s, partitionBy: hour(window_end) }
        rejects: { path: %s, format: json }
        """
            .formatted(
                broker.servers(), topic, more, folder.resolve("out"), folder.resolve("bad")));
  }

  private static ProducerRecord<byte[], byte[]> message(String topic, int partition, String value) {
    return new ProducerRecord<>(topic, partition, null, value.getBytes(UTF_8));
  }

  /** Payment i of card i mod 3, a minute after the one before it, in partition i mod 2. */
  private static void sendPayments(String topic, int count) {
    List<ProducerRecord<byte[], byte[]>> messages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      messages.add(
          message(
              topic,
              i % 2,
              String.format(
                  Locale.ROOT,
                  "{\"card\":\"c%d\",\"at\":\"2001-01-01T%02d:%02d:00Z\",\"amount\":%d.5}",
                  i % 3,
                  i / 60,
                  i % 60,
                  i)));
    }
    broker.send(messages);
  }

  @Test
  @Shows("source.kafka")
  void aTopicIsReadToItsEndAndItsPoisonIsKept() throws IOException {
    broker.createTopic("payments", 2);
    sendPayments("payments", 120);
    broker.send(
        List.of(
            message("payments", 0, "poison"),
            message("payments", 1, "{\"card\":\"c1\",\"amount\":1}"),
            new ProducerRecord<>("payments", 1, null, null)));
    job("payments", "until: latest").succeed().assertCounts(123, 120, 3, 0, 0);
    Table.assertSame(
        Duck.query(
            """
            SELECT 'c' || (i % 3) AS card,
              time_bucket(INTERVAL 1 hour, TIMESTAMP '2001-01-01' + to_minutes(i),
                TIMESTAMP '1970-01-01') + INTERVAL 1 hour AS window_end,
              count(*) AS payments_1h, sum(i + 0.5)::DOUBLE AS spent_1h,
              max(i % 2) AS partitions_1h
            FROM range(120) t(i) GROUP BY ALL ORDER BY ALL
            """),
        Duck.query(
            "SELECT card, window_end, payments_1h, spent_1h, partitions_1h FROM "
                + new Output(folder.resolve("out")).sql()
                + " ORDER BY ALL"));
    assertEquals(
        List.of("payments-0 60 malformed", "payments-1 60 not_null(at)", "payments-1 61 malformed"),
        Duck.query(
                "SELECT source || ' ' || position || ' ' || rule AS what FROM "
                    + new Output(folder.resolve("bad")).sql()
                    + " ORDER BY ALL")
            .column("what"));
  }

  @Test
  void whatATopicHeldIsReadAgainWhateverHasComeSince() throws Exception {
    broker.createTopic("again", 2);
    sendPayments("again", 120);
    job("again", "until: latest").succeed();
    Output output = new Output(folder.resolve("out"));
    assertEquals(
        List.of(Origin.Input.topic("again", 0, 0, 60), Origin.Input.topic("again", 1, 0, 60)),
        Objects.requireNonNull(output.manifest().origin()).inputs());
    sendPayments("again", 30);
    List<String> args = new ArrayList<>(Runner.current().args(2));
    args.add("--reproduce=" + output.folder());

    Job.Result result = Job.run(args);

    assertEquals("", result.message());
    assertTrue(result.out().contains("\nIdentical: 6 rows in 2 partitions, "), result.out());

    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.servers()))) {
      admin
          .deleteRecords(Map.of(new TopicPartition("again", 0), RecordsToDelete.beforeOffset(10)))
          .all()
          .get();
    }
    Job.Result gone = Job.run(args);

    assertEquals(
        """
        Cannot reproduce OUT: inputs have changed
          again, partition 0: offsets 0 to 60 then, of which 10 to 75 are there now
        (there is no way back to them; run the spec again for a new version)\
        """
            .replace("OUT", output.folder().toString()),
        gone.message());
    assertEquals(2, gone.exitCode());
  }

  @Test
  void aRangeOfEventTimesIsReadAndNoMore() throws IOException {
    broker.createTopic("ranged", 2);
    sendPayments("ranged", 120);
    job("ranged", "until: latest")
        .with("--from=2001-01-01T02:00:00Z", "--to=2001-01-01T03:00:00Z")
        .succeed()
        .assertCounts(60, 60, 0, 0, 0);
  }

  @Test
  @Shows("sink.kafka")
  void rowsAreSentToATopicWithKeysAndHeaders() throws IOException {
    broker.createTopic("features", 1);
    Path csv = Files.writeString(folder.resolve("in.csv"), "card,at\na,2001-01-01\nb,2001-01-02\n");
    Job.of(
            folder,
            """
            name: features
            source: { csv: { path: %s, columns: { card: string, at: timestamp } } }
            eventTime: at
            sink:
              kafka: { servers: "%s", topic: features, key: card, headers: { by: me } }
            """
                .formatted(csv, broker.servers()))
        .succeed()
        .assertCounts(2, 2, 0, 0, 0);
    List<ConsumerRecord<byte[], byte[]>> messages = messages("features", 2);
    assertEquals(
        List.of(
            "a {\"card\":\"a\",\"at\":\"2001-01-01T00:00:00Z\"} me 978307200000",
            "b {\"card\":\"b\",\"at\":\"2001-01-02T00:00:00Z\"} me 978393600000"),
        messages.stream()
            .map(
                m ->
                    new String(m.key(), UTF_8)
                        + " "
                        + new String(m.value(), UTF_8)
                        + " "
                        + new String(m.headers().lastHeader("by").value(), UTF_8)
                        + " "
                        + m.timestamp())
            .sorted()
            .toList());
    assertTrue(
        new String(messages.get(0).headers().lastHeader("featurebeam-spec").value(), UTF_8)
            .matches("[0-9a-f]+"));
  }

  private static List<ConsumerRecord<byte[], byte[]>> messages(String topic, int count) {
    List<ConsumerRecord<byte[], byte[]>> messages = new ArrayList<>();
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.servers(), "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      assertEquals(count, consumer.endOffsets(List.of(partition)).get(partition));
      while (messages.size() < count) {
        consumer.poll(Duration.ofSeconds(1)).forEach(messages::add);
      }
    }
    return messages;
  }

  @Test
  void whatCannotBeReadIsToldWithItsPlaceInTheSpec() throws IOException {
    Job.Result unknown = job("unknown", "until: latest").run();
    assertEquals(2, unknown.exitCode());
    assertTrue(
        unknown
            .message()
            .contains("spec.yaml:5:12: source.kafka.topic: Unknown topic: 'unknown' at "),
        unknown.message());
  }

  @Test
  void aTopicThatCannotBeWrittenIsToldWithItsPlaceInTheSpec() throws IOException {
    Path csv = Files.writeString(folder.resolve("in.csv"), "card,at\na,2001-01-01\n");
    Job.Result result =
        Job.of(
                folder,
                """
                name: features
                source: { csv: { path: %s, columns: { card: string, at: timestamp } } }
                eventTime: at
                sink:
                  kafka:
                    servers: "%s"
                    topic: nowhere
                """
                    .formatted(csv, broker.servers()))
            .run();
    assertEquals(2, result.exitCode());
    assertTrue(
        result.message().contains("spec.yaml:7:12: sink.kafka.topic: Unknown topic: 'nowhere' at "),
        result.message());
  }

  @Test
  @Shows({"sink.kafka", "sink.parquet"})
  void rowsGoToSeveralSinksEachWithItsCondition() throws IOException {
    broker.createTopic("all", 1);
    broker.createTopic("large", 1);
    Path csv =
        Files.writeString(
            folder.resolve("in.csv"),
            "card,at,amount\na,2001-01-01,1.5\nb,2001-01-02,250\nc,2001-01-03,\nd,2001-01-04,90\n");
    Job.of(
            folder,
            """
            name: features
            source:
              csv: { path: %1$s, columns: { card: string, at: timestamp, amount: float64 } }
            eventTime: at
            sink:
              - kafka: { servers: "%2$s", topic: all }
              - parquet: { path: %3$s, where: "amount > 10.0" }
              - kafka: { servers: "%2$s", topic: large, where: "amount > 100.0" }
            """
                .formatted(csv, broker.servers(), folder.resolve("out")))
        .succeed()
        .assertCounts(4, 4, 0, 0, 0);
    assertEquals(4, messages("all", 4).size());
    assertEquals(
        "{\"card\":\"b\",\"at\":\"2001-01-02T00:00:00Z\",\"amount\":250.0}",
        new String(messages("large", 1).get(0).value(), UTF_8));
    assertEquals(
        List.of("b", "d"), new Output(folder.resolve("out")).assertClean().rows().column("card"));
  }
}
