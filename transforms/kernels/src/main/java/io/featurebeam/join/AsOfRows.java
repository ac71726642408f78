package io.featurebeam.join;

import io.featurebeam.aggregate.KeyTable;
import io.featurebeam.aggregate.KeyedItems;
import io.featurebeam.aggregate.SpilledRecords;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.RowHashes;
import io.featurebeam.expression.Condition;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table in one shard, and which of them each label sees. Many rows go to local disk;
 * labels then look for theirs in the latest first, and those that have found none go on in earlier
 * ones. Not thread-safe.
 */
final class AsOfRows implements Closeable {

  private static final int NONE = -1;

  private final AsOfGroup spec;
  private final List<String> keys;
  private final RecordSchema schema;
  private final long maxBytes;
  private final List<RecordBatch> batches = new ArrayList<>();
  private long bytes;
  private @Nullable SpilledRecords spilled;

  /** The condition, if it asks for nothing of the labels. */
  private final @Nullable Condition ofRowsAlone;

  /**
   * @param keys its key columns, in the order in which labels give theirs
   * @param labels the columns of the labels
   * @param maxBytes how many bytes of rows are in memory
   */
  AsOfRows(
      AsOfGroup spec, List<String> keys, RecordSchema schema, RecordSchema labels, long maxBytes) {
    this.spec = spec;
    this.keys = keys;
    this.schema = schema;
    this.maxBytes = maxBytes;
    this.ofRowsAlone = ofRowsAlone(spec, schema, labels);
  }

  /** The condition of a group if it has one that asks for nothing of the labels. */
  static @Nullable Condition ofRowsAlone(AsOfGroup spec, RecordSchema schema, RecordSchema labels) {
    boolean ofRows =
        spec.where() != null
            && Condition.of(spec.where(), pairs(schema, labels)).columns().stream()
                .allMatch(schema::contains);
    return ofRows ? Condition.of(spec.where(), schema) : null;
  }

  /** The columns of a row beside those of a label, which {@code where} is about. */
  static RecordSchema pairs(RecordSchema rows, RecordSchema labels) {
    List<Field> fields = new ArrayList<>(rows.fields());
    for (Field field : labels.fields()) {
      String name = AsOfGroup.LABEL + field.name();
      if (!rows.contains(name)) {
        fields.add(new Field(name, field.type(), field.nullable()));
      }
    }
    return RecordSchema.of(fields);
  }

  void add(RecordBatch rows) {
    batches.add(rows);
    bytes += SpilledRecords.memory(rows);
    if (bytes > maxBytes) {
      spill();
    }
  }

  /** All rows go to disk; until it is closed it can be asked several times. */
  void spill() {
    if (spilled == null) {
      spilled = new SpilledRecords(spec.eventTime());
    }
    batches.replaceAll(
        batch -> {
          LongColumn times = batch.longs(spec.eventTime());
          return kept(batch, Bitmap.of(batch.size(), i -> !times.isNull(i)));
        });
    spilled.addAll(batches);
    bytes = 0;
  }

  /** Of these rows those for which the condition holds, if it is about rows alone. */
  private RecordBatch kept(RecordBatch batch, Bitmap rows) {
    RecordBatch some = batch.select(rows);
    return ofRowsAlone == null ? some : ofRowsAlone.keep(some);
  }

  /** Starts anew; what is on disk is gone. */
  @Override
  public void close() {
    batches.clear();
    bytes = 0;
    if (spilled != null) {
      SpilledRecords gone = spilled;
      spilled = null;
      gone.close();
    }
  }

  /** The columns that labels get, in the order of the labels. */
  List<Column> answer(RecordBatch labels, List<Column> labelKeys, long[] times, long[] found) {
    Search search = new Search(labels, labelKeys, times);
    if (spilled == null) {
      RecordBatch rows = search.asked(batches);
      batches.clear();
      bytes = 0;
      search.look(rows);
    } else {
      spill(); // the rest
      search.lookBack(spilled);
    }
    return search.columns(found);
  }

