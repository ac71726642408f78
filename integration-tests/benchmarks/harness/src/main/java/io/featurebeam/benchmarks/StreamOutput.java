package io.featurebeam.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** What a contender has left in its topic. */
final class StreamOutput {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] ID = {'"', 'i', 'd', '"', ':'};

  private StreamOutput() {}

  /** When rows were appended, by the broker's clock. */
  static final class Arrivals {
    private final long rows;
    private final long[] millis;

    /**
     * @param rows all of them, those that came again too
     * @param millis of each row, for rows with an id of its first coming alone, sorted
     */
    private Arrivals(long rows, long[] millis) {
      this.rows = rows;
      this.millis = millis;
    }

    long rows() {
      return rows;
    }

    /** Rows that are not another's revision. */
    long different() {
      return millis.length;
    }

    /** The time from when a share of the rows was there to when all were. */
    double secondsAfter(double share) {
      int from = (int) Math.min(millis.length - 1, Math.round(share * millis.length));
      return (millis[millis.length - 1] - millis[from]) / 1e3;
    }
  }

  static Arrivals arrivals(StreamBroker broker, String topic) throws InterruptedException {
    long size = broker.size(topic);
    long[] millis = new long[Math.toIntExact(size)];
    BitSet seen = new BitSet();
    int[] count = {0};
    read(
        broker,
        topic,
        size,
        message -> {
          long id = id(message.value());
          if (id < 0 || !seen.get((int) id)) {
            millis[count[0]++] = message.timestamp();
            if (id >= 0) {
              seen.set((int) id);
            }
          }
        });
    long[] sorted = Arrays.copyOf(millis, count[0]);
    Arrays.sort(sorted);
    return new Arrivals(size, sorted);
  }

  /** The highest revisions of all rows, by what tells them apart. */
  static Map<String, JsonNode> highest(StreamBroker broker, String topic)
      throws InterruptedException {
    Map<String, JsonNode> highest = new HashMap<>();
    read(
        broker,
        topic,
        broker.size(topic),
        message -> {
          JsonNode row = parse(message.value());
          String key =
              row.has("id")
                  ? row.get("id").asText()
                  : row.get("card").textValue()
                      + " "
                      + Instant.parse(row.get("window_end").textValue());
          if (key.equals("-1") || key.startsWith("closing")) {
            return;
          }
          highest.merge(
              key,
              row,
              (old, fresh) ->
                  fresh.get("revision").longValue() >= old.get("revision").longValue()
                      ? fresh
                      : old);
        });
    return highest;
  }

  private static JsonNode parse(byte[] value) {
    try {
      return JSON.readTree(value);
    } catch (IOException e) {
      throw new IllegalStateException("Not JSON: " + new String(value, UTF_8), e);
    }
  }

  private static void read(
      StreamBroker broker, String topic, long size, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    try (KafkaConsumer<byte[], byte[]> consumer = broker.consumer(topic)) {
      for (long read = 0; read < size; ) {
        for (ConsumerRecord<byte[], byte[]> message : consumer.poll(Duration.ofSeconds(1))) {
          each.accept(message);
          read++;
        }
      }
    }
  }

  /** The event's number in a row of JSON, or -1 if it has none. */
  static long id(byte[] json) {
    for (int at = 0; at + ID.length < json.length; at++) {
      if (json[at] == '"' && Arrays.equals(json, at, at + ID.length, ID, 0, ID.length)) {
        long id = 0;
        int digit = at + ID.length;
        for (; digit < json.length && json[digit] >= '0' && json[digit] <= '9'; digit++) {
          id = 10 * id + json[digit] - '0';
        }
        return digit == at + ID.length ? -1 : id;
      }
    }
    return -1;
  }
}
