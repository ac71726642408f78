package io.featurebeam.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.featurebeam.io.kafka.EmbeddedBroker;
import io.featurebeam.io.lookup.EmbeddedRedis;
import io.featurebeam.io.lookup.FeatureLookup;
import io.featurebeam.io.lookup.FeatureStoreException;
import io.featurebeam.io.lookup.FeatureVector;
import io.featurebeam.io.lookup.RedisStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A spec from topic to topic, without end, in a JVM of its own, until it is told to end. */
class StreamIT {

  private static final int PAYMENTS = 300;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private static String payments(EmbeddedBroker broker) {
    return """
        kafka:
            servers: %s
            topic: payments
            format: json
            columns: { card: string, at: timestamp, amount: float64 }
            start: { group: features }
            disorder: 1m
            idle: 2s
        """
        .formatted(broker.servers());
  }

  private Job job(EmbeddedBroker broker, String source, String aggregate, String more)
      throws IOException {
    return Job.of(
        folder,
        """
        name: payments
        source:
          %s
        eventTime: at
        keys: [card]
        lateness: 30m
        aggregate:
          %s
          features:
            payments: count
            spent: { sum: amount }
        rejects: { path: %s, format: json }
        sink:
          - kafka: { servers: "%s", topic: features, key: card }
        %s
        """
            .formatted(
                source,
                aggregate,
                folder.resolve("bad"),
                broker.servers(),
                more.replace("SERVERS", broker.servers())));
  }

  /** Payment i of card i mod 3, a minute after the one before it, in partition i mod 2. */
  private static void sendPayments(EmbeddedBroker broker, int from, int to) {
    List<ProducerRecord<byte[], byte[]>> messages = new ArrayList<>();
    for (int i = from; i < to; i++) {
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
    String log =
        run(
            "window: 1h",
            "",
            (broker, rows) -> {
              sendPayments(broker, 0, PAYMENTS);
              broker.send(List.of(message(0, "poison")));
              rows.await("at", eachPayment(PAYMENTS));
              rows.await(() -> !rejects().isEmpty());
            });

    assertTrue(log.contains("in 301 = used 300 + rejected 1 + late 0 + duplicate 0\n"), () -> log);
    assertEquals(1, rejects().size());
    JsonNode reject = JSON.readTree(Files.readString(rejects().get(0)));
    assertEquals("malformed", reject.get("rule").textValue());
    assertEquals("payments-0", reject.get("source").textValue());
    assertEquals(PAYMENTS / 2, reject.get("position").intValue());
  }

  /** What each payment saw: of the hour before it those 3, 6, ... 60 minutes earlier. */
  private static Map<String, String> eachPayment(int count) {
    Map<String, String> expected = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      long seen = Math.min(i / 3, 20);
      double spent = 0;
      for (long k = 1; k <= seen; k++) {
        spent += i - 3 * k + 0.5;
      }
      expected.put(
          String.format(Locale.ROOT, "c%d 2001-01-01T%02d:%02d:00Z", i % 3, i / 60, i % 60),
          seen + " " + (seen == 0 ? "null" : spent));
    }
    return expected;
  }

  /**
   * The worker fails when half of the payments are through and in a checkpoint: the other half must
   * see them, from state, and they are not read again.
   */
  @Test
  void aRunGoesOnFromItsCheckpointAfterAFailure() throws Exception {
    assumeTrue(Runner.current() == Runner.FLINK, "the Direct runner has no checkpoints");
    int half = PAYMENTS / 2;

    String log =
        run(
            "window: 1h",
            """
            validate:
              - { rule: fail_once, column: amount, at: %s.5 }
            runner:
              flink: { checkpointingInterval: 500, numberOfExecutionRetries: 3, executionRetryDelay: 100 }
            """
                .formatted(half + 2),
            (broker, rows) -> {
              sendPayments(broker, 0, half);
              rows.await("at", eachPayment(half));
              rows.await(() -> committed(broker) >= half);
              sendPayments(broker, half, PAYMENTS);
              rows.await("at", eachPayment(PAYMENTS));
            });

    assertTrue(log.contains("The worker fails once, as the test wants"), () -> log);
    Matcher counts = Pattern.compile("in (\\d+) = used").matcher(log);
    assertTrue(counts.find() && Integer.parseInt(counts.group(1)) < PAYMENTS + half, () -> log);
  }

