package io.featurebeam.aggregate;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordBatch;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.NullMarked;

/**
 * What windows over the events of one key show at times that are no events: the kernels as a shard
 * calls them, sorting and accumulating included. It lies in their package, as a pipeline has such
 * rows only at events and at the ends of hops.
 */
@NullMarked
public final class RowsAtTimes {

  private RowsAtTimes() {}

  /**
   * Hands out the columns of the features, some thousand rows at a time.
   *
   * @param events of one key, in any order
   * @param times of the rows, ascending
   */
  public static void compute(
      BoundAggregates plan, RecordBatch events, long[] times, Consumer<List<Column>> out) {
    int size = events.size();
    int[] slots = new int[size];
    Arrays.setAll(slots, i -> i);
    States[] states = plan.newStates();
    for (States part : states) {
      part.ensure(size);
    }
    plan.new Accumulator().accumulate(events, states, slots);
    long[] eventTimes = plan.times(events);
    KeyedItems items =
        KeyedItems.sort(size, 1, new int[size], eventTimes, Comparator.naturalOrder());
    long[] itemTimes = new long[size];
    Arrays.setAll(itemTimes, i -> eventTimes[items.order()[i]]);
    WindowEmitter emitter = new WindowEmitter(plan);
    for (int at = 0; at < times.length; at += RecordBatch.TARGET_SIZE) {
      long[] rows =
          Arrays.copyOfRange(times, at, Math.min(times.length, at + RecordBatch.TARGET_SIZE));
      int[] current = new int[rows.length];
      Arrays.fill(current, -1);
      emitter.emit(states, items.order(), 0, size, itemTimes, rows, current, rows.length);
      out.accept(emitter.build());
    }
  }
}
