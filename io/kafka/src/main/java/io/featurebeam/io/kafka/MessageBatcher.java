package io.featurebeam.io.kafka;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.io.file.read.ReadFiles;
import io.featurebeam.io.file.text.Malformed;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.LiveCounts;
import io.featurebeam.transforms.records.Rejects;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Collects the messages of one bundle into batches of bounded size, its poison into rejects, and
 * what it did into facts. A record's position is topic-partition, as Kafka writes it, and offset.
 * Not thread-safe.
 */
final class MessageBatcher {

  /** Why a message without a value is rejected. */
  static final String TOMBSTONE = "the message has no value (a tombstone)";

  /** The name of the fact that counts tombstones that were passed over. */
  static final String SKIPPED_TOMBSTONES = "skipped_tombstones";

  private static final byte[] NONE = {};
  private static final int MAX_REJECTS = 1000;

  /** Of an over-long message a reject holds this much. */
  private static final int RAW = 1 << 16;

  private final ReadSettings settings;
  private final RecordBatch.Builder records;
  private final MessageParser parser;
  private Rejects.Builder rejects;
  private final TreeSet<String> reasons = new TreeSet<>();

  private final List<String> sources = new ArrayList<>();
  private String lastTopic = "";
  private int lastPartition = -1;
  private int lastSource = -1;
  private int[] sourceOf = new int[256];
  private long[] places = new long[256];
  private long bytes;
  private long rejectedBytes;

  private long accepted;
  private long rejected;
  private long skipped;
  private long nanos;

  MessageBatcher(ReadSettings settings) {
    this.settings = settings;
    this.records = RecordBatch.builder(settings.schema());
    this.parser = new MessageParser(settings, records::column);
    this.rejects = newRejects();
  }

  private Rejects.Builder newRejects() {
    long now = System.currentTimeMillis() * 1000;
    return new Rejects.Builder(
        ReadFiles.STEP,
        settings.masked(),
        settings.rejectedAt() == Long.MIN_VALUE ? now : settings.rejectedAt());
  }

  /**
   * A batcher for a new bundle: the one given, with the schemas that it has looked up, unless it
   * holds what a failed bundle left.
   */
  static MessageBatcher begin(@Nullable MessageBatcher earlier, ReadSettings settings) {
    if (earlier == null || !earlier.isEmpty()) {
      return new MessageBatcher(settings);
    }
    earlier.rejects = earlier.newRejects();
    return earlier;
  }

  private boolean isEmpty() {
    return records.size() + rejects.size() + accepted + rejected + skipped == 0;
  }

  /** Takes one message. Call {@link #isFull} afterwards. */
  void add(
      String topic,
      int partition,
      long offset,
      long timestamp,
      @Nullable Headers headers,
      byte @Nullable [] key,
      byte @Nullable [] value)
      throws IOException {
    if (value == null && settings.tombstones() == Tombstones.SKIP) {
      skipped++;
      return;
    }
    long start = System.nanoTime();
    int source = source(topic, partition);
    String problem = parser.parse(topic, partition, offset, timestamp, headers, key, value);
    if (problem == null) {
      accept(source, offset, value == null ? 0 : value.length);
    } else {
      records.dropRecord();
      byte[] raw = value == null ? NONE : value.length <= RAW ? value : Arrays.copyOf(value, RAW);
      rejects.addMalformed(
          sources.get(source),
          offset,
          raw,
          problem,
          Malformed.withoutValues(problem, settings.masked()));
      rejectedBytes += raw.length;
    }
    nanos += System.nanoTime() - start;
  }

  private void accept(int source, long offset, int length) {
    int row = records.size();
    if (row == places.length) {
      places = Arrays.copyOf(places, row * 2);
      sourceOf = Arrays.copyOf(sourceOf, row * 2);
    }
    places[row] = offset;
    sourceOf[row] = source;
    records.endRecord();
    bytes += length;
  }

  private int source(String topic, int partition) {
    if (lastSource < 0 || partition != lastPartition || !topic.equals(lastTopic)) {
      String name = topic + "-" + partition;
      lastSource = sources.indexOf(name);
      if (lastSource < 0) {
        lastSource = sources.size();
        sources.add(name);
      }
      lastTopic = topic;
      lastPartition = partition;
    }
    return lastSource;
  }

