package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordBatch;
import java.io.Closeable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The features of labels: what the windows of {@link WindowedAggregates} show of the events of a
 * label's key to a row at the label's time, whatever the emission says. A label is no event: no
 * window counts it, nothing is its own event, and of events at its very time it sees all if the
 * window is closed at its right end.
 *
 * <p>It holds the events of one shard at a time, in memory or, where they are many, on local disk.
 * The values are the same. Not thread-safe.
 */
public final class LabelFeatures implements Closeable {

  /**
   * How much it holds at a time, if it can be.
   *
   * @param bytes of events in memory
   * @param states of events
   * @param blockRows how many events are read from disk at least
   */
  record Limits(long bytes, int states, int blockRows) {}

  private final BoundAggregates plan;
  private final Limits limits;
  private final Deque<RecordBatch> batches = new ArrayDeque<>();
  private long bytes;
  private @Nullable SpilledFeatures spilled;

  LabelFeatures(BoundAggregates plan, long maxBytes) {
    this(plan, new Limits(maxBytes, 1 << 22, SpilledRecords.BLOCK_ROWS));
  }

  LabelFeatures(BoundAggregates plan, Limits limits) {
    this.plan = plan;
    this.limits = limits;
  }

  /**
   * The features of some labels, each in the place of its label.
   *
   * @param columns one column per feature
   * @param found which labels' keys have an event that a window's end lets them see, however long
   *     ago it was but for a time-to-live; of the others each feature is null
   */
  public record Answer(List<Column> columns, Bitmap found) {}

  /** Adds events; their event time must not be null. */
  public void add(RecordBatch events) {
    batches.add(events);
    bytes += SpilledRecords.memory(events);
    if (bytes > limits.bytes) {
      var unused = onDisk();
    }
  }

  private SpilledFeatures onDisk() {
    if (spilled == null) {
      spilled = new SpilledFeatures(plan, limits);
    }
    spilled.add(batches);
    bytes = 0;
    return spilled;
  }

  /**
   * Computes the features, and starts anew.
   *
   * @param keys the labels' keys, in the order of {@link WindowedAggregates#keys}
   * @param times the labels' times
   * @param ttlMicros how old the latest event that a label sees may be for the label to be found;
   *     Long.MAX_VALUE for any age
   */
  public Answer answer(List<Column> keys, long[] times, long ttlMicros) {
    if (spilled != null) {
      try {
        expect(keys, times);
        return answerNext(keys, times, ttlMicros);
      } finally {
        close();
      }
    }
    AskedLabels asked = new AskedLabels(plan, keys, times, ttlMicros);
    while (!batches.isEmpty()) {
      asked.add(batches.remove());
    }
    bytes = 0;
    return new LabelRows(plan, limits.states).answer(asked);
  }

  /** Notes labels that are asked about later, some after the other: events go to disk then. */
  public void expect(List<Column> keys, long[] times) {
    onDisk().expect(keys, times);
  }

  /**
   * The features of some labels that were expected; none is earlier than one of the call before.
   * After the last of them it must be closed.
   */
  public Answer answerNext(List<Column> keys, long[] times, long ttlMicros) {
    return onDisk().answer(keys, times, ttlMicros);
  }

  /** Starts anew; what is on disk is gone. */
  @Override
  public void close() {
    batches.clear();
    bytes = 0;
    if (spilled != null) {
      SpilledFeatures gone = spilled;
      spilled = null;
      gone.close();
    }
  }
}
