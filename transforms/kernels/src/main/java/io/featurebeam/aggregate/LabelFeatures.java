package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordBatch;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The features of labels: what the windows of {@link WindowedAggregates} show of the events of a
 * label's key to a row at the label's time, whatever the emission says. A label is no event: no
 * window counts it, nothing is its own event, and of events at its very time it sees all if the
 * window is closed at its right end.
 *
 * <p>It holds the events of one shard at a time, in memory or, of windows that reach back not
 * farther than some time, on local disk where they are many. The values are the same. Not
 * thread-safe.
 */
public final class LabelFeatures {

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
  private @Nullable SpilledEvents spilled;

  LabelFeatures(BoundAggregates plan, long maxBytes) {
    this(plan, new Limits(maxBytes, 1 << 22, 1 << 14));
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
    bytes += events.byteSize();
    for (Column column : events.columns()) {
      bytes += column instanceof BytesColumn b && b.isCoded() ? b.slices().byteSize() : 0;
    }
    if (bytes > limits.bytes && plan.isFinite()) {
      spill();
    }
  }

  private void spill() {
    if (batches.isEmpty()) {
      return;
    }
    RecordBatch events = RecordBatch.concat(List.copyOf(batches));
    batches.clear();
    bytes = 0;
    if (spilled == null) {
      spilled = new SpilledEvents(Path.of(System.getProperty("java.io.tmpdir")), limits.blockRows);
    }
    spilled.add(events, plan.times(events));
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
    if (spilled == null) {
      Asked asked = new Asked(keys, times, ttlMicros);
      while (!batches.isEmpty()) {
        asked.add(batches.remove());
      }
      bytes = 0;
      return answer(asked);
    }
    spill();
    try (SpilledEvents events = spilled) {
      return answerInSlices(events, new Asked(keys, times, ttlMicros));
    } finally {
      spilled = null;
    }
  }

  /**
   * Labels in order of time, as many at once as ask for no more than {@code limits} allow, or for
   * twice as many as the first of them alone: so not even of one key all events are in memory, and
   * each is read few times.
   */
  private Answer answerInSlices(SpilledEvents events, Asked all) {
    int size = all.times.length;
    if (size == 0) {
      return answer(all);
    }
    if (all.ttlMicros == Long.MAX_VALUE) { // any event of the key counts, seen or not
      events.read(Long.MIN_VALUE, Long.MAX_VALUE, all::know);
    }
    int[] byTime = KeyedItems.sort(size, 1, new int[size], all.times, Integer::compare).order();
    List<List<Column>> columns = new ArrayList<>();
    long[] found = new long[Bitmap.wordCount(size)];
    int[] places = new int[size];
    for (int at = 0; at < size; ) {
      int[] labels = Arrays.copyOfRange(byTime, at, sliceEnd(events, all, byTime, at));
      Asked asked = all.some(labels);
      long first = all.from(all.times[labels[0]]);
      events.read(first, all.times[labels[labels.length - 1]], asked::add);
      Answer answer = answer(asked);
      columns.add(answer.columns());
      for (int i = 0; i < labels.length; i++) {
        places[labels[i]] = at + i;
        found[labels[i] >> 6] |= answer.found().get(i) ? 1L << labels[i] : 0;
      }
      at += labels.length;
    }
    List<Column> whole = new ArrayList<>();
    for (int c = 0; c < columns.get(0).size(); c++) {
      int feature = c;
      List<Column> parts = columns.stream().map(part -> part.get(feature)).toList();
      whole.add(Column.concat(parts).gather(places));
    }
    return new Answer(whole, Bitmap.wrap(found, size));
  }

