package io.featurebeam.aggregate;

import io.featurebeam.columnar.RecordBatch;
import java.util.function.ObjIntConsumer;

/** Before the shuffle: takes records and hands them out, reduced or not, by shards of keys. */
public interface ShardSplitter {

  /** Adds records; their event time must not be null. */
  void add(RecordBatch batch);

  /** Whether so much is held that it is time to {@link #drain}. */
  boolean isFull();

  /** Hands out all that is held as batches with their shard, from 0, and starts anew. */
  void drain(ObjIntConsumer<RecordBatch> out);
}
