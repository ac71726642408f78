package io.featurebeam.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.featurebeam.clusters.KafkaBroker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Payments that come at a steady pace, known beforehand, and what a stream makes of them. Payment i
 * is of card i mod 7, a second after the one before it, in partition i mod 2.
 */
final class PaymentsTopic implements AutoCloseable {

  static final int PER_SECOND = 40;
  private static final int CARDS = 7;
  private static final Instant FIRST = Instant.parse("2001-01-01T00:00:00Z");
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final KafkaBroker broker;
  private final String payments;
  private final KafkaProducer<byte[], byte[]> producer;
  private final List<ReceivedRows> received = new ArrayList<>();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private int sent;

  PaymentsTopic(KafkaBroker broker, String payments)
      throws ExecutionException, InterruptedException {
    this.payments = payments;
    this.broker = broker;
    create(payments, 2);
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.servers(), "linger.ms", 20),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Rows that come in any of some topics, made here; each must come in one of them. */
  ReceivedRows rowsIn(String... topics) throws ExecutionException, InterruptedException {
    for (String topic : topics) {
      create(topic);
    }
    ReceivedRows rows = new ReceivedRows(broker, List.of(topics));
    received.add(rows);
    return rows;
  }

  /** A topic whose rows do not count. */
  void create(String topic) throws ExecutionException, InterruptedException {
    create(topic, 1);
  }

  private void create(String topic, int partitions)
      throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.servers()))) {
      NewTopic kept = new NewTopic(topic, partitions, (short) 1);
      kept.configs(Map.of("retention.ms", "-1")); // rows bear the times of payments of 2001
      admin.createTopics(List.of(kept)).all().get();
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
    for (ReceivedRows rows : received) {
      rows.await(expected, PATIENCE);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    producer.close(Duration.ZERO);
    received.forEach(ReceivedRows::close);
  }
}