  private int sliceEnd(SpilledEvents events, Asked all, int[] byTime, int at) {
    long first = all.from(all.times[byTime[at]]);
    long enough = Math.max(limits.bytes, 2 * events.bytes(first, all.times[byTime[at]]));
    int low = at + 1;
    int high = byTime.length;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (events.bytes(first, all.times[byTime[middle - 1]]) <= enough) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private Answer answer(Asked asked) {
    long[] times = asked.times;
    RecordBatch events = asked.seen();
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
    Emitting emitting = new Emitting(events, items, itemTimes);
    long[] found = new long[Bitmap.wordCount(times.length)];
    int[] rowOf = new int[times.length];
    for (int key = 0, row = 0; key < asked.keys(); key++) {
      int start = asked.labels.start(key);
      long[] rowTimes = new long[asked.labels.end(key) - start];
      for (int i = 0; i < rowTimes.length; i++) {
        int label = asked.labels.order()[start + i];
        rowTimes[i] = times[label];
        rowOf[label] = row++;
      }
      emitting.emitKey(key, asked.keys(), rowTimes);
      int from = items.start(key);
      int to = items.end(key);
      int seen = from;
      for (int i = 0; i < rowTimes.length; i++) {
        while (seen < to && plan.isSeen(itemTimes[seen], rowTimes[i])) {
          seen++;
        }
        boolean isFound =
            seen > from
                ? isYoung(itemTimes[seen - 1], rowTimes[i], asked.ttlMicros)
                : asked.ttlMicros == Long.MAX_VALUE
                    && asked.hasEvents[key]
                    && plan.isSeen(asked.earliest[key], rowTimes[i]);
        if (isFound) {
          int label = asked.labels.order()[start + i];
          found[label >> 6] |= 1L << label;
        }
      }
    }
    Bitmap isFound = Bitmap.wrap(found, times.length);
    List<Column> columns = emitting.build().stream().map(c -> picked(c, rowOf, isFound)).toList();
    return new Answer(columns, isFound);
  }

  /**
   * Makes the rows of one key after the other. States take much more memory than the events that
   * they are made of, so only those of some keys are there at a time; of a key with more events
   * than that, only those of some of its rows, unless a window reaches back without an end.
   */
  private final class Emitting {
    private final RecordBatch events;
    private final KeyedItems items;
    private final long[] itemTimes;
    private final WindowEmitter emitter = new WindowEmitter(plan);
    private final int most = Math.max(1, limits.states / Math.max(1, plan.partCount()));

    /** The states of the events at the places up to {@code end}, and which is whose. */
    private States[] states = {};

    private final int[] slots;
    private int end;
    private int[] none = {};

    Emitting(RecordBatch events, KeyedItems items, long[] itemTimes) {
      this.events = events;
      this.items = items;
      this.itemTimes = itemTimes;
      this.slots = new int[itemTimes.length];
    }

    void emitKey(int key, int keys, long[] rowTimes) {
      int from = items.start(key);
      int to = items.end(key);
      if (to - from > most && plan.isFinite()) {
        emitInRuns(from, to, rowTimes);
        return;
      }
      if (to > end) {
        int last = key;
        while (last + 1 < keys && items.end(last + 1) - from <= most) {
          last++;
        }
        accumulate(from, items.end(last));
      }
      emit(from, to, rowTimes);
    }

    /**
     * As many rows at a time as see no more than {@code most} events together, or twice as many as
     * the first of them alone: so an event is in few runs however long windows are.
     */
    private void emitInRuns(int from, int to, long[] rowTimes) {
      int left = from;
      int right = from;
      for (int row = 0; row < rowTimes.length; ) {
        long first = plan.firstSeen(rowTimes[row]);
        while (left < to && itemTimes[left] < first) {
          left++;
        }
        right = end(Math.max(left, right), to, rowTimes[row]);
        long enough = Math.max(most, 2L * (right - left));
        int until = row + 1;
        while (until < rowTimes.length) {
          int more = end(right, to, rowTimes[until]);
          if (more - left > enough) {
            break;
          }
          right = more;
          until++;
        }
        accumulate(left, right);
        emit(left, right, Arrays.copyOfRange(rowTimes, row, until));
        row = until;
      }
    }

    /** The first place whose event a row does not see. */
    private int end(int from, int to, long rowTime) {
      int place = from;
      while (place < to && plan.isSeen(itemTimes[place], rowTime)) {
        place++;
      }
      return place;
    }

    private void accumulate(int from, int to) {
      RecordBatch some = events.gather(Arrays.copyOfRange(items.order(), from, to));
      states = EventAggregator.accumulate(plan, some);
      for (int place = from; place < to; place++) {
        slots[place] = place - from;
      }
      end = to;
    }

    private void emit(int from, int to, long[] rowTimes) {
      if (none.length < rowTimes.length) {
        none = new int[States.grown(none.length, rowTimes.length)];
        Arrays.fill(none, -1);
      }
      emitter.emit(states, slots, from, to, itemTimes, rowTimes, none, rowTimes.length);
    }

    List<Column> build() {
      return emitter.build();
    }
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
    final List<Column> columns;
    final long[] times;
    final long ttlMicros;
    final KeyTable table = new KeyTable(plan.keyTypes());
    final KeyedItems labels;
    private final int[] keyOf;
    private final int keys;

    /** By key, the first event time and the last time of a label that it asks for. */
    private final long[] from;

    private final long[] last;

    /** By key, whether it has events, and the time of the earliest. */
    final boolean[] hasEvents;

    final long[] earliest;

    private final List<RecordBatch> seen = new ArrayList<>();

    Asked(List<Column> columns, long[] times, long ttlMicros) {
      this.columns = columns;
      this.times = times;
      this.ttlMicros = ttlMicros;
      keyOf = new int[times.length];
      table.assign(columns, times.length, keyOf);
      keys = table.size();
      labels = KeyedItems.sort(times.length, keys, keyOf, times, Integer::compare);
      from = filled(Long.MAX_VALUE);
      last = filled(Long.MIN_VALUE);
      hasEvents = new boolean[keys];
      earliest = filled(Long.MAX_VALUE);
      for (int i = 0; i < times.length; i++) {
        from[keyOf[i]] = Math.min(from[keyOf[i]], from(times[i]));
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

    /** The first event time that matters to a label. */
    long from(long time) {
      long alive = time - ttlMicros;
      boolean any = ttlMicros == Long.MAX_VALUE;
      return Math.min(
          plan.firstAsked(time), any ? Long.MAX_VALUE : alive > time ? Long.MIN_VALUE : alive);
    }

    /** Some of the labels, with what is known of their keys. */
    Asked some(int[] rows) {
      Asked some =
          new Asked(
              columns.stream().map(column -> column.gather(rows)).toList(),
              Arrays.stream(rows).mapToLong(row -> times[row]).toArray(),
              ttlMicros);
      for (int i = 0; i < rows.length; i++) {
        some.hasEvents[some.keyOf[i]] = hasEvents[keyOf[rows[i]]];
        some.earliest[some.keyOf[i]] = earliest[keyOf[rows[i]]];
      }
      return some;
    }

    /** Notes which keys have events, and since when. */
    void know(RecordBatch batch) {
      know(keysOf(batch), plan.times(batch));
    }

    private void know(int[] keyOfEvent, long[] eventTimes) {
      for (int i = 0; i < keyOfEvent.length; i++) {
        int key = keyOfEvent[i];
        if (key < keys) {
          hasEvents[key] = true;
          earliest[key] = Math.min(earliest[key], eventTimes[i]);
        }
      }
    }

    /** Adds those events that some label sees. */
    void add(RecordBatch batch) {
      int[] keyOfEvent = keysOf(batch);
      long[] eventTimes = plan.times(batch);
      know(keyOfEvent, eventTimes);
      int[] rows = new int[batch.size()];
      int count = 0;
      for (int i = 0; i < rows.length; i++) {
        int key = keyOfEvent[i];
        if (key < keys && eventTimes[i] >= from[key] && plan.isSeen(eventTimes[i], last[key])) {
          rows[count++] = i;
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
  }
}