  @Test
  @Shows(value = "dedupe", mode = Shows.Mode.STREAM)
  void copiesWithinTheHorizonAreDuplicates() throws Exception {
    String log =
        run(
            "window: 1h",
            "dedupe: { by: [card, at], within: 1d }",
            (broker, rows) -> {
              sendPayments(broker, 0, PAYMENTS);
              sendPayments(broker, 100, 200);
              rows.await("at", eachPayment(PAYMENTS));
              rows.await(() -> rejects("unique(card, at)") == 100);
            });

    assertTrue(
        log.contains("in 400 = used 300 + rejected 0 + late 0 + duplicate 100\n"), () -> log);
  }

  /** What was there before the failure is known by its state alone. */
  @Test
  void copiesAreKnownAfterAFailure() throws Exception {
    assumeTrue(Runner.current() == Runner.FLINK, "the Direct runner has no checkpoints");
    int half = PAYMENTS / 2;

    String log =
        run(
            "window: 1h",
            """
            dedupe: { by: [card, at], within: 1d }
            validate:
              - { rule: fail_once, column: amount, at: %s.5 }
            runner:
              flink: { checkpointingInterval: 500, numberOfExecutionRetries: 3, executionRetryDelay: 100 }
            """
                .formatted(half + 2),
            (broker, rows) -> {
              sendPayments(broker, 0, half);
              rows.await("at", eachPayment(half));
              rows.await(() -> committed(broker) >= half);
              sendPayments(broker, half, PAYMENTS);
              sendPayments(broker, 0, half);
              rows.await("at", eachPayment(PAYMENTS));
              rows.await(() -> rejects("unique(card, at)") >= half);
            });

    assertTrue(log.contains("The worker fails once, as the test wants"), () -> log);
  }

  /** How many rejects of a rule are in complete files. */
  private long rejects(String rule) {
    return rejects().stream()
        .flatMap(file -> read(file).lines())
        .filter(line -> line.contains("\"rule\":\"" + rule + "\""))
        .count();
  }

