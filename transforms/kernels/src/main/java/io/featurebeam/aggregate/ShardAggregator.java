package io.featurebeam.aggregate;

import io.featurebeam.columnar.RecordBatch;
import java.util.function.Consumer;

/** After the shuffle: takes what {@link ShardSplitter}s of the same plan drained for one shard. */
public interface ShardAggregator {

  /** Adds a batch of the shard. */
  void add(RecordBatch batch);

  /** Hands out the feature rows of all keys of the shard, and starts anew. */
  void finish(Consumer<RecordBatch> out);
}
