package io.featurebeam.columnar;

import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Where batches survive the object that computes from them, by ids that are never used twice: what
 * a runner keeps of a stream's state. Another object that is given them goes on in its place.
 */
public interface Journal {
  void put(long id, RecordBatch batch);

  void remove(long id);

  /** One that does these. */
  static Journal of(BiConsumer<Long, RecordBatch> put, Consumer<Long> remove) {
    return new Journal() {
      @Override
      public void put(long id, RecordBatch batch) {
        put.accept(id, batch);
      }

      @Override
      public void remove(long id) {
        remove.accept(id);
      }
    };
  }

  /** One in memory. */
  static Journal in(Map<Long, RecordBatch> batches) {
    return of(batches::put, batches::remove);
  }
}
