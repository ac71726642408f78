package io.featurebeam.columnar;

import java.util.Map;

/**
 * Where batches survive the object that computes from them, by ids that are never used twice: what
 * a runner keeps of a stream's state. Another object that is given them goes on in its place.
 */
public interface Journal {
  void put(long id, RecordBatch batch);

  void remove(long id);

  /** One in memory. */
  static Journal in(Map<Long, RecordBatch> batches) {
    return new Journal() {
      @Override
      public void put(long id, RecordBatch batch) {
        batches.put(id, batch);
      }

      @Override
      public void remove(long id) {
        batches.remove(id);
      }
    };
  }
}
