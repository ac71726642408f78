package io.featurebeam.aggregate;

import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.Slices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Before the shuffle, where records are not reduced: collects them and splits them by the shard of
 * their key, so that few large slices cross the network instead of one per batch. Not thread-safe.
 */
final class KeyShards implements ShardSplitter {

  private final List<String> keyNames;
  private final @Nullable List<String> columns;
  private final int shards;
  private final long maxBytes;
  private final List<RecordBatch> batches = new ArrayList<>();
  private final KeyTable keys;
  private final Set<Slices> dictionaries = Collections.newSetFromMap(new IdentityHashMap<>());
  private long bytes;
  private long rows;

  /**
   * Full once the collected records and their dictionaries take {@code maxBytes}.
   *
   * @param columns those that go on, without positions; null for whole records with theirs
   */
  KeyShards(
      List<String> keyNames,
      List<FieldType> keyTypes,
      @Nullable List<String> columns,
      int shards,
      long maxBytes) {
    this.keyNames = keyNames;
    this.columns = columns;
    this.shards = shards;
    this.maxBytes = maxBytes;
    this.keys = new KeyTable(keyTypes);
  }

  @Override
  public void add(RecordBatch batch) {
    RecordBatch needed =
        columns == null ? batch : batch.project(columns).withPositions(Positions.unknown());
    batches.add(needed);
    rows += needed.size();
    bytes += needed.byteSize();
    needed.columns().forEach(this::addDictionary);
  }

  /** Batches of one row group share a dictionary: it counts once. */
  private void addDictionary(Column column) {
    if (column instanceof ListColumn list) {
      addDictionary(list.elements());
    } else if (column instanceof BytesColumn text
        && text.isCoded()
        && dictionaries.add(text.slices())) {
      bytes += text.slices().byteSize() + 4L * text.slices().size();
    }
  }

  @Override
  public boolean isFull() {
    return bytes >= maxBytes;
  }

  /** Hands out all records with their shard, and starts anew. */
  @Override
  public void drain(ObjIntConsumer<RecordBatch> out) {
    int maxRows = TileAggregator.drainedRows(bytes, rows, maxBytes);
    List<List<RecordBatch>> slices = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      slices.add(new ArrayList<>());
    }
    for (RecordBatch batch : batches) {
      split(batch, slices);
    }
    batches.clear();
    dictionaries.clear();
    bytes = 0;
    rows = 0;
    for (int shard = 0; shard < shards; shard++) {
      emit(slices.get(shard), maxRows, shard, out);
    }
  }

  private void split(RecordBatch batch, List<List<RecordBatch>> slices) {
    int size = batch.size();
    int[] ids = new int[size];
    keys.clear();
    keys.assign(keyNames.stream().map(batch::column).toList(), size, ids);
    int[] ends = new int[shards + 1];
    int[] shardOf = new int[size];
    for (int i = 0; i < size; i++) {
      shardOf[i] = TileAggregator.shard(keys.hash(ids[i]), shards);
      ends[shardOf[i] + 1]++;
    }
    for (int shard = 0; shard < shards; shard++) {
      ends[shard + 1] += ends[shard];
    }
    int[] next = ends.clone();
    int[] rows = new int[size];
    for (int i = 0; i < size; i++) {
      rows[next[shardOf[i]]++] = i;
    }
    for (int shard = 0; shard < shards; shard++) {
      if (ends[shard] < ends[shard + 1]) {
        slices.get(shard).add(batch.gather(Arrays.copyOfRange(rows, ends[shard], ends[shard + 1])));
      }
    }
  }

  private static void emit(
      List<RecordBatch> slices, int maxRows, int shard, ObjIntConsumer<RecordBatch> out) {
    List<RecordBatch> group = new ArrayList<>();
    int rows = 0;
    for (RecordBatch slice : slices) {
      for (int at = 0; at < slice.size(); at += maxRows) {
        RecordBatch part = slice.slice(at, Math.min(slice.size(), at + maxRows));
        if (rows > 0 && rows + part.size() > maxRows) {
          out.accept(RecordBatch.concat(group), shard);
          group.clear();
          rows = 0;
        }
        group.add(part);
        rows += part.size();
      }
    }
    if (rows > 0) {
      out.accept(RecordBatch.concat(group), shard);
    }
  }
}
