package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The features of labels: what the windows of {@link WindowedAggregates} show of the events of a
 * label's key to a row at the label's time, whatever the emission says. A label is no event: no
 * window counts it, nothing is its own event, and of events at its very time it sees all if the
 * window is closed at its right end, none with {@link io.featurebeam.time.WindowBounds.Ties#NONE}.
 *
 * <p>It holds the events of one shard at a time. Not thread-safe.
 */
public final class LabelFeatures {

  private final BoundAggregates plan;
  private final List<RecordBatch> batches = new ArrayList<>();

  LabelFeatures(BoundAggregates plan) {
    this.plan = plan;
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
    Asked asked = new Asked(plan.keyTypes(), keys, times);
    RecordBatch events = asked.seen(batches, ttlMicros);
    batches.clear();
    int[] keyOf = asked.keysOf(events);
    long[] eventTimes = plan.times(events);
    KeyedItems items =
        KeyedItems.sort(
            events.size(),
            asked.keys(),
            keyOf,
            eventTimes,
            EventAggregator.order(plan.ties(events)));
    long[] itemTimes = new long[events.size()];
    for (int i = 0; i < itemTimes.length; i++) {
      itemTimes[i] = eventTimes[items.order()[i]];
    }
    States[] states = EventAggregator.accumulate(plan, events);
    WindowEmitter emitter = new WindowEmitter(plan);
    long[] found = new long[Bitmap.wordCount(times.length)];
    int[] rowOf = new int[times.length];
    int[] none = new int[0];
    for (int key = 0, row = 0; key < asked.keys(); key++) {
      int start = asked.labels.start(key);
      int count = asked.labels.end(key) - start;
      long[] rowTimes = new long[count];
      for (int i = 0; i < count; i++) {
        int label = asked.labels.order()[start + i];
        rowTimes[i] = times[label];
        rowOf[label] = row++;
      }
      if (none.length < count) {
        none = new int[States.grown(none.length, count)];
        Arrays.fill(none, -1);
      }
      int from = items.start(key);
      int to = items.end(key);
      emitter.emit(states, items.order(), from, to, itemTimes, rowTimes, none, count);
      int seen = from;
      for (int i = 0; i < count; i++) {
        while (seen < to && plan.isSeen(itemTimes[seen], rowTimes[i])) {
          seen++;
        }
        boolean isFound =
            seen > from
                ? isYoung(itemTimes[seen - 1], rowTimes[i], ttlMicros)
                : ttlMicros == Long.MAX_VALUE
                    && asked.hasEvents[key]
                    && plan.isSeen(asked.earliest[key], rowTimes[i]);
        if (isFound) {
          int label = asked.labels.order()[start + i];
          found[label >> 6] |= 1L << label;
        }
      }
    }
    Bitmap isFound = Bitmap.wrap(found, times.length);
    List<Column> columns = emitter.build().stream().map(c -> picked(c, rowOf, isFound)).toList();
    return new Answer(columns, isFound);
  }

  private static boolean isYoung(long event, long time, long ttlMicros) {
    long age = time - event; // below 0 if it overflows, which is older than any ttl
    return ttlMicros == Long.MAX_VALUE || event >= time || (age >= 0 && age <= ttlMicros);
  }

  /** The values of the found rows, in the order of the labels; null for the others. */
  private static Column picked(Column column, int[] rowOf, Bitmap found) {
    if (found.isAllSet()) {
      return column.gather(rowOf);
    }
    int[] rows = rowOf.clone();
    for (int i = 0; i < rows.length; i++) {
      rows[i] = found.get(i) ? rows[i] : column.size();
    }
    return Column.concat(List.of(column, Column.nulls(column.type(), 1))).gather(rows);
  }

  /** The labels by key and time, and which events they can see at all. */
  private final class Asked {
    final KeyTable table;
    final KeyedItems labels;
    private final int keys;

    /** By key, the first and last time of its labels. */
    private final long[] first;

    private final long[] last;

    /** By key, whether it has events, and the time of the earliest. */
    final boolean[] hasEvents;

    final long[] earliest;

    Asked(List<io.featurebeam.columnar.FieldType> types, List<Column> columns, long[] times) {
      table = new KeyTable(types);
      int[] keyOf = new int[times.length];
      table.assign(columns, times.length, keyOf);
      keys = table.size();
      labels = KeyedItems.sort(times.length, keys, keyOf, times, Integer::compare);
      first = filled(Long.MAX_VALUE);
      last = filled(Long.MIN_VALUE);
      hasEvents = new boolean[keys];
      earliest = filled(Long.MAX_VALUE);
      for (int i = 0; i < times.length; i++) {
        first[keyOf[i]] = Math.min(first[keyOf[i]], times[i]);
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

    /** The events that some label sees, one after the other. */
    RecordBatch seen(List<RecordBatch> all, long ttlMicros) {
      long[] from = new long[keys];
      for (int key = 0; key < keys; key++) {
        long alive = first[key] - ttlMicros;
        boolean any = ttlMicros == Long.MAX_VALUE;
        from[key] =
            Math.min(
                plan.firstAsked(first[key]),
                any ? Long.MAX_VALUE : alive > first[key] ? Long.MIN_VALUE : alive);
      }
      List<RecordBatch> some = new ArrayList<>();
      for (RecordBatch batch : all) {
        int[] keyOf = keysOf(batch);
        long[] times = plan.times(batch);
        int[] rows = new int[batch.size()];
        int count = 0;
        for (int i = 0; i < rows.length; i++) {
          int key = keyOf[i];
          if (key < keys) {
            hasEvents[key] = true;
            earliest[key] = Math.min(earliest[key], times[i]);
            if (times[i] >= from[key] && plan.isSeen(times[i], last[key])) {
              rows[count++] = i;
            }
          }
        }
        if (count > 0) {
          some.add(count == rows.length ? batch : batch.gather(Arrays.copyOf(rows, count)));
        }
      }
      return some.isEmpty() ? RecordBatch.builder(plan.schema()).build() : RecordBatch.concat(some);
    }

    int[] keysOf(RecordBatch batch) {
      int[] keyOf = new int[batch.size()];
      table.assign(plan.keyColumns(batch), batch.size(), keyOf);
      return keyOf;
    }
  }
}