  /** Labels that look for their rows. */
  private final class Search {
    private final RecordBatch labels;
    private final long[] times;
    private final KeyTable table;
    private final int[] keyOf;
    private final int known;

    /** The labels that may still find a row. */
    private int[] open;

    /** By label its row among those that are picked. */
    private final int[] picked;

    private final List<RecordBatch> pickedFrom = new ArrayList<>();
    private int pickedRows;

    Search(RecordBatch labels, List<Column> labelKeys, long[] times) {
      this.labels = labels;
      this.times = times;
      table = new KeyTable(keys.stream().map(key -> schema.field(key).type()).toList());
      keyOf = new int[labels.size()];
      table.assign(labelKeys, labels.size(), keyOf);
      known = table.size();
      open = new int[labels.size()];
      Arrays.setAll(open, i -> i);
      picked = new int[labels.size()];
      Arrays.fill(picked, NONE);
    }

    /** The rows of the labels' keys; those without a time hold at none. */
    RecordBatch asked(List<RecordBatch> rows) {
      List<RecordBatch> some = new ArrayList<>();
      for (RecordBatch batch : rows) {
        int[] keyOfRow = new int[batch.size()];
        table.find(keys.stream().map(batch::column).toList(), batch.size(), keyOfRow);
        LongColumn rowTimes = batch.longs(spec.eventTime());
        some.add(
            kept(batch, Bitmap.of(batch.size(), i -> keyOfRow[i] >= 0 && !rowTimes.isNull(i))));
      }
      return some.isEmpty() ? RecordBatch.builder(schema).build() : RecordBatch.concat(some);
    }

    /** Looks at as many rows at a time as fit into memory, at the latest first. */
    void lookBack(SpilledRecords rows) {
      if (open.length == 0) {
        return;
      }
      long last = Arrays.stream(times).max().getAsLong(); // rows behind it are seen by nobody
      long first = alive(Arrays.stream(times).min().getAsLong());
      while (open.length > 0 && last >= first) {
        long from = rows.beginning(first, last, maxBytes);
        List<RecordBatch> some = new ArrayList<>();
        rows.read(from, last, block -> some.add(asked(List.of(block))));
        if (!some.isEmpty()) {
          int before = pickedRows;
          int[] asking = open;
          look(RecordBatch.concat(some));
          keepPicked(asking, before);
        }
        if (from == first) {
          break;
        }
        last = from - 1;
      }
    }

    /** The first time of a row that is young enough for a label of this time. */
    private long alive(long time) {
      long alive = time - spec.ttlMicros();
      return spec.ttlMicros() == PointInTime.ANY_AGE || alive > time ? Long.MIN_VALUE : alive;
    }

    /** Of the rows looked at last, keeps those that labels have picked. */
    private void keepPicked(int[] asking, int before) {
      RecordBatch rows = pickedFrom.remove(pickedFrom.size() - 1);
      int[] kept = new int[asking.length];
      int count = 0;
      for (int label : asking) {
        if (picked[label] >= before) {
          kept[count] = picked[label] - before;
          picked[label] = before + count++;
        }
      }
      pickedFrom.add(rows.gather(Arrays.copyOf(kept, count)));
      pickedRows = before + count;
    }

    /** Lets the labels that are open pick their rows from these, of which none is later. */
    void look(RecordBatch rows) {
      int[] keyOfRow = new int[rows.size()];
      table.find(keys.stream().map(rows::column).toList(), rows.size(), keyOfRow);
      long[] rowTimes = rows.longs(spec.eventTime()).values();
      KeyedItems items = KeyedItems.sort(rows.size(), known, keyOfRow, rowTimes, ties(spec, rows));
      int[] places = new int[open.length];
      for (int i = 0; i < places.length; i++) {
        int from = items.start(keyOf[open[i]]);
        int to = items.end(keyOf[open[i]]);
        places[i] = latest(items.order(), rowTimes, from, to, times[open[i]]);
      }
      if (spec.where() != null && ofRowsAlone == null) {
        keepWhere(rows, rowTimes, items, places);
      }
      int still = 0;
      int[] more = new int[open.length];
      for (int i = 0; i < places.length; i++) {
        int label = open[i];
        if (places[i] < items.start(keyOf[label])) {
          more[still++] = label;
        } else if (isAlive(rowTimes[items.order()[places[i]]], times[label])) {
          picked[label] = pickedRows + items.order()[places[i]];
        }
      }
      open = Arrays.copyOf(more, still);
      pickedFrom.add(rows.project(spec.columns().keySet()));
      pickedRows += rows.size();
    }

