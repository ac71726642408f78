package io.featurebeam.join;

import io.featurebeam.aggregate.KeyTable;
import io.featurebeam.aggregate.KeyedItems;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.RowHashes;
import io.featurebeam.expression.Condition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a table in one shard, and which of them each label sees. Not thread-safe. */
final class AsOfRows {

  private static final int NONE = -1;

  private final AsOfGroup spec;
  private final List<String> keys;
  private final RecordSchema schema;
  private final List<RecordBatch> batches = new ArrayList<>();

  /** The condition, if it asks for nothing of the labels. */
  private final @Nullable Condition ofRowsAlone;

  /**
   * @param keys its key columns, in the order in which labels give theirs
   * @param labels the columns of the labels
   */
  AsOfRows(AsOfGroup spec, List<String> keys, RecordSchema schema, RecordSchema labels) {
    this.spec = spec;
    this.keys = keys;
    this.schema = schema;
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
  }

  /** The columns that labels get, in the order of the labels; starts anew. */
  List<Column> answer(RecordBatch labels, List<Column> labelKeys, long[] times, long[] found) {
    KeyTable table = new KeyTable(keys.stream().map(key -> schema.field(key).type()).toList());
    int[] keyOfLabel = new int[labels.size()];
    table.assign(labelKeys, labels.size(), keyOfLabel);
    RecordBatch rows = asked(table, table.size());
    int[] keyOf = new int[rows.size()];
    table.assign(keys.stream().map(rows::column).toList(), rows.size(), keyOf);
    long[] rowTimes = rows.longs(spec.eventTime()).values();
    KeyedItems items =
        KeyedItems.sort(rows.size(), table.size(), keyOf, rowTimes, ties(spec, rows));
    int[] places = new int[labels.size()];
    for (int i = 0; i < places.length; i++) {
      int from = items.start(keyOfLabel[i]);
      int to = items.end(keyOfLabel[i]);
      places[i] =
          alive(
              latest(items.order(), rowTimes, from, to, times[i]),
              from,
              items.order(),
              rowTimes,
              times[i]);
    }
    if (spec.where() != null && ofRowsAlone == null) {
      keepWhere(labels, keyOfLabel, times, rows, rowTimes, items, places);
    }
    int[] picked = new int[places.length];
    for (int i = 0; i < picked.length; i++) {
      picked[i] = places[i] < 0 ? rows.size() : items.order()[places[i]];
      if (places[i] >= 0) {
        found[i >> 6] |= 1L << i;
      }
    }
    List<Column> columns = new ArrayList<>();
    for (String column : spec.columns().keySet()) {
      Column values = rows.column(column);
      columns.add(Column.concat(List.of(values, Column.nulls(values.type(), 1))).gather(picked));
    }
    return columns;
  }

  /** The rows of the labels' keys; those without a time hold at none. */
  private RecordBatch asked(KeyTable table, int known) {
    List<RecordBatch> some = new ArrayList<>();
    for (RecordBatch batch : batches) {
      int[] keyOf = new int[batch.size()];
      table.assign(keys.stream().map(batch::column).toList(), batch.size(), keyOf);
      LongColumn times = batch.longs(spec.eventTime());
      RecordBatch ofKeys =
          batch.select(Bitmap.of(batch.size(), i -> keyOf[i] < known && !times.isNull(i)));
      some.add(ofRowsAlone == null ? ofKeys : ofRowsAlone.keep(ofKeys));
    }
    batches.clear();
    return some.isEmpty() ? RecordBatch.builder(schema).build() : RecordBatch.concat(some);
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

  /** The place itself if there is one and its row is young enough. */
  private int alive(int place, int from, int[] order, long[] rowTimes, long time) {
    if (place < from) {
      return NONE;
    }
    long age = time - rowTimes[order[place]]; // overflows only where it is above any ttl
    return spec.ttlMicros() == PointInTime.ANY_AGE || (age >= 0 && age <= spec.ttlMicros())
        ? place
        : NONE;
  }

  /** Moves each label back to the latest row for which the condition is true. */
  private void keepWhere(
      RecordBatch labels,
      int[] keyOfLabel,
      long[] times,
      RecordBatch rows,
      long[] rowTimes,
      KeyedItems items,
      int[] places) {
    RecordSchema pairs = pairs(rows.schema(), labels.schema());
    Condition where = Condition.of(spec.where(), pairs);
    int[] asking = new int[places.length];
    int count = 0;
    for (int i = 0; i < places.length; i++) {
      if (places[i] >= 0) {
        asking[count++] = i;
      }
    }
    while (count > 0) {
      int[] asked = Arrays.copyOf(asking, count);
      int[] at = Arrays.stream(asked).map(i -> items.order()[places[i]]).toArray();
      List<Column> columns = new ArrayList<>(rows.gather(at).columns());
      RecordBatch ofLabels = labels.gather(asked);
      for (int c = rows.schema().size(); c < pairs.size(); c++) {
        columns.add(ofLabels.column(pairs.field(c).name().substring(AsOfGroup.LABEL.length())));
      }
      Bitmap holds = where.holds(RecordBatch.of(pairs, count, columns));
      int still = 0;
      for (int i = 0; i < count; i++) {
        if (!holds.get(i)) {
          int label = asked[i];
          int from = items.start(keyOfLabel[label]);
          places[label] = alive(places[label] - 1, from, items.order(), rowTimes, times[label]);
          if (places[label] >= 0) {
            asking[still++] = label;
          }
        }
      }
      count = still;
    }
  }
}