  /** Whether {@link #records} or {@link #rejects} should be taken now. */
  boolean isFull() {
    return records.size() >= settings.maxRecords()
        || bytes >= settings.maxBytes()
        || rejects.size() >= MAX_REJECTS
        || rejectedBytes >= settings.maxBytes();
  }

  /** The records so far; null if there are none. What has no event time becomes rejects. */
  @Nullable RecordBatch records() {
    int size = records.size();
    if (size == 0) {
      return null;
    }
    RecordBatch batch = records.build(positions(size));
    bytes = 0;
    if (settings.eventTime() != null) {
      Column time = batch.column(settings.eventTime());
      if (time.nullCount() > 0) {
        batch = timed(batch, time);
      }
    }
    if (settings.range() != null) {
      batch = inRange(batch, settings.range());
    }
    accepted += batch.size();
    if (settings.live()) {
      LiveCounts.read(batch.size());
    }
    return batch.size() == 0 ? null : batch;
  }

  private static RecordBatch inRange(RecordBatch batch, ReadSettings.Range range) {
    LongColumn time = batch.longs(range.eventTime());
    return batch.select(
        Bitmap.of(
            batch.size(),
            row ->
                time.isNull(row) || (time.get(row) >= range.from() && time.get(row) < range.to())));
  }

  private RecordBatch timed(RecordBatch batch, Column time) {
    String name = settings.eventTime();
    for (int row = 0; row < batch.size(); row++) {
      if (time.isNull(row)) {
        rejects.add(
            batch,
            row,
            name,
            "not_null(" + name + ")",
            List.of(name),
            null,
            name + " is null: a record without an event time");
      }
    }
    return batch.select(Bitmap.of(batch.size(), row -> !time.isNull(row)));
  }

  private Positions positions(int size) {
    boolean one = true;
    boolean contiguous = true;
    for (int row = 1; row < size; row++) {
      one &= sourceOf[row] == sourceOf[0];
      contiguous &= places[row] == places[0] + row;
    }
    if (!one) {
      return Positions.of(sources, Arrays.copyOf(sourceOf, size), Arrays.copyOf(places, size));
    }
    String source = sources.get(sourceOf[0]);
    return contiguous
        ? Positions.contiguous(source, places[0])
        : Positions.of(source, Arrays.copyOf(places, size));
  }

  /** The rejects so far, null if there are none; take {@link #records} before. */
  @Nullable RecordBatch rejects() {
    if (rejects.size() == 0) {
      return null;
    }
    RecordBatch batch = rejects.build();
    rejectedBytes = 0;
    rejected += batch.size();
    for (int row = 0; row < batch.size(); row++) {
      reasons.add(batch.bytes("reason").string(row));
      if (reasons.size() > ReadFiles.MAX_REASONS) {
        reasons.pollLast();
      }
    }
    if (settings.live()) {
      LiveCounts.read(batch.size());
      LiveCounts.rejected(batch.size());
    }
    return batch;
  }

  /** What was done since the last call; null if nothing. */
  @Nullable RecordBatch facts() {
    Facts.Builder facts =
        new Facts.Builder()
            .add(ReadFiles.STEP, Facts.RECORDS_IN, accepted + rejected)
            .add(ReadFiles.STEP, Facts.RECORDS_OUT, accepted)
            .add(ReadFiles.STEP, Facts.REJECTED, rejected)
            .add(ReadFiles.STEP, SKIPPED_TOMBSTONES, skipped)
            .add(ReadFiles.STEP, Facts.NANOS, nanos);
    reasons.forEach(
        reason ->
            facts.add(
                ReadFiles.STEP,
                ReadFiles.MALFORMED_REASON,
                reason.getBytes(StandardCharsets.UTF_8)));
    accepted = 0;
    rejected = 0;
    skipped = 0;
    nanos = 0;
    reasons.clear();
    return facts.isEmpty() ? null : facts.build();
  }

  /** The least event time of a batch, in microseconds; {@code otherwise} if nobody knows one. */
  static long least(RecordBatch batch, @Nullable String eventTime, long otherwise) {
    if (eventTime == null || batch.size() == 0) {
      return otherwise;
    }
    LongColumn times = batch.longs(eventTime);
    long least = Long.MAX_VALUE;
    for (int row = 0; row < batch.size(); row++) {
      least = times.isNull(row) ? least : Math.min(least, times.get(row));
    }
    return least == Long.MAX_VALUE ? otherwise : least;
  }
}
