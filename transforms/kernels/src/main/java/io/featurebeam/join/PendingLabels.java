package io.featurebeam.join;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * The labels of one shard that are not answered yet, while a stream lasts. Those of a batch may be
 * answered at different times; the batch stays in the journal until all are, and the completeness
 * that is saved beside it tells which are. Not thread-safe.
 */
final class PendingLabels {

  private static final int MAX_STRIDE = 20;

  /** Of a batch that is small for its cost in the journal. */
  private static final int LABELS_PER_BATCH = 16;

  private final long every;
  private final int minBatches;
  private final List<Part> parts = new ArrayList<>();

  /** The spans of {@code every} microseconds that hold some, by number. */
  private final TreeSet<Long> spans = new TreeSet<>();

  private int size;
  private int arrivedBatches;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Part(long id, RecordBatch batch, long[] times, long first, long last) {
    static Part of(long id, RecordBatch batch, long[] times) {
      long first = Long.MAX_VALUE;
      long last = Long.MIN_VALUE;
      for (int i = 0; i < batch.size(); i++) {
        first = Math.min(first, times[i]);
        last = Math.max(last, times[i]);
      }
      return new Part(id, batch, times, first, last);
    }
  }

  PendingLabels(long every, int minBatches) {
    this.every = every;
    this.minBatches = minBatches;
  }

  /** Takes labels that are open. */
  void add(RecordBatch labels, long[] times, HeldRecords.Store store) {
    parts.add(Part.of(store.put(labels), labels, times));
    arrivedBatches++;
    size += labels.size();
    for (int i = 0; i < labels.size(); i++) {
      spans.add(Math.floorDiv(times[i], every));
    }
  }

  /** A batch that the journal has, of which some may be answered. */
  void restore(long id, RecordBatch labels, long[] times, Completeness complete) {
    parts.add(Part.of(id, labels, times));
    for (int i = 0; i < labels.size(); i++) {
      if (!complete.isClosed(times[i])) {
        size++;
        spans.add(Math.floorDiv(times[i], every));
      }
    }
  }

  /** Takes out those that have been closed since. */
  List<RecordBatch> close(Completeness before, Completeness now, HeldRecords.Store store) {
    List<RecordBatch> closed = new ArrayList<>();
    for (Part part : List.copyOf(parts)) {
      if (now.isClosed(part.first)) {
        RecordBatch some = some(part, before, now);
        if (some.size() > 0) {
          closed.add(some);
          size -= some.size();
        }
        if (now.isClosed(part.last)) {
          parts.remove(part);
          store.remove(part.id);
        }
      }
    }
    while (!spans.isEmpty() && now.isClosed(lastOf(spans.first()))) {
      spans.pollFirst();
    }
    return closed;
  }

  private static RecordBatch some(Part part, Completeness before, Completeness now) {
    return part.batch.select(
        Bitmap.of(
            part.batch.size(),
            i -> !before.isClosed(part.times[i]) && now.isClosed(part.times[i])));
  }

  /** The same or a later completeness, by which no span is closed in part. */
  long whole(long time, long lateness) {
    long label = time < Long.MIN_VALUE + lateness ? Long.MIN_VALUE : time - lateness;
    return Completeness.plus(lastOf(Math.floorDiv(label, every)), lateness);
  }

  private long lastOf(long span) {
    return span >= Long.MAX_VALUE / every ? Long.MAX_VALUE : (span + 1) * every - 1;
  }

  /**
   * The event time that must be complete for the next ones to be closed; of more and more spans at
   * once where that comes again and again without a record in between, as then there is much to
   * catch up with.
   */
  OptionalLong nextWake(Completeness complete, int wakesInARow) {
    if (spans.isEmpty()) {
      return OptionalLong.empty();
    }
    long first = spans.first();
    long last = Completeness.plus(first, (1L << Math.min(wakesInARow, MAX_STRIDE)) - 1);
    return OptionalLong.of(complete.closes(lastOf(spans.floor(last))));
  }

  /** A time that is not after any of them. */
  OptionalLong first() {
    if (spans.isEmpty()) {
      return OptionalLong.empty();
    }
    long first = spans.first();
    return OptionalLong.of(
        first < Long.MIN_VALUE / every ? Long.MIN_VALUE : Math.multiplyExact(first, every));
  }

  boolean isTimeToSweep() {
    return arrivedBatches > minBatches + size / LABELS_PER_BATCH;
  }

  /** Makes one batch of many. */
  void sweep(Completeness complete, JoinShard kernel, HeldRecords.Store store) {
    Completeness none = new Completeness(Long.MIN_VALUE, 0);
    List<RecordBatch> open = new ArrayList<>();
    for (Part part : parts) {
      Bitmap isOpen = Bitmap.of(part.batch.size(), i -> !complete.isClosed(part.times[i]));
      open.add(part.batch.select(isOpen));
      store.remove(part.id);
    }
    parts.clear();
    spans.clear();
    size = 0;
    if (!open.isEmpty()) {
      RecordBatch all = RecordBatch.concat(open);
      if (all.size() > 0) {
        restore(store.put(all), all, kernel.times(all), none);
      }
    }
    arrivedBatches = 0;
  }

  int size() {
    return size;
  }
}
