package io.featurebeam.aggregate;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Labels by key and time, and the events that they can see at all. Not thread-safe. */
final class AskedLabels {
  final long[] times;
  final long ttlMicros;
  final KeyedItems labels;
  private final BoundAggregates plan;
  private final KeyTable table;
  private final int[] keyOf;
  private final int keys;

  /** By key, the first event time and the last time of a label that it asks for. */
  private final long[] from;

  private final long[] last;

  /** By key, whether it has events, and the time of the earliest. */
  private final boolean[] hasEvents;

  private final long[] earliest;

  /** What became of the events before those that are added, and by key its key there. */
  private @Nullable FoldedEvents folded;

  private int[] foldedKeys = {};

  private final List<RecordBatch> seen = new ArrayList<>();

  AskedLabels(BoundAggregates plan, List<Column> columns, long[] times, long ttlMicros) {
    this.plan = plan;
    this.times = times;
    this.ttlMicros = ttlMicros;
    table = new KeyTable(plan.keyTypes());
    keyOf = new int[times.length];
    table.assign(columns, times.length, keyOf);
    keys = table.size();
    labels = KeyedItems.sort(times.length, keys, keyOf, times, Integer::compare);
    from = filled(Long.MAX_VALUE);
    last = filled(Long.MIN_VALUE);
    hasEvents = new boolean[keys];
    earliest = filled(Long.MAX_VALUE);
    for (int i = 0; i < times.length; i++) {
      from[keyOf[i]] = Math.min(from[keyOf[i]], from(plan, times[i], ttlMicros));
      last[keyOf[i]] = Math.max(last[keyOf[i]], times[i]);
    }
  }

  private long[] filled(long value) {
    long[] array = new long[keys];
    Arrays.fill(array, value);
    return array;
  }

  int keys() {
    return keys;
  }

  /** By label its key. */
  int keyOf(int label) {
    return keyOf[label];
  }

  /** The first event time that matters to a label. */
  static long from(BoundAggregates plan, long time, long ttlMicros) {
    return Math.min(plan.firstAsked(time), alive(time, ttlMicros));
  }

  /** The first time of an event that is young enough; the last there is if all are. */
  static long alive(long time, long ttlMicros) {
    long alive = time - ttlMicros;
    return ttlMicros == Long.MAX_VALUE ? Long.MAX_VALUE : alive > time ? Long.MIN_VALUE : alive;
  }

  /** Says that a key has events, and since when. */
  void know(int key, long time) {
    hasEvents[key] = true;
    earliest[key] = Math.min(earliest[key], time);
  }

  /** Whether a key has an event that a label at this time sees, however long ago it was. */
  boolean hasSeen(int key, long time) {
    return hasEvents[key] && plan.isSeen(earliest[key], time);
  }

  /** Adds those events that some label sees. */
  void add(RecordBatch batch) {
    int[] keyOfEvent = keysOf(batch);
    long[] eventTimes = plan.times(batch);
    int[] rows = new int[batch.size()];
    int count = 0;
    for (int i = 0; i < rows.length; i++) {
      int key = keyOfEvent[i];
      if (key < keys) {
        know(key, eventTimes[i]);
        if (eventTimes[i] >= from[key] && plan.isSeen(eventTimes[i], last[key])) {
          rows[count++] = i;
        }
      }
    }
    if (count > 0) {
      seen.add(count == rows.length ? batch : batch.gather(Arrays.copyOf(rows, count)));
    }
  }

  /** The events that some label sees, one after the other. */
  RecordBatch seen() {
    RecordBatch all =
        seen.isEmpty() ? RecordBatch.builder(plan.schema()).build() : RecordBatch.concat(seen);
    seen.clear();
    return all;
  }

  int[] keysOf(RecordBatch batch) {
    int[] ids = new int[batch.size()];
    table.assign(plan.keyColumns(batch), batch.size(), ids);
    return ids;
  }

  /**
   * Says what became of the events before those that are added.
   *
   * @param keyOfLabel by label its key there
   */
  void setFolded(FoldedEvents before, int[] keyOfLabel) {
    folded = before;
    foldedKeys = new int[keys];
    for (int i = 0; i < keyOfLabel.length; i++) {
      foldedKeys[keyOf[i]] = keyOfLabel[i];
    }
  }

  @Nullable FoldedEvents folded() {
    return folded;
  }

  /** The key there of a key that has events there; else -1. */
  int foldedKey(int key) {
    return folded != null && folded.has(foldedKeys[key]) ? foldedKeys[key] : -1;
  }
}
