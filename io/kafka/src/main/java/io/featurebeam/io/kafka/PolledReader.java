package io.featurebeam.io.kafka;

import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.transforms.records.Flow;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads some partitions; all in the thread of the runner, but for {@link #complete}. */
final class PolledReader extends UnboundedSource.UnboundedReader<List<RecordBatch>> {

  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration ASK = Duration.ofSeconds(2);

  private final PolledSource source;
  private final List<Follow> follows = new ArrayList<>();
  private final ArrayDeque<Element> pending = new ArrayDeque<>();
  private final AtomicReference<PolledSource.@Nullable Mark> completed = new AtomicReference<>();
  private final MessageBatcher batcher;
  private @Nullable Consumer<byte[], byte[]> consumer;
  private @Nullable Element current;
  private long watermark = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
  private long askedAt;

  /** A partition on its way. */
  private static final class Follow {
    final PolledSource.Part part;
    final EventTimePolicy policy;
    long next;
    long caughtUpAt = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();

    Follow(PolledSource.Part part, EventTimePolicy policy, long next) {
      this.part = part;
      this.policy = policy;
      this.next = next;
    }
  }

  /** What one poll gave of one partition. */
  private record Element(Follow follow, List<RecordBatch> batches, long millis, long next) {}

  PolledReader(
      PolledSource source, List<PolledSource.Part> parts, PolledSource.@Nullable Mark mark) {
    this.source = source;
    this.batcher = new MessageBatcher(source.settings);
    Map<PolledSource.Part, PolledSource.Progress> before = new HashMap<>();
    if (mark != null) {
      mark.progress.forEach(progress -> before.put(progress.part(), progress));
    }
    long now = System.currentTimeMillis();
    for (PolledSource.Part part : parts) {
      PolledSource.Progress progress = before.get(part);
      Optional<Instant> previous =
          Optional.ofNullable(progress).map(p -> Instant.ofEpochMilli(p.watermark()));
      EventTimePolicy policy =
          new EventTimePolicy(source.settings, source.lag.withoutBundle(), previous, now);
      follows.add(new Follow(part, policy, progress == null ? -1 : progress.next()));
    }
  }

  @Override
  public boolean start() throws IOException {
    Map<String, Object> config = new HashMap<>();
    config.put("enable.auto.commit", false);
    config.put(
        "auto.offset.reset", source.start.kind() == StartAt.Kind.LATEST ? "latest" : "earliest");
    config.put("max.poll.records", source.settings.maxRecords());
    if (source.start.kind() == StartAt.Kind.GROUP) {
      config.put("group.id", source.start.group());
    }
    consumer = source.connection.consumer(config);
    List<TopicPartition> all = follows.stream().map(f -> f.part.kafka()).toList();
    consumer.assign(all);
    for (Follow follow : follows) {
      if (follow.next < 0 && source.start.kind() == StartAt.Kind.TIME) {
        seekToTime(follow);
      } else if (follow.next >= 0) {
        consumer.seek(follow.part.kafka(), follow.next);
      }
      follow.next = consumer.position(follow.part.kafka());
    }
    return advance();
  }

  private void seekToTime(Follow follow) {
    TopicPartition partition = follow.part.kafka();
    var found = consumer.offsetsForTimes(Map.of(partition, source.start.millis())).get(partition);
    if (found == null) {
      consumer.seekToEnd(List.of(partition));
    } else {
      consumer.seek(partition, found.offset());
    }
  }

  @Override
  public boolean advance() throws IOException {
    if (pending.isEmpty()) {
      commit();
      // What was read before has been handed on by now, so that nothing waits behind this.
      long now = System.currentTimeMillis();
      askForEnds(now);
      watermark =
          follows.stream()
              .mapToLong(f -> f.policy.watermark(now, f.caughtUpAt))
              .min()
              .orElse(BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis());
      poll(now);
    }
    current = pending.poll();
    if (current != null) {
      current.follow.next = current.next;
    }
    return current != null;
  }

  private void poll(long now) throws IOException {
    ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
    for (Follow follow : follows) {
      TopicPartition partition = follow.part.kafka();
      List<ConsumerRecord<byte[], byte[]>> messages = polled.records(partition);
      if (messages.isEmpty()) {
        continue;
      }
      List<RecordBatch> batches = new ArrayList<>(3);
      for (ConsumerRecord<byte[], byte[]> message : messages) {
        batcher.add(
            message.topic(),
            message.partition(),
            message.offset(),
            message.timestamp(),
            message.headers(),
            message.key(),
            message.value());
        if (batcher.isFull()) {
          take(batches);
        }
      }
      take(batches);
      long least = note(follow, messages, batches, now);
      RecordBatch facts = batcher.facts();
      if (facts != null) {
        batches.add(facts);
      }
      long next = messages.get(messages.size() - 1).offset() + 1;
      pending.add(new Element(follow, batches, least, next));
    }
  }

  private void take(List<RecordBatch> into) {
    RecordBatch records = batcher.records();
    if (records != null) {
      into.add(records);
    }
    RecordBatch rejects = batcher.rejects();
    if (rejects != null) {
      into.add(rejects);
    }
  }

  /** Tells the watermark of the messages; gives the least event time. */
  private long note(
      Follow follow,
      List<ConsumerRecord<byte[], byte[]>> messages,
      List<RecordBatch> batches,
      long now) {
    long least = Long.MAX_VALUE;
    String eventTime = source.settings.eventTime();
    if (eventTime == null) {
      for (ConsumerRecord<byte[], byte[]> message : messages) {
        least = Math.min(least, follow.policy.message(message.timestamp(), now));
      }
    } else {
      follow.policy.message(EventTimeReader.UNKNOWN, now);
      for (RecordBatch batch : batches) {
        if (Flow.isRecords(batch)) {
          LongColumn times = batch.longs(eventTime);
          for (int row = 0; row < batch.size(); row++) {
            long millis = ReadKafka.beamMillis(Math.floorDiv(times.get(row), 1000L));
            least = Math.min(least, follow.policy.message(millis, now));
          }
        }
      }
    }
    return least == Long.MAX_VALUE
        ? Math.max(watermark, ReadKafka.beamMillis(least(messages)))
        : least;
  }

  private static long least(List<ConsumerRecord<byte[], byte[]>> messages) {
    return messages.stream().mapToLong(ConsumerRecord::timestamp).min().orElse(0);
  }

  /** A partition is idle only if the broker says that there is nothing more. */
  private void askForEnds(long now) {
    long pause = Math.max(1000, source.lag.idle().toMillis() / 4);
    boolean quiet = follows.stream().anyMatch(f -> f.policy.isQuiet(now, pause));
    if (!quiet || now - askedAt < pause) {
      return;
    }
    askedAt = now;
    try {
      Map<TopicPartition, Long> ends =
          consumer.endOffsets(follows.stream().map(f -> f.part.kafka()).toList(), ASK);
      for (Follow follow : follows) {
        TopicPartition partition = follow.part.kafka();
        if (consumer.position(partition, ASK) >= ends.get(partition)) {
          follow.caughtUpAt = now;
        }
      }
    } catch (TimeoutException e) {
      askedAt = System.currentTimeMillis(); // nobody answers: nobody is known to be idle
    }
  }

  /** The runner will never go back behind the mark; called in whichever thread. */
  void complete(PolledSource.Mark mark) {
    completed.set(mark);
  }

  private void commit() {
    PolledSource.Mark mark = completed.getAndSet(null);
    if (mark != null && source.start.kind() == StartAt.Kind.GROUP) {
      Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
      mark.progress.forEach(p -> offsets.put(p.part().kafka(), new OffsetAndMetadata(p.next())));
      consumer.commitAsync(offsets, null);
    }
  }

  @Override
  public List<RecordBatch> getCurrent() {
    return element().batches;
  }

  @Override
  public Instant getCurrentTimestamp() {
    return Instant.ofEpochMilli(element().millis);
  }

  private Element element() {
    if (current == null) {
      throw new NoSuchElementException("Nothing was read");
    }
    return current;
  }

  @Override
  public Instant getWatermark() {
    return Instant.ofEpochMilli(watermark);
  }

  @Override
  public PolledSource.Mark getCheckpointMark() {
    List<PolledSource.Progress> progress = new ArrayList<>();
    for (Follow follow : follows) {
      progress.add(new PolledSource.Progress(follow.part, follow.next, watermark));
    }
    return new PolledSource.Mark(progress, this);
  }

  @Override
  public PolledSource getCurrentSource() {
    return source;
  }

  @Override
  public void close() {
    if (consumer != null) {
      consumer.close(ASK);
      consumer = null;
    }
  }
}
