package io.featurebeam.aggregate;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Puts the rows of one key after another into batches: the columns that say what a row is about,
 * and behind them the features that a {@link WindowEmitter} computes. Not thread-safe.
 */
final class FeatureRows {

  /** The first columns of some rows: their key and time, or the event itself. */
  interface Head {
    /** One value per row; {@code places} are those of the events that ask. */
    List<Column> columns(int[] keys, long[] times, int[] places);
  }

  private final BoundAggregates plan;
  private final RowTimes rows;
  private final Head head;
  private final Consumer<RecordBatch> out;
  private final WindowEmitter emitter;
  private int[] keys = new int[RecordBatch.TARGET_SIZE];
  private long[] times = new long[RecordBatch.TARGET_SIZE];
  private int[] places = new int[RecordBatch.TARGET_SIZE];
  private int size;

  FeatureRows(BoundAggregates plan, RowTimes rows, Head head, Consumer<RecordBatch> out) {
    this.plan = plan;
    this.rows = rows;
    this.head = head;
    this.out = out;
    this.emitter = new WindowEmitter(plan);
  }

  /** The head of rows that are about a key and a time. */
  static Head keyAndTime(KeyTable keys) {
    return (rowKeys, rowTimes, rowPlaces) -> {
      List<Column> columns = new ArrayList<>(keys.columns(rowKeys));
      columns.add(LongColumn.of(FieldType.TIMESTAMP, rowTimes));
      return columns;
    };
  }

  /** The head of rows that are about a key and a session, whose first item's place they bear. */
  static Head keyAndSession(KeyTable keys, long[] itemTimes) {
    return (rowKeys, rowTimes, rowPlaces) -> {
      List<Column> columns = new ArrayList<>(keys.columns(rowKeys));
      long[] starts = Arrays.stream(rowPlaces).mapToLong(place -> itemTimes[place]).toArray();
      columns.add(LongColumn.of(FieldType.TIMESTAMP, starts));
      columns.add(LongColumn.of(FieldType.TIMESTAMP, rowTimes));
      return columns;
    };
  }

  /**
   * Hands out the rows of all keys.
   *
   * @param keyCount keys are numbered from 0
   * @param states of the items, by item
   * @param items the items by key and time
   * @param itemTimes the time of the item at each place of their order
   */
  void emit(int keyCount, States[] states, KeyedItems items, long[] itemTimes) {
    for (int key = 0; key < keyCount; key++) {
      int start = items.start(key);
      int end = items.end(key);
      int count = rows.of(itemTimes, start, end);
      emitter.emit(
          states, items.order(), start, end, itemTimes, rows.times(), rows.places(), count);
      add(key, count);
      if (size >= RecordBatch.TARGET_SIZE) {
        flush();
      }
    }
    flush();
  }

  private void add(int key, int count) {
    if (size + count > keys.length) {
      int length = States.grown(keys.length, size + count);
      keys = Arrays.copyOf(keys, length);
      times = Arrays.copyOf(times, length);
      places = Arrays.copyOf(places, length);
    }
    Arrays.fill(keys, size, size + count, key);
    System.arraycopy(rows.times(), 0, times, size, count);
    System.arraycopy(rows.places(), 0, places, size, count);
    size += count;
  }

  /** One key may have had very many rows; they leave in batches of the usual size. */
  private void flush() {
    if (size == 0) {
      return;
    }
    List<Column> columns =
        new ArrayList<>(
            head.columns(
                Arrays.copyOf(keys, size),
                Arrays.copyOf(times, size),
                Arrays.copyOf(places, size)));
    columns.addAll(emitter.build());
    RecordBatch batch = RecordBatch.of(plan.outputSchema(), size, columns);
    int most = 2 * RecordBatch.TARGET_SIZE;
    for (int at = 0; at < size; at += most) {
      out.accept(batch.slice(at, Math.min(size, at + most)));
    }
    size = 0;
  }
}
