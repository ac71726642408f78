package io.featurebeam.io.kafka;

import io.featurebeam.columnar.Spelling;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Looks at topics before a pipeline runs: whether they are there, and what they hold now. */
final class KafkaTopics {

  /** So many pieces are wanted, to be spread over workers. */
  private static final int PIECES = 16;

  /** A piece costs a consumer, so it has this many offsets if the partition has. */
  private static final long SMALLEST_PIECE = 100_000;

  private static final long LARGEST_PIECE = 500_000;

  private final KafkaConnection connection;
  private final Duration timeout;

  KafkaTopics(KafkaConnection connection, Duration timeout) {
    this.connection = connection;
    this.timeout = timeout;
  }

  /**
   * A part of a partition.
   *
   * @param from the first offset
   * @param to the first offset that is not part of it
   */
  record Range(String topic, int partition, long from, long to) implements Serializable {
    @Override
    public String toString() {
      return topic + "-" + partition + " [" + from + ", " + to + ")";
    }
  }

  /** The partitions of the topics, in order; an error that says what to do if one is not there. */
  List<TopicPartition> partitions(Collection<String> topics) {
    try (Admin admin = connection.admin(limits())) {
      Map<String, KafkaFuture<TopicDescription>> asked =
          admin.describeTopics(topics).topicNameValues();
      List<TopicPartition> partitions = new ArrayList<>();
      for (String topic : topics) {
        TopicDescription found = get(admin, topic, asked.get(topic));
        for (int p = 0; p < found.partitions().size(); p++) {
          partitions.add(new TopicPartition(topic, found.partitions().get(p).partition()));
        }
      }
      return partitions;
    } catch (KafkaException e) {
      throw unreachable(e);
    }
  }

  private TopicDescription get(
      Admin admin, String topic, KafkaFuture<TopicDescription> description) {
    try {
      return wait(description);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException
          || e.getCause() instanceof InvalidTopicException) {
        throw new IllegalArgumentException(
            "Unknown topic: '" + topic + "' at " + connection + hint(admin, topic), e);
      }
      throw unreachable(e.getCause());
    }
  }

  private String hint(Admin admin, String topic) {
    try {
      return Spelling.hint(topic, wait(admin.listTopics().names()).stream().sorted().toList());
    } catch (ExecutionException e) {
      return ""; // one who may read a topic need not be allowed to list all
    }
  }

  private <T> T wait(KafkaFuture<T> future) throws ExecutionException {
    try {
      return future.get(timeout.toMillis() + 1000, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while asking " + connection, e);
    } catch (TimeoutException e) {
      throw new ExecutionException(e);
    }
  }

  private IllegalArgumentException unreachable(Throwable cause) {
    if (cause instanceof AuthenticationException) {
      return new IllegalArgumentException(
          "Cannot log in to Kafka: servers '"
              + connection
              + "' ("
              + cause.getMessage()
              + "; check user, password and certificates)",
          cause);
    }
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new IllegalArgumentException(
        "Cannot reach Kafka: servers '"
            + connection
            + "' (must answer within "
            + timeout.toSeconds()
            + " s; check servers and security): "
            + root.getMessage(),
        cause);
  }

  private Map<String, Object> limits() {
    Map<String, Object> limits = new HashMap<>();
    limits.put("default.api.timeout.ms", (int) timeout.toMillis());
    limits.put("request.timeout.ms", (int) timeout.toMillis());
    return limits;
  }

  /** What the topics hold now from {@code start} on, in pieces. */
  List<Range> ranges(Collection<String> topics, StartAt start) {
    List<TopicPartition> partitions = partitions(topics);
    Map<String, Object> settings = limits();
    settings.put("enable.auto.commit", false);
    if (start.kind() == StartAt.Kind.GROUP) {
      settings.put("group.id", start.group());
    }
    try (Consumer<byte[], byte[]> consumer = connection.consumer(settings)) {
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      Map<TopicPartition, Long> starts = starts(consumer, partitions, ends, start);
      long all = partitions.stream().mapToLong(p -> ends.get(p) - starts.get(p)).sum();
      long piece = Math.max(SMALLEST_PIECE, Math.min(LARGEST_PIECE, all / PIECES));
      List<Range> ranges = new ArrayList<>();
      for (TopicPartition partition : partitions) {
        long end = ends.get(partition);
        for (long from = starts.get(partition); from < end; from += piece) {
          ranges.add(
              new Range(
                  partition.topic(), partition.partition(), from, Math.min(end, from + piece)));
        }
      }
      return ranges;
    } catch (KafkaException e) {
      throw unreachable(e);
    }
  }

  /** A part of a partition in pieces that are worth a consumer each. */
  static List<Range> pieces(String topic, int partition, long from, long to) {
    List<Range> pieces = new ArrayList<>();
    for (long at = from; at < to; at += LARGEST_PIECE) {
      pieces.add(new Range(topic, partition, at, Math.min(to, at + LARGEST_PIECE)));
    }
    return pieces;
  }

  private static Map<TopicPartition, Long> starts(
      Consumer<byte[], byte[]> consumer,
      List<TopicPartition> partitions,
      Map<TopicPartition, Long> ends,
      StartAt start) {
    Map<TopicPartition, Long> first = new HashMap<>(consumer.beginningOffsets(partitions));
    switch (start.kind()) {
      case EARLIEST -> {}
      case LATEST -> first.putAll(ends);
      case TIME -> {
        Map<TopicPartition, Long> wanted = new HashMap<>();
        partitions.forEach(p -> wanted.put(p, Math.max(0, start.millis())));
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(wanted);
        for (TopicPartition p : partitions) {
          OffsetAndTimestamp at = found.get(p);
          first.put(p, at == null ? ends.get(p) : at.offset());
        }
      }
      case GROUP ->
          consumer
              .committed(new HashSet<>(partitions))
              .forEach(
                  (p, committed) -> {
                    if (committed != null) {
                      first.merge(p, committed.offset(), Math::max);
                    }
                  });
    }
    return first;
  }
}
