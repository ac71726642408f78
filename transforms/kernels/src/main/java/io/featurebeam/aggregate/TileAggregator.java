package io.featurebeam.aggregate;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ObjIntConsumer;

/**
 * Before the shuffle: reduces records to one state per key and tile, in bounded memory. What it
 * drains is split into shards by the hash of the key; {@link TileMerger} takes it from there. Not
 * thread-safe.
 */
final class TileAggregator implements ShardSplitter {

  private static final int MAX_ROWS = 1 << 15;

  /** A drained batch takes about one such part of what may be held, or less. */
  private static final int DRAINED_SHARE = 16;

  private final BoundAggregates plan;
  private final TileGrid grid;
  private final int shards;
  private final int maxCells;
  private final long maxBytes;
  private final BoundAggregates.Accumulator accumulator;
  private final States[] states;
  private final KeyTable keys;
  private final Cells cells = new Cells();
  private final RecordSchema partialSchema;
  private int[] ids = {};
  private int[] slots = {};

  /**
   * @param shards into how many groups of keys the output is split
   * @param maxCells how many pairs of key and tile are kept before {@link #isFull}
   * @param maxBytes how many bytes the states may take before {@link #isFull}
   */
  TileAggregator(BoundAggregates plan, int shards, int maxCells, long maxBytes) {
    this.plan = plan;
    this.grid = plan.grid();
    this.shards = shards;
    this.maxCells = maxCells;
    this.maxBytes = maxBytes;
    this.accumulator = plan.new Accumulator();
    this.states = plan.newStates();
    this.keys = new KeyTable(plan.keyTypes());
    this.partialSchema = partialSchema(plan, states);
  }

  /** The columns of drained batches: key, tile, and each part's saved states. */
  static RecordSchema partialSchema(BoundAggregates plan, States[] states) {
    List<Field> fields = new ArrayList<>(keyFields(plan));
    fields.add(Field.required("tile", FieldType.INT64));
    fields.addAll(partFields(states));
    return RecordSchema.of(fields);
  }

  /** The columns of the key. */
  static List<Field> keyFields(BoundAggregates plan) {
    List<Field> fields = new ArrayList<>();
    for (int k = 0; k < plan.keyTypes().size(); k++) {
      fields.add(Field.of("key" + k, plan.keyTypes().get(k)));
    }
    return fields;
  }

  /** The columns of each part's saved states; {@link States#mergeSaved} reads them. */
  static List<Field> partFields(States[] states) {
    List<Field> fields = new ArrayList<>();
    for (int p = 0; p < states.length; p++) {
      List<FieldType> types = states[p].savedTypes();
      for (int t = 0; t < types.size(); t++) {
        fields.add(Field.of("part" + p + "_" + t, types.get(t)));
      }
    }
    return fields;
  }

  /** Adds records; their event time must not be null. */
  @Override
  public void add(RecordBatch batch) {
    int size = batch.size();
    if (ids.length < size) {
      ids = new int[size];
      slots = new int[size];
    }
    keys.assign(plan.keyColumns(batch), size, ids);
    long[] times = batch.longs(plan.spec().eventTime()).values();
    for (int i = 0; i < size; i++) {
      slots[i] = cells.cell(ids[i], grid.tile(times[i]));
    }
    for (States part : states) {
      part.ensure(cells.size());
    }
    accumulator.accumulate(batch, states, slots);
  }

  /** Whether it is time to {@link #drain}. */
  @Override
  public boolean isFull() {
    return cells.size() >= maxCells || byteSize() >= maxBytes;
  }

  private long byteSize() {
    long bytes = cells.byteSize() + keys.byteSize();
    for (States part : states) {
      bytes += part.byteSize(cells.size());
    }
    return bytes;
  }

  /** Hands out all states as batches with their shard, and starts anew. */
  @Override
  public void drain(ObjIntConsumer<RecordBatch> out) {
    int size = cells.size();
    int rows = drainedRows(byteSize(), size, maxBytes);
    int[] end = new int[shards + 1];
    int[] shardOf = new int[size];
    for (int cell = 0; cell < size; cell++) {
      int shard = shard(keys.hash(cells.key(cell)), shards);
      shardOf[cell] = shard;
      end[shard + 1]++;
    }
    for (int shard = 0; shard < shards; shard++) {
      end[shard + 1] += end[shard];
    }
    int[] next = end.clone();
    int[] sorted = new int[size];
    for (int cell = 0; cell < size; cell++) {
      sorted[next[shardOf[cell]]++] = cell;
    }
    for (int shard = 0; shard < shards; shard++) {
      for (int from = end[shard]; from < end[shard + 1]; from += rows) {
        int to = Math.min(end[shard + 1], from + rows);
        out.accept(save(Arrays.copyOfRange(sorted, from, to)), shard);
      }
    }
    clear(size);
  }

  /** How many rows a drained batch has at most: fewer where they are large, so that no batch is. */
  static int drainedRows(long bytes, long rows, long maxBytes) {
    long perRow = 1 + bytes / Math.max(1, rows);
    return (int) Math.max(1, Math.min(MAX_ROWS, maxBytes / DRAINED_SHARE / perRow));
  }

  private void clear(int size) {
    for (States part : states) {
      for (int slot = 0; slot < size; slot++) {
        part.clear(slot);
      }
    }
    cells.clear();
    if (keys.size() > maxCells || keys.byteSize() > maxBytes / 4) { // else they come again soon
      keys.clear();
    }
  }

  private RecordBatch save(int[] picked) {
    int[] keyIds = new int[picked.length];
    long[] tiles = new long[picked.length];
    for (int i = 0; i < picked.length; i++) {
      keyIds[i] = cells.key(picked[i]);
      tiles[i] = cells.tile(picked[i]);
    }
    List<Column> columns = new ArrayList<>(keys.columns(keyIds));
    columns.add(LongColumn.of(FieldType.INT64, tiles));
    for (States part : states) {
      columns.addAll(part.save(picked));
    }
    return RecordBatch.of(partialSchema, picked.length, columns);
  }

  /** Which of {@code shards} a key belongs to, from the high bits of its hash. */
  static int shard(long hash, int shards) {
    return (int) (((hash >>> 32) * shards) >>> 32);
  }
}
