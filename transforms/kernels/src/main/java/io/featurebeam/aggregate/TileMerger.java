package io.featurebeam.aggregate;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * After the shuffle: merges the partial states of one shard and computes the feature rows of its
 * keys. It holds one shard at a time; choose the number of shards so that a shard fits. Not
 * thread-safe.
 */
final class TileMerger implements ShardAggregator {

  private final BoundAggregates plan;
  private final TileGrid grid;
  private final long from;
  private final long to;
  private final States[] states;
  private final KeyTable keys;
  private final Cells cells = new Cells();
  private int[] ids = {};

  /**
   * @param from the first row time that is wanted, in microseconds
   * @param to the first row time that is not wanted any more
   */
  TileMerger(BoundAggregates plan, long from, long to) {
    this.plan = plan;
    this.grid = plan.grid();
    this.from = from;
    this.to = to;
    this.states = plan.newStates();
    this.keys = new KeyTable(plan.keyTypes());
  }

  /** Adds what a {@link TileAggregator} of the same plan drained for this shard. */
  @Override
  public void add(RecordBatch partial) {
    int size = partial.size();
    int keyCount = plan.keyTypes().size();
    if (ids.length < size) {
      ids = new int[size];
    }
    keys.assign(partial.columns().subList(0, keyCount), size, ids);
    long[] tiles = ((LongColumn) partial.column(keyCount)).values();
    int[] slots = new int[size];
    for (int i = 0; i < size; i++) {
      slots[i] = cells.cell(ids[i], tiles[i]);
    }
    for (States part : states) {
      part.ensure(cells.size());
    }
    List<Column> columns = partial.columns();
    States.mergeSaved(states, columns.subList(keyCount + 1, columns.size()), slots);
  }

  /** Hands out the feature rows of all keys, and starts anew. */
  @Override
  public void finish(Consumer<RecordBatch> out) {
    int size = cells.size();
    int[] keyOf = new int[size];
    long[] tileOf = new long[size];
    for (int cell = 0; cell < size; cell++) {
      keyOf[cell] = cells.key(cell);
      tileOf[cell] = cells.tile(cell);
    }
    KeyedItems items = KeyedItems.sort(size, keys.size(), keyOf, tileOf, Comparator.naturalOrder());
    int[] order = items.order();
    long[] itemTimes = new long[size];
    for (int i = 0; i < size; i++) {
      itemTimes[i] = grid.start(tileOf[order[i]]);
    }
    RowTimes rows = RowTimes.hops(plan.hops(), from, to);
    new FeatureRows(plan, rows, FeatureRows.keyAndTime(keys), out)
        .emit(keys.size(), states, items, itemTimes);
    clear(size);
  }

  private void clear(int size) {
    for (States part : states) {
      for (int slot = 0; slot < size; slot++) {
        part.clear(slot);
      }
    }
    cells.clear();
    keys.clear();
  }
}
