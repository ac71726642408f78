package io.featurebeam.aggregate;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The features of one shard where each event is an item of its own: rows at every event, or window
 * edges that fall on no grid. It holds the events of one shard at a time. Not thread-safe.
 */
final class EventAggregator implements ShardAggregator {

  private final BoundAggregates plan;
  private final long from;
  private final long to;
  private final List<RecordBatch> batches = new ArrayList<>();

  /**
   * @param from the first row time that is wanted, in microseconds
   * @param to the first row time that is not wanted any more
   */
  EventAggregator(BoundAggregates plan, long from, long to) {
    this.plan = plan;
    this.from = from;
    this.to = to;
  }

  /** Adds records of this shard; their event time must not be null. */
  @Override
  public void add(RecordBatch batch) {
    batches.add(batch);
  }

  /** Hands out the feature rows of all keys, and starts anew. */
  @Override
  public void finish(Consumer<RecordBatch> out) {
    if (batches.isEmpty()) {
      return;
    }
    RecordBatch events = RecordBatch.concat(batches);
    batches.clear();
    int size = events.size();
    int[] keyOf = new int[size];
    KeyTable keys = new KeyTable(plan.keyTypes());
    keys.assign(plan.keyColumns(events), size, keyOf);
    long[] times = events.longs(plan.spec().eventTime()).values();
    KeyedItems items = KeyedItems.sort(size, keys.size(), keyOf, times, order(plan.ties(events)));
    long[] itemTimes = new long[size];
    for (int i = 0; i < size; i++) {
      itemTimes[i] = times[items.order()[i]];
    }
    emit(events, accumulate(events), keys, items, itemTimes, out);
  }

  private static Comparator<Integer> order(Inputs.Ties ties) {
    return Comparator.<Integer>comparingLong(i -> ties.sequence()[i])
        .thenComparingLong(i -> ties.contentHash()[i]);
  }

  private States[] accumulate(RecordBatch events) {
    int[] slots = new int[events.size()];
    Arrays.setAll(slots, i -> i);
    States[] states = plan.newStates();
    for (States part : states) {
      part.ensure(events.size());
    }
    plan.new Accumulator().accumulate(events, states, slots);
    return states;
  }

  private void emit(
      RecordBatch events,
      States[] states,
      KeyTable keys,
      KeyedItems items,
      long[] itemTimes,
      Consumer<RecordBatch> out) {
    WindowEmitter emitter = new WindowEmitter(plan);
    RowTimes hops =
        plan.isEveryEvent() ? null : new RowTimes(plan.spec().hop(), gridOffset(), from, to);
    int[] rowItems = new int[RecordBatch.TARGET_SIZE];
    long[] rowTimes = new long[RecordBatch.TARGET_SIZE];
    int[] rowKeys = new int[RecordBatch.TARGET_SIZE];
    int pending = 0;
    for (int key = 0; key < keys.size(); key++) {
      int start = items.start(key);
      int end = items.end(key);
      int count = hops == null ? eventRows(itemTimes, start, end) : hops.of(itemTimes, start, end);
      long[] keyTimes = hops == null ? wantedTimes : hops.times();
      emitter.emit(states, items.order(), start, end, itemTimes, keyTimes, wantedPlaces, count);
      if (pending + count > rowItems.length) {
        int length = States.grown(rowItems.length, pending + count);
        rowItems = Arrays.copyOf(rowItems, length);
        rowTimes = Arrays.copyOf(rowTimes, length);
        rowKeys = Arrays.copyOf(rowKeys, length);
      }
      for (int i = 0; i < count; i++) {
        rowItems[pending] = hops == null ? items.order()[wantedPlaces[i]] : -1;
        rowTimes[pending] = keyTimes[i];
        rowKeys[pending++] = key;
      }
      if (pending >= RecordBatch.TARGET_SIZE || (key == keys.size() - 1 && pending > 0)) {
        List<Column> columns = new ArrayList<>();
        if (hops == null) {
          columns.addAll(events.gather(Arrays.copyOf(rowItems, pending)).columns());
        } else {
          columns.addAll(keys.columns(Arrays.copyOf(rowKeys, pending)));
          columns.add(LongColumn.of(FieldType.TIMESTAMP, Arrays.copyOf(rowTimes, pending)));
        }
        columns.addAll(emitter.build());
        out.accept(RecordBatch.of(plan.outputSchema(), pending, columns));
        pending = 0;
      }
    }
  }

  private long[] wantedTimes = {};
  private int[] wantedPlaces = {};

  private int eventRows(long[] itemTimes, int start, int end) {
    if (wantedTimes.length < end - start) {
      wantedTimes = new long[States.grown(wantedTimes.length, end - start)];
      wantedPlaces = new int[wantedTimes.length];
    }
    int count = 0;
    for (int i = start; i < end; i++) {
      if (itemTimes[i] >= from && itemTimes[i] < to) {
        wantedTimes[count] = itemTimes[i];
        wantedPlaces[count++] = i;
      }
    }
    return count;
  }

  private long gridOffset() {
    return plan.frames().get(0).bounds().rightClosed() ? 1 : 0;
  }
}