    /** Moves each label back to the latest row for which the condition is true, or that is old. */
    private void keepWhere(RecordBatch rows, long[] rowTimes, KeyedItems items, int[] places) {
      RecordSchema pairs = pairs(rows.schema(), labels.schema());
      Condition where = Condition.of(spec.where(), pairs);
      int[] asking = new int[places.length];
      Arrays.setAll(asking, i -> i);
      int count = asking.length;
      while (true) {
        int left = 0;
        for (int i = 0; i < count; i++) {
          int place = places[asking[i]];
          int label = open[asking[i]];
          if (place >= items.start(keyOf[label])
              && isAlive(rowTimes[items.order()[place]], times[label])) {
            asking[left++] = asking[i];
          }
        }
        if (left == 0) {
          return;
        }
        int[] asked = Arrays.copyOf(asking, left);
        int[] at = Arrays.stream(asked).map(i -> items.order()[places[i]]).toArray();
        List<Column> columns = new ArrayList<>(rows.gather(at).columns());
        RecordBatch ofLabels = labels.gather(Arrays.stream(asked).map(i -> open[i]).toArray());
        for (int c = rows.schema().size(); c < pairs.size(); c++) {
          columns.add(ofLabels.column(pairs.field(c).name().substring(AsOfGroup.LABEL.length())));
        }
        Bitmap holds = where.holds(RecordBatch.of(pairs, left, columns));
        count = 0;
        for (int i = 0; i < left; i++) {
          if (!holds.get(i)) {
            places[asked[i]]--;
            asking[count++] = asked[i];
          }
        }
      }
    }

    List<Column> columns(long[] found) {
      int[] rows = new int[picked.length];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = picked[i] < 0 ? pickedRows : picked[i];
        if (picked[i] >= 0) {
          found[i >> 6] |= 1L << i;
        }
      }
      List<Column> columns = new ArrayList<>();
      for (String column : spec.columns().keySet()) {
        List<Column> values = new ArrayList<>();
        pickedFrom.forEach(from -> values.add(from.column(column)));
        values.add(Column.nulls(schema.field(column).type(), 1));
        columns.add(Column.concat(values).gather(rows));
      }
      return columns;
    }
  }

  /** Which of rows of equal key and time is the later. */
  static Comparator<Integer> ties(AsOfGroup spec, RecordBatch rows) {
    long[] hashes = RowHashes.of(rows.columns(), rows.size());
    @Nullable LongColumn created = spec.created() == null ? null : rows.longs(spec.created());
    Comparator<Integer> byContent = Comparator.comparingLong(i -> hashes[i]);
    return created == null
        ? byContent
        : Comparator.<Integer>comparingLong(
                i -> created.isNull(i) ? Long.MIN_VALUE : created.get(i))
            .thenComparing(byContent);
  }

  /** The place of the last row that has begun to hold; below {@code from} for none. */
  private int latest(int[] order, long[] rowTimes, int from, int to, long time) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (spec.bounds().endsBefore(rowTimes[order[middle]], time)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low - 1;
  }

  /** Whether a row of this time is young enough. */
  private boolean isAlive(long rowTime, long time) {
    long age = time - rowTime; // overflows only where it is above any ttl
    return spec.ttlMicros() == PointInTime.ANY_AGE || (age >= 0 && age <= spec.ttlMicros());
  }
}
