package io.featurebeam.transforms.validate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.rule.RowKeys;
import io.featurebeam.transforms.records.Flow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/**
 * Splits each batch so that records with equal keys meet in one shard; rejects and facts go to
 * shard -1.
 */
public final class ShardByKey extends DoFn<RecordBatch, KV<Integer, RecordBatch>> {

  private static final long serialVersionUID = 1L;

  private final ArrayList<String> keys;
  private final int shards;

  ShardByKey(List<String> keys, int shards) {
    this.keys = new ArrayList<>(keys);
    this.shards = shards;
  }

  @ProcessElement
  public void process(@Element RecordBatch batch, OutputReceiver<KV<Integer, RecordBatch>> out) {
    if (!Flow.isRecords(batch)) {
      out.output(KV.of(-1, batch));
      return;
    }
    split(batch, keys, shards, (shard, slice) -> out.output(KV.of(shard, slice)));
  }

  /** Hands on the records of each shard that has some, in order. */
  public static void split(
      RecordBatch batch, List<String> keys, int shards, BiConsumer<Integer, RecordBatch> out) {
    int[] shardOf = shardOf(batch, keys, shards);
    int[] ends = new int[shards];
    for (int shard : shardOf) {
      ends[shard]++;
    }
    int[] sizes = ends.clone();
    Arrays.parallelPrefix(ends, Integer::sum);
    int[] rows = new int[shardOf.length];
    for (int row = rows.length - 1, at; row >= 0; row--) {
      at = --ends[shardOf[row]];
      rows[at] = row;
    }
    for (int shard = 0; shard < shards; shard++) { // ends now holds where each shard begins
      if (sizes[shard] > 0) {
        int from = ends[shard];
        RecordBatch slice = batch.gather(Arrays.copyOfRange(rows, from, from + sizes[shard]));
        out.accept(shard, slice);
      }
    }
  }

  private static int[] shardOf(RecordBatch batch, List<String> keys, int shards) {
    List<Column> columns = keys.stream().map(batch::column).toList();
    long[] hashes = RowKeys.hashes(columns, batch.size());
    Bitmap complete = null;
    for (Column column : columns) {
      complete = Bitmap.both(complete, column.validity());
    }
    int[] result = new int[batch.size()];
    for (int row = 0; row < result.length; row++) {
      // A key with a null equals none: such records may go anywhere, so not all to one shard.
      boolean isKey = complete == null || complete.get(row);
      result[row] = (int) Long.remainderUnsigned(isKey ? hashes[row] : row, shards);
    }
    return result;
  }
}