  /** How many messages the run has safely behind it: it commits with each checkpoint. */
  private static long committed(EmbeddedBroker broker) {
    try (Admin admin = broker.admin()) {
      return admin
          .listConsumerGroupOffsets("features")
          .partitionsToOffsetAndMetadata()
          .get()
          .values()
          .stream()
          .mapToLong(OffsetAndMetadata::offset)
          .sum();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The files of rejects that are complete: of bundles that have ended. */
  private List<Path> rejects() {
    try (Stream<Path> files = Files.list(folder.resolve("bad"))) {
      return files.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      return List.of(); // not there yet
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"every: 1h", "emit: windowClose"})
  @Shows(
      value = {"aggregate.emit.windowClose", "aggregate.emit.every", "aggregate.every"},
      mode = Shows.Mode.STREAM)
  void eachWindowComesOutWhenItIsComplete(String emit) throws Exception {
    run(
        "window: 1h\n  " + emit,
        "",
        (broker, rows) -> {
          sendPayments(broker, 0, PAYMENTS);
          rows.await("window_end", eachHour());
        });
  }

  /** What the payments of each complete hour were. */
  private static Map<String, String> eachHour() {
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
    return expected;
  }

  /**
   * The files hold payments 0 to 179 but not 100 to 109, the topic 90 on, and the cut is at 150: so
   * 30 of the files are behind it, and 50 before it are in both.
   */
  @ParameterizedTest
  @ValueSource(strings = {"window: 1h", "window: 1h\n  every: 1h"})
  @Shows(
      value = {"source.batch", "source.stream", "source.cut"},
      mode = Shows.Mode.STREAM)
  void historyIsHandedOverToTheTopic(String aggregate) throws Exception {
    Path history = folder.resolve("history.parquet");
    Duck.copy(
        """
        SELECT 'c' || (i % 3) AS card, TIMESTAMP '2001-01-01 00:00:00' + to_minutes(i) AS at,
          i + 0.5::DOUBLE AS amount
        FROM range(180) t(i) WHERE i < 100 OR i > 109
        """,
        history, "parquet");
    String log =
        runOf(
            broker ->
                """
                batch:
                    parquet: { path: %s }
                  stream:
                    %s
                  cut: 2001-01-01T02:30:00Z
                """
                    .formatted(history, payments(broker).indent(2).strip()),
            aggregate,
            "dedupe: { by: [card, at], within: 1d }",
            (broker, rows) -> {
              sendPayments(broker, 90, PAYMENTS);
              if (aggregate.contains("every")) {
                rows.await("window_end", eachHour());
              } else {
                rows.await("at", eachPayment(PAYMENTS));
              }
              rows.await(() -> rejects("cut") == 30 && rejects("unique(card, at)") == 50);
            });

    assertTrue(log.contains("in 380 = used 300 + rejected 0 + late 0 + duplicate 80\n"), () -> log);
  }

  /** Refunds are in a file; a topic of more is silent from the start. */
  private String union(EmbeddedBroker broker) {
    Path file = folder.resolve("refunds.csv");
    StringBuilder refunds = new StringBuilder("account,sent,amount\n");
    for (int hour = 0; hour < 4; hour++) {
      refunds.append("c1,2001-01-01T0").append(hour).append(":59:59Z,-1000\n");
    }
    try {
      Files.writeString(file, refunds);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return """
        union:
            payments:
              %s
            silent:
              kafka:
                servers: %s
                topic: silent
                format: json
                columns: { card: string, at: timestamp, amount: float64 }
                idle: 2s
            file:
              csv:
                path: %s
                columns: { account: string, sent: timestamp, amount: float64 }
              columns: { account: card, sent: at }
        """
        .formatted(payments(broker).indent(4).strip(), broker.servers(), file);
  }

  @Test
  @Shows(
      value = {"source.union", "aggregate.rows"},
      mode = Shows.Mode.STREAM)
  void eachPaymentSeesTheRefundsOfAnotherInput() throws Exception {
    Map<String, String> expected = eachPayment(PAYMENTS);
    expected.replaceAll(
        (id, row) -> id.startsWith("c1") && !id.contains("T00:") ? withRefund(row) : row);

    runOf(
        this::union,
        "window: 1h\n  rows: \"input == 'payments'\"",
        "",
        (broker, rows) -> {
          sendPayments(broker, 0, PAYMENTS);
          rows.await("at", expected);
        });
  }

  @Test
  @Shows(value = "source.union", mode = Shows.Mode.STREAM)
  void aSilentInputDoesNotHoldTheHoursBack() throws Exception {
    Map<String, String> expected = eachHour();
    expected.replaceAll((id, row) -> id.startsWith("c1") ? withRefund(row) : row);

    runOf(
        this::union,
        "window: 1h\n  every: 1h",
        "",
        (broker, rows) -> {
          sendPayments(broker, 0, PAYMENTS);
          rows.await("window_end", expected);
        });
  }

  private static String withRefund(String row) {
    String[] seen = row.split(" ", -1);
    return (Long.parseLong(seen[0]) + 1) + " " + (Double.parseDouble(seen[1]) - 1000);
  }

  /** The last payments are of an hour that nothing completes, and come out all the same. */
  @Test
  @Shows(value = "aggregate.early", mode = Shows.Mode.STREAM)
  void anOpenWindowIsShownEarly() throws Exception {
    Map<String, String> expected = new TreeMap<>();
    for (int card = 0; card < 3; card++) {
      double spent = 0;
      for (int i = card; i < 30; i += 3) {
        spent += i + 0.5;
      }
      expected.put("c" + card + " 2001-01-01T01:00:00Z", "10 " + spent);
    }

    run(
        "window: 1h\n  every: 1h\n  early: 100ms",
        "",
        (broker, rows) -> {
          sendPayments(broker, 0, 30);
          rows.await("window_end", expected);
          assertTrue(rows.panes().contains("early"), () -> rows.panes().toString());
        });
  }

  /** All rows to a topic, the large ones to another, those that are not small to files. */
  @Test
  @Shows(
      value = {"sink.kafka", "sink.parquet", "sink.where"},
      mode = Shows.Mode.STREAM)
  void rowsGoToSeveralSinksEachWithItsCondition() throws Exception {
    Path files = folder.resolve("files");
    String log =
        run(
            "window: 1h",
            """
              - kafka: { servers: "SERVERS", topic: large, where: spent_1h >= 5000.0 }
              - parquet: { path: %s, where: spent_1h >= 1000.0 }
            """
                .formatted(files),
            (broker, rows) -> {
              sendPayments(broker, 0, PAYMENTS);
              rows.await("at", eachPayment(PAYMENTS));
              rows.await(() -> inFiles(files).equals(eachPaymentFrom(1000)));
              assertEquals(eachPaymentFrom(5000), inTopic(broker, "large"));
            });

    assertTrue(
        log.matches(
            """
            (?s).*
              in 300 = used 300 \\+ rejected 0 \\+ late 0 \\+ duplicate 0
              rows out [\\d,]+
                [\\d,]+ to \\S+/files/
                [\\d,]+ to kafka:features
                [\\d,]+ to kafka:large
            .*\
            """),
        () -> log);
  }

  @Test
  @Shows(value = "sink.redis", mode = Shows.Mode.STREAM)
  void theStoreHasTheNewestRowOfEachCard() throws Exception {
    try (EmbeddedRedis redis = EmbeddedRedis.started()) {
      Map<String, String> newest = new TreeMap<>(eachPayment(PAYMENTS));
      newest.keySet().removeIf(payment -> payment.compareTo(payment.substring(0, 2) + LAST) < 0);
      String log =
          run(
              "window: 1h",
              "  - redis: { server: \"%s\", group: cards, ttl: 36500d }\n"
                  .formatted(redis.address()),
              (broker, rows) -> {
                sendPayments(broker, 0, PAYMENTS);
                rows.await(() -> inStore(redis).equals(newest));
              });

      assertEquals(3, newest.size());
      assertTrue(log.contains(" to redis:cards\n"), () -> log);
    }
  }

  /** Of the last three payments the first. */
  private static final String LAST = " 2001-01-01T04:57:00Z";

  private static Map<String, String> inStore(EmbeddedRedis redis) {
    Map<String, String> rows = new TreeMap<>();
    try (FeatureLookup lookup =
        FeatureLookup.over(RedisStore.at(redis.connection())).features("cards").build()) {
      for (String card : List.of("c0", "c1", "c2")) {
        FeatureVector row = lookup.get(Map.of("card", card));
        Long at = (Long) row.value("at");
        if (at != null) {
          rows.put(
              card + " " + Instant.ofEpochSecond(at / 1_000_000),
              row.value("payments_1h") + " " + row.value("spent_1h"));
        }
      }
    } catch (FeatureStoreException e) {
      return rows; // nothing is there yet
    }
    return rows;
  }

  /** What the stream gave to its topic against what a batch gives over all payments. */
  @Test
  @Shows("skew.revision")
  void theSkewCheckFindsNoneOfTheStreamAgainstTheBatch() throws Exception {
    run(
        "window: 1h",
        "",
        (broker, rows) -> {
          sendPayments(broker, 0, PAYMENTS);
          rows.await("at", eachPayment(PAYMENTS));
          recompute(broker, "open");

          Job.Result result = checkSkew(broker);

          assertEquals(0, result.exitCode(), () -> result.out() + result.err());
          assertEquals("pass: 300 pairs, payments_1h 300 match, spent_1h 300 match", skew());
        });
  }

  @Test
  @Shows("skew.revision")
  void theSkewCheckFindsAWrongWindowEdgeByTheNameOfTheFeature() throws Exception {
    run(
        "window: 1h",
        "",
        (broker, rows) -> {
          sendPayments(broker, 0, PAYMENTS);
          rows.await("at", eachPayment(PAYMENTS));
          recompute(broker, "closed");

          Job.Result result = checkSkew(broker);

          assertEquals(3, result.exitCode(), () -> result.out() + result.err());
          assertEquals("fail: 300 pairs, payments_1h 300 match, spent_1h 0 match", skew());
        });
  }

  /** By a batch whose sums have the payment itself in view if their window is closed. */
  private void recompute(EmbeddedBroker broker, String right) throws IOException {
    Path batch = Files.createDirectories(folder.resolve("batch"));
    Job.of(
            batch,
            """
            name: payments
            source:
              kafka:
                servers: %s
                topic: payments
                format: json
                columns: { card: string, at: timestamp, amount: float64 }
                until: latest
            eventTime: at
            keys: [card]
            aggregate:
              - window: 1h
                features: { payments: count }
              - window: 1h
                bounds: { right: %s }
                features: { spent: { sum: amount } }
            sink:
              parquet: { path: %s }
            """
                .formatted(broker.servers(), right, batch.resolve("features")))
        .succeed();
  }

  private Job.Result checkSkew(EmbeddedBroker broker) throws IOException {
    Path batch = folder.resolve("batch");
    return Job.of(
            Files.createDirectories(batch.resolve("skew")),
            """
            name: stream-and-batch
            logged:
              kafka:
                servers: %s
                topic: features
                format: json
                columns: { card: string, at: timestamp, payments_1h: int64, spent_1h: float64, revision: int64 }
                until: latest
            recomputed: { parquet: { path: %s } }
            on: [card, at]
            columns: [payments_1h, spent_1h]
            fail: { missing: 0, extra: 0 }
            verdict: { path: %s }
            """
                .formatted(
                    broker.servers(), batch.resolve("features"), folder.resolve("skew.json")))
        .checkSkew();
  }

  /** The verdict in a line. */
  private String skew() throws IOException {
    JsonNode verdict = JSON.readTree(Files.readString(folder.resolve("skew.json")));
    StringBuilder line = new StringBuilder(verdict.get("verdict").textValue());
    line.append(": ").append(verdict.get("rows").get("pairs")).append(" pairs");
    for (JsonNode feature : verdict.get("features")) {
      line.append(", ").append(feature.get("name").textValue());
      line.append(' ').append(feature.get("equal")).append(" match");
    }
    return line.toString();
  }

  /** The payments that saw at least so much. */
  private static Set<String> eachPaymentFrom(double spent) {
    Set<String> expected = new TreeSet<>();
    eachPayment(PAYMENTS)
        .forEach(
            (payment, saw) -> {
              String sum = saw.substring(saw.indexOf(' ') + 1);
              if (!sum.equals("null") && Double.parseDouble(sum) >= spent) {
                expected.add(payment);
              }
            });
    return expected;
  }

  /** The payments in files that are complete. */
  private static Set<String> inFiles(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names =
          files.filter(Files::isRegularFile).map(file -> "'" + file + "'").toList();
      return names.isEmpty()
          ? Set.of()
          : Duck.query(
                  "SELECT card || strftime(\"at\", ' %Y-%m-%dT%H:%M:%SZ') AS payment FROM"
                      + " read_parquet("
                      + names
                      + ")")
              .column("payment")
              .stream()
              .map(String::valueOf)
              .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      return Set.of(); // not there yet
    }
  }

  private static Set<String> inTopic(EmbeddedBroker broker, String topic) throws IOException {
    Set<String> payments = new TreeSet<>();
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(broker, topic)) {
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> message : consumer.poll(Duration.ofMillis(200))) {
          JsonNode row = JSON.readTree(message.value());
          payments.add(row.get("card").textValue() + " " + row.get("at").textValue());
        }
      }
    }
    return payments;
  }

  /** What is done while a run goes on. */
  private interface Meanwhile {
    void act(EmbeddedBroker broker, Rows rows) throws Exception;
  }

  /** The highest revisions so far of what a run gives. */
  private record Rows(
      JobProcess process,
      KafkaConsumer<byte[], byte[]> features,
      long deadline,
      Map<String, String> highest,
      Map<String, Long> revisions,
      Set<String> panes) {

    boolean goesOn() {
      return process.process().isAlive() && System.nanoTime() < deadline;
    }

    /** Looks a few times a second, and leaves the processors to the run. */
    void await(BooleanSupplier there) throws InterruptedException {
      while (!there.getAsBoolean() && goesOn()) {
        boolean unused = process.process().waitFor(50, TimeUnit.MILLISECONDS);
      }
      assertTrue(there.getAsBoolean(), () -> read(process.log()));
    }

    /** Until they are the expected ones. */
    void await(String time, Map<String, String> expected) throws IOException {
      while (!highest.entrySet().containsAll(expected.entrySet()) && goesOn()) {
        for (ConsumerRecord<byte[], byte[]> message : features.poll(Duration.ofMillis(200))) {
          JsonNode row = JSON.readTree(message.value());
          String id = row.get("card").textValue() + " " + row.get(time).textValue();
          panes.add(row.path("pane").asText());
          long revision = row.get("revision").longValue();
          if (revisions.merge(id, revision, Math::max) == revision) {
            highest.put(id, row.get("payments_1h").asText() + " " + row.get("spent_1h").asText());
          }
        }
      }
      highest.keySet().retainAll(expected.keySet());
      assertEquals(expected, highest, () -> read(process.log()));
    }
  }

  private String run(String aggregate, String more, Meanwhile meanwhile) throws Exception {
    return runOf(StreamIT::payments, aggregate, more, meanwhile);
  }

  private String runOf(
      Function<EmbeddedBroker, String> source, String aggregate, String more, Meanwhile meanwhile)
      throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"))) {
      broker.createTopic("payments", 2);
      broker.createTopic("silent", 1);
      broker.createTopic("features", 1);
      broker.createTopic("large", 1);
      JobProcess process =
          JobProcess.start(job(broker, source.apply(broker), aggregate, more), folder);
      try (KafkaConsumer<byte[], byte[]> features = consumer(broker, "features")) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        meanwhile.act(
            broker,
            new Rows(
                process, features, deadline, new TreeMap<>(), new HashMap<>(), new TreeSet<>()));
        assertEquals(128 + 15, process.signalWhen(() -> true, "TERM"));
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

  private static KafkaConsumer<byte[], byte[]> consumer(EmbeddedBroker broker, String topic) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.servers(), "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(List.of(new TopicPartition(topic, 0)));
    return consumer;
  }
}
