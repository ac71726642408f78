package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
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
    new FeatureRows(plan, rows(events, items), head(events, keys, items.order(), itemTimes), out)
        .emit(keys.size(), accumulate(plan, plan.new Accumulator(), events), items, itemTimes);
  }

  private RowTimes rows(RecordBatch events, KeyedItems items) {
    if (plan.isSessionClose()) {
      return RowTimes.sessions(plan.frames().get(0).window(), from, to);
    } else if (!plan.isEveryEvent()) {
      return RowTimes.hops(plan.hops(), from, to);
    }
    Bitmap asking = plan.new Accumulator().asking(events);
    return RowTimes.events(
        asking == null ? null : Bitmap.of(events.size(), place -> asking.get(items.order()[place])),
        from,
        to);
  }

  private FeatureRows.Head head(RecordBatch events, KeyTable keys, int[] order, long[] itemTimes) {
    if (plan.isSessionClose()) {
      return FeatureRows.keyAndSession(keys, itemTimes);
    }
    if (!plan.isEveryEvent()) {
      return FeatureRows.keyAndTime(keys);
    }
    return (rowKeys, rowTimes, rowPlaces) ->
        events.gather(Arrays.stream(rowPlaces).map(place -> order[place]).toArray()).columns();
  }

  /** Events of equal time: by sequence, then by content. */
  static Comparator<Integer> order(Inputs.Ties ties) {
    return Comparator.<Integer>comparingLong(i -> ties.sequence()[i])
        .thenComparingLong(i -> ties.contentHash()[i]);
  }

  /** A state of each part per event. */
  static States[] accumulate(
      BoundAggregates plan, BoundAggregates.Accumulator accumulator, RecordBatch events) {
    int[] slots = new int[events.size()];
    Arrays.setAll(slots, i -> i);
    States[] states = plan.newStates();
    for (States part : states) {
      part.ensure(events.size());
    }
    accumulator.accumulate(events, states, slots);
    return states;
  }
}
