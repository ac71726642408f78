package io.featurebeam.pipelines.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A topic of Kafka, one message per row.
 *
 * @param key the columns of the message key; empty for none
 * @param headers that every message bears, besides {@code featurebeam-spec}, the spec's hash
 * @param exactlyOnce null for at least once
 */
public record KafkaSink(
    KafkaAccess access,
    String topic,
    Format format,
    List<String> key,
    Map<String, String> headers,
    @Nullable ExactlyOnce exactlyOnce) {

  /** What a message's value holds. */
  public enum Format {
    JSON,
    CSV,
    AVRO
  }

  /**
   * Transactions that belong to the runner's checkpoints.
   *
   * @param group names this output for ever
   * @param writers how many write side by side
   */
  public record ExactlyOnce(String group, long writers) {
    public ExactlyOnce {
      if (writers < 1 || writers > 1000) {
        throw new IllegalArgumentException("Invalid writers: " + writers + " (must be 1 to 1000)");
      }
    }
  }

  public KafkaSink {
    Objects.requireNonNull(access, "access is null");
    Objects.requireNonNull(format, "format is null");
    if (topic.isBlank()) {
      throw new IllegalArgumentException("Invalid topic: '' (must not be empty)");
    }
    key = List.copyOf(key);
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    if (exactlyOnce != null && !headers.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid headers: given beside exactlyOnce (whose sink drops them)");
    }
  }

  /** JSON without keys, at least once. */
  public static KafkaSink json(String servers, String topic) {
    return new KafkaSink(KafkaAccess.of(servers), topic, Format.JSON, List.of(), Map.of(), null);
  }

  @Override
  public String toString() {
    return "kafka sink";
  }
}
