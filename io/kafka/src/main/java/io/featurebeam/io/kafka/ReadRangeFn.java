package io.featurebeam.io.kafka;

import io.featurebeam.columnar.RecordBatch;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads a part of a partition from its first offset to its last: no element per message. */
final class ReadRangeFn extends DoFn<KafkaTopics.Range, RecordBatch> {

  private static final long serialVersionUID = 1L;
  private static final Duration POLL = Duration.ofSeconds(1);

  private final KafkaConnection connection;
  private final ReadSettings settings;
  private final Duration patience;
  private transient @Nullable MessageBatcher batcher;

  /**
   * Of ranges of one connection.
   *
   * @param patience after which time without a message the read fails
   */
  ReadRangeFn(KafkaConnection connection, ReadSettings settings, Duration patience) {
    this.connection = connection;
    this.settings = settings;
    this.patience = patience;
  }

  @StartBundle
  public void startBundle() {
    batcher = MessageBatcher.begin(batcher, settings);
  }

  @ProcessElement
  public void process(@Element KafkaTopics.Range range, OutputReceiver<RecordBatch> out)
      throws IOException {
    Map<String, Object> config = new HashMap<>();
    config.put("enable.auto.commit", false);
    config.put("auto.offset.reset", "none"); // what is gone is an error, not passed over
    config.putAll(fetch());
    TopicPartition partition = new TopicPartition(range.topic(), range.partition());
    try (Consumer<byte[], byte[]> consumer = connection.consumer(config)) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, range.from());
      read(consumer, partition, range, out);
    } catch (OffsetOutOfRangeException e) {
      throw new IOException(
          "Offsets of "
              + range
              + " are gone (the topic's retention deleted them since the pipeline began)",
          e);
    } catch (KafkaException e) {
      throw new IOException("Cannot read " + range + " from " + connection + ": " + e, e);
    }
    emit(out);
  }

  /** Large fetches: what is read is known to be there. */
  private Map<String, Object> fetch() {
    Map<String, Object> fetch = new HashMap<>();
    fetch.put("max.poll.records", settings.maxRecords());
    fetch.put("max.partition.fetch.bytes", 8 << 20);
    fetch.keySet().removeAll(connection.properties().keySet());
    return fetch;
  }

  private void read(
      Consumer<byte[], byte[]> consumer,
      TopicPartition partition,
      KafkaTopics.Range range,
      OutputReceiver<RecordBatch> out)
      throws IOException {
    long at = range.from();
    long seenAt = System.nanoTime();
    while (at < range.to()) {
      for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL).records(partition)) {
        if (message.offset() >= range.to()) {
          return;
        }
        batcher.add(
            message.topic(),
            message.partition(),
            message.offset(),
            message.timestamp(),
            message.headers(),
            message.key(),
            message.value());
        if (batcher.isFull()) {
          emit(out);
        }
      }
      // Offsets need not hold messages: those of transactions and of compacted ones do not.
      long position = consumer.position(partition);
      if (position > at) {
        at = position;
        seenAt = System.nanoTime();
      } else if (System.nanoTime() - seenAt > patience.toNanos()) {
        throw new IOException(
            "Nothing came of "
                + range
                + " behind offset "
                + at
                + " for "
                + patience.toSeconds()
                + " s from "
                + connection
                + " (is the broker there?)");
      }
    }
  }

  private void emit(OutputReceiver<RecordBatch> out) {
    RecordBatch records = batcher.records();
    if (records != null) {
      out.output(records);
    }
    RecordBatch rejects = batcher.rejects();
    if (rejects != null) {
      out.output(rejects);
    }
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    RecordBatch facts = batcher.facts();
    if (facts != null) {
      context.output(facts, GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
    }
  }
}
