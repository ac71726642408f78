package io.featurebeam.skew;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Statistics as the rows of a batch, one per count, bucket or example. */
final class SkewForm {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.required("what", FieldType.STRING),
          Field.required("of", FieldType.INT64), // a side or a column
          Field.required("index", FieldType.INT64),
          Field.required("count", FieldType.INT64),
          Field.required("high", FieldType.INT64),
          Field.required("low", FieldType.INT64),
          Field.of("keys", FieldType.listOf(FieldType.STRING)),
          Field.of("logged", FieldType.STRING),
          Field.of("recomputed", FieldType.STRING),
          Field.required("distance", FieldType.FLOAT64),
          Field.required("relative", FieldType.FLOAT64));

  private static final List<Side> SIDES = List.of(Side.LOGGED, Side.RECOMPUTED);

  private static final String PAIRS = "pairs";
  private static final String ROWS = "rows";
  private static final String ALONE = "alone";
  private static final String UNREADABLE = "unreadable";
  private static final String COUNT = "count";
  private static final String ABSOLUTE = "absolute";
  private static final String RELATIVE = "relative";
  private static final String WORST = "worst";
  private static final String OTHERS = "others";

  /** In the place of a bucket: the number of zeros, and the largest distance. */
  private static final int ZEROS = -1;

  private final RecordBatch.Builder rows = RecordBatch.builder(SCHEMA);

  private SkewForm() {}

  static RecordBatch of(SkewStats stats) {
    SkewForm form = new SkewForm();
    form.number(PAIRS, 0, 0, stats.pairs);
    for (int s = 0; s < SIDES.size(); s++) {
      SideSkew side = stats.side(SIDES.get(s));
      for (int i = 0; i < side.counts.length; i++) {
        form.number(ROWS, s, i, side.counts[i]);
      }
      form.examples(ALONE, s, side.alone);
      form.examples(UNREADABLE, s, side.unreadable);
    }
    for (int c = 0; c < stats.columns.size(); c++) {
      ColumnSkew column = stats.columns.get(c);
      for (int i = 0; i < column.counts.length; i++) {
        form.number(COUNT, c, i, column.counts[i]);
      }
      form.distances(ABSOLUTE, c, column.absolute);
      form.distances(RELATIVE, c, column.relative);
      form.examples(WORST, c, column.worst);
      form.examples(OTHERS, c, column.others);
    }
    return form.rows.build();
  }

  private void number(String what, int of, int index, long count) {
    rows.add(what, (long) of, (long) index, count, 0L, 0L, null, null, null, 0.0, 0.0);
  }

  private void distances(String what, int column, Distances distances) {
    rows.add(
        what,
        (long) column,
        (long) ZEROS,
        distances.zeros(),
        0L,
        0L,
        null,
        null,
        null,
        distances.max(),
        0.0);
    distances
        .buckets()
        .forEach(
            (index, bucket) ->
                rows.add(
                    what,
                    (long) column,
                    (long) index,
                    bucket.count(),
                    bucket.high(),
                    bucket.low(),
                    null,
                    null,
                    null,
                    0.0,
                    0.0));
  }

  private void examples(String what, int of, Examples examples) {
    for (Example example : examples.list()) {
      rows.add(
          what,
          (long) of,
          0L,
          0L,
          example.order(),
          0L,
          example.keys(),
          example.logged(),
          example.recomputed(),
          example.distance(),
          example.relative());
    }
  }

  static SkewStats read(SkewPlan plan, RecordBatch form) {
    if (!form.schema().equals(SCHEMA)) {
      throw new IllegalArgumentException("Invalid skew statistics: a batch of " + form.schema());
    }
    SkewStats stats = SkewStats.of(plan);
    for (int row = 0; row < form.size(); row++) {
      read(stats, form, row);
    }
    return stats;
  }

  private static void read(SkewStats stats, RecordBatch form, int row) {
    String what = form.bytes("what").string(row);
    long count = form.longs("count").get(row);
    if (count < 0) {
      throw new IllegalArgumentException("Invalid skew statistics: a count of " + count);
    }
    switch (what) {
      case PAIRS -> stats.pairs += count;
      case ROWS -> {
        long[] counts = side(stats, form, row).counts;
        counts[place(form, "index", row, counts.length)] += count;
      }
      case ALONE -> side(stats, form, row).alone.add(example(form, row));
      case UNREADABLE -> side(stats, form, row).unreadable.add(example(form, row));
      case COUNT -> {
        long[] counts = column(stats, form, row).counts;
        counts[place(form, "index", row, counts.length)] += count;
      }
      case ABSOLUTE -> distances(column(stats, form, row).absolute, form, row, count);
      case RELATIVE -> distances(column(stats, form, row).relative, form, row, count);
      case WORST -> column(stats, form, row).worst.add(example(form, row));
      case OTHERS -> column(stats, form, row).others.add(example(form, row));
      default ->
          throw new IllegalArgumentException("Invalid skew statistics: unknown '" + what + "'");
    }
  }

  private static void distances(Distances distances, RecordBatch form, int row, long count) {
    if (form.longs("index").get(row) == ZEROS) {
      distances.addZeros(count);
      distances.addMax(form.doubles("distance").get(row));
      return;
    }
    long high = form.longs("high").get(row);
    long low = form.longs("low").get(row);
    if (count == 0 || high < 0 || low < 0) {
      throw new IllegalArgumentException(
          "Invalid skew statistics: " + count + " distances with sums " + high + " and " + low);
    }
    distances.add(
        place(form, "index", row, Distances.MAX_BUCKETS), new Distances.Bucket(count, high, low));
  }

  private static ColumnSkew column(SkewStats stats, RecordBatch form, int row) {
    return stats.columns.get(place(form, "of", row, stats.columns.size()));
  }

  private static SideSkew side(SkewStats stats, RecordBatch form, int row) {
    return stats.side(SIDES.get(place(form, "of", row, SIDES.size())));
  }

  private static int place(RecordBatch form, String column, int row, int limit) {
    long value = form.longs(column).get(row);
    if (value < 0 || value >= limit) {
      throw new IllegalArgumentException(
          "Invalid skew statistics: "
              + column
              + " is "
              + value
              + " (must be 0 to "
              + (limit - 1)
              + ")");
    }
    return (int) value;
  }

  private static Example example(RecordBatch form, int row) {
    List<String> keys = new ArrayList<>();
    if (form.value(row, "keys") instanceof List<?> texts) {
      texts.forEach(text -> keys.add(Objects.toString(text)));
    }
    return new Example(
        keys,
        (String) form.value(row, "logged"),
        (String) form.value(row, "recomputed"),
        form.doubles("distance").get(row),
        form.doubles("relative").get(row),
        form.longs("high").get(row));
  }
}
