package io.featurebeam.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.featurebeam.clusters.KafkaBroker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Payments that come at a steady pace, known beforehand, and what a stream makes of them. Payment i
 * is of card i mod 7, a second after the one before it, in partition i mod 2.
 */
final class PaymentsTopic implements AutoCloseable {

  static final int PER_SECOND = 100;
  private static final int CARDS = 7;
  private static final Instant FIRST = Instant.parse("2001-01-01T00:00:00Z");
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final KafkaBroker broker;
  private final String payments;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final Map<String, String> highest = new TreeMap<>();
  private final Map<String, Long> revisions = new HashMap<>();
  private final Map<String, String> seen = new HashMap<>();
  private final Set<String> contradictions = new TreeSet<>();
  private final Set<String> withFee = new TreeSet<>();
  private int sent;

  /**
   * @param features topics of rows; all that come in any of them count
   */
  PaymentsTopic(KafkaBroker broker, String payments, List<String> features)
      throws ExecutionException, InterruptedException {
    this.payments = payments;
    this.broker = broker;
    create(payments, 2);
    for (String topic : features) {
      create(topic);
    }
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.servers(), "linger.ms", 20),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.servers(), "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(features.stream().map(topic -> new TopicPartition(topic, 0)).toList());
  }

  /** A topic whose rows do not count. */
  void create(String topic) throws ExecutionException, InterruptedException {
    create(topic, 1);
  }

  private void create(String topic, int partitions)
      throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.servers()))) {
      admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
    }
  }

  /** Sends the next ones at once. */
  void send(int count) {
    for (int i = 0; i < count; i++) {
      var unused = producer.send(payment(sent++));
    }
    producer.flush();
  }

  /** Until the highest revision of every row since the first payment is as it must be. */
  void awaitRows() throws IOException {
    await(rowsOf(0, sent));
  }

  /**
   * Sends the next ones at the pace and waits for their rows; what is done meanwhile begins when
   * those of the first quarter are there.
   */
  void send(int count, Meanwhile meanwhile) throws Exception {
    int from = sent;
    sent += count;
    List<Future<?>> acknowledged = new ArrayList<>();
    int[] next = {from};
    ScheduledFuture<?> pace =
        clock.scheduleAtFixedRate(
            () -> {
              for (int i = 0; i < PER_SECOND / 20 && next[0] < from + count; i++) {
                acknowledged.add(producer.send(payment(next[0]++)));
              }
              if (next[0] == from + count) {
                throw new IllegalStateException("all are sent, which ends the pace");
              }
            },
            0,
            50,
            TimeUnit.MILLISECONDS);
    await(rowsOf(0, from + count / 4));
    meanwhile.act();
    try {
      pace.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      for (Future<?> each : acknowledged) {
        each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    }
    awaitRows();
  }

  /** What is done while payments go on. */
  interface Meanwhile {
    void act() throws Exception;
  }

  private ProducerRecord<byte[], byte[]> payment(int i) {
    String text =
        "{\"id\":"
            + i
            + ",\"card\":\"c"
            + i % CARDS
            + "\",\"at\":\""
            + FIRST.plusSeconds(i)
            + "\",\"amount\":"
            + i
            + ".5,\"fee\":"
            + i
            + "}";
    return new ProducerRecord<>(payments, i % 2, null, text.getBytes(UTF_8));
  }

  /** By card and id: how many payments of the card were in the hour before, and their sum. */
  private static Map<String, String> rowsOf(int from, int to) {
    Map<String, String> rows = new TreeMap<>();
    for (int i = from; i < to; i++) {
      int count = 0;
      double sum = 0;
      for (int earlier = i - CARDS; earlier >= Math.max(0, i - 3600); earlier -= CARDS) {
        count++;
        sum += earlier + 0.5;
      }
      rows.put("c" + i % CARDS + " " + i, count + " " + (count == 0 ? "null" : sum));
    }
    return rows;
  }

  private void await(Map<String, String> expected) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!highest.entrySet().containsAll(expected.entrySet())) {
      if (System.nanoTime() > deadline) {
        Map<String, String> wrong = new TreeMap<>(expected);
        wrong.entrySet().removeAll(highest.entrySet());
        String first = wrong.keySet().iterator().next();
        throw new AssertionError(
            wrong.size()
                + " of "
                + expected.size()
                + " rows are missing or wrong, such as "
                + first
                + ": "
                + highest.get(first)
                + " (must be "
                + expected.get(first)
                + ")");
      }
      for (ConsumerRecord<byte[], byte[]> message : consumer.poll(Duration.ofMillis(200))) {
        take(JsonMapper.builder().build().readTree(message.value()));
      }
    }
  }

  private void take(JsonNode row) {
    String id = row.get("card").textValue() + " " + row.get("id").longValue();
    long revision = row.get("revision").longValue();
    String values = row.get("payments_1h").asText() + " " + row.get("spent_1h").asText();
    String before = seen.put(id + " " + revision, values);
    if (before != null && !before.equals(values)) {
      contradictions.add(id + " " + revision + ": " + before + " and " + values);
    }
    if (!row.path("log_fee").isNull() && row.has("log_fee")) {
      withFee.add(id);
    }
    if (revisions.merge(id, revision, Math::max) == revision) {
      highest.put(id, values);
    }
  }

  /** Rows of one card, id and revision with other values than the first. */
  Set<String> contradictions() {
    return contradictions;
  }

  /** How many payments came with the feature that the changed spec adds. */
  int withFee() {
    return withFee.size();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    producer.close(Duration.ZERO);
    consumer.close(Duration.ZERO);
  }
}
