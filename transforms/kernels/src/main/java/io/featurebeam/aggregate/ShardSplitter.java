package io.featurebeam.aggregate;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/** Before the shuffle: takes records and hands them out, reduced or not, by shards of keys. */
public interface ShardSplitter {

  /**
   * Whole records, split by their keys.
   *
   * @param schema of the records
   * @param keys the columns whose values decide the shard; of equal types and values, one shard
   * @param columns those that go on, without positions; null for whole records with theirs
   * @param shards into how many groups keys are split
   * @param maxBytes how many bytes of records are held before it is full
   */
  static ShardSplitter ofRecords(
      RecordSchema schema,
      List<String> keys,
      @Nullable List<String> columns,
      int shards,
      long maxBytes) {
    List<FieldType> types = keys.stream().map(key -> schema.field(key).type()).toList();
    return new KeyShards(keys, types, columns, shards, maxBytes);
  }

  /** Adds records; their event time must not be null. */
  void add(RecordBatch batch);

  /** Whether so much is held that it is time to {@link #drain}. */
  boolean isFull();

  /** Hands out all that is held as batches with their shard, from 0, and starts anew. */
  void drain(ObjIntConsumer<RecordBatch> out);
}
