package io.featurebeam.integration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.featurebeam.clusters.KafkaBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a reader of committed rows sees of those that a stream makes of {@link PaymentsTopic}. */
final class ReceivedRows implements AutoCloseable {

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<String, String> highest = new TreeMap<>();
  private final Map<String, Long> revisions = new HashMap<>();
  private final Map<String, String> seen = new HashMap<>();
  private final Set<String> contradictions = new TreeSet<>();
  private final Set<String> repeated = new TreeSet<>();
  private final Set<String> withFee = new TreeSet<>();

  ReceivedRows(KafkaBroker broker, List<String> topics) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                broker.servers(),
                "auto.offset.reset",
                "earliest",
                "isolation.level",
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(topics.stream().map(topic -> new TopicPartition(topic, 0)).toList());
  }

  /** Until the highest revision of each of these rows is as it must be. */
  void await(Map<String, String> expected, Duration patience) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!highest.entrySet().containsAll(expected.entrySet())) {
      if (System.nanoTime() > deadline) {
        Map<String, String> wrong = new TreeMap<>(expected);
        wrong.entrySet().removeAll(highest.entrySet());
        String first = wrong.keySet().iterator().next();
        throw new AssertionError(
            wrong.size()
                + " of "
                + expected.size()
                + " rows are missing or wrong in "
                + consumer.assignment()
                + ", such as "
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
    if (before != null) {
      repeated.add(id + " " + revision);
    }
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

  /** What came more than once: card, id and revision. */
  Set<String> repeated() {
    return repeated;
  }

  /** How many payments came with the feature that the changed spec adds. */
  int withFee() {
    return withFee.size();
  }

  @Override
  public void close() {
    consumer.close(Duration.ZERO);
  }
}
