package io.featurebeam.skew;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;

/** What is gathered of one column. Not thread-safe. */
final class ColumnSkew {

  private static final int WORST = 5;
  private static final int OTHERS = 5;
  private static final double MICROS = 1e6;

  private final Field field;
  private final boolean masked;
  private final Tolerance tolerance;
  final long[] counts = new long[4];
  final Distances absolute = new Distances();
  final Distances relative = new Distances();
  final Examples worst = new Examples(WORST);
  final Examples others = new Examples(OTHERS);

  /** Places in {@link #counts}. */
  static final int EQUAL = 0;

  static final int MISSING = 1;
  static final int EXTRA = 2;
  static final int DIFFERENT = 3;

  ColumnSkew(Field field, boolean masked, Tolerance tolerance) {
    this.field = field;
    this.masked = masked;
    this.tolerance = tolerance;
  }

  /** Adds pairs of rows: {@code logged[i]} with {@code recomputed[i]}. */
  void add(Column column, int[] logged, int[] recomputed, KeyTexts keys) {
    for (int i = 0; i < logged.length; i++) {
      int a = logged[i];
      int b = recomputed[i];
      if (column.isNull(a) || column.isNull(b)) {
        boolean both = column.isNull(a) && column.isNull(b);
        add(both ? EQUAL : column.isNull(a) ? MISSING : EXTRA, column, a, b, keys);
      } else if (column instanceof DoubleColumn c) {
        addNumbers(column, a, b, keys, c.get(a), c.get(b), Math.abs(c.get(a) - c.get(b)));
      } else if (column instanceof LongColumn c) {
        addLongs(c, a, b, keys);
      } else {
        add(Values.same(column, a, b) ? EQUAL : DIFFERENT, column, a, b, keys);
      }
    }
  }

  private void addLongs(LongColumn column, int a, int b, KeyTexts keys) {
    long one = column.get(a);
    long other = column.get(b);
    long difference = one - other;
    boolean overflows = ((one ^ other) & (one ^ difference)) < 0;
    double distance = Math.abs(overflows ? (double) one - (double) other : (double) difference);
    switch (field.type().kind()) {
      case INT64 -> addNumbers(column, a, b, keys, (double) one, (double) other, distance);
      case DATE -> addTimes(column, a, b, keys, distance, distance == 0);
      default -> addTimes(column, a, b, keys, distance / MICROS, distance <= tolerance.micros());
    }
  }

  private void addTimes(
      Column column, int a, int b, KeyTexts keys, double distance, boolean holds) {
    if (!masked) {
      absolute.add(distance);
    }
    add(holds ? EQUAL : DIFFERENT, column, a, b, keys, distance, Double.NaN);
  }

  private void addNumbers(
      Column column, int a, int b, KeyTexts keys, double one, double other, double distance) {
    if (!Double.isFinite(distance)) { // NaN, an infinity, or farther apart than can be said
      boolean same = Values.same(column, a, b);
      add(same ? EQUAL : DIFFERENT, column, a, b, keys);
      return;
    }
    double size = Math.max(Math.abs(one), Math.abs(other));
    double ratio = distance == 0 ? 0 : distance / size;
    if (!masked) {
      absolute.add(distance);
      relative.add(ratio);
    }
    boolean holds = distance == 0 || tolerance.holds(distance, size);
    add(holds ? EQUAL : DIFFERENT, column, a, b, keys, distance, ratio);
  }

  /** A pair without a distance. */
  private void add(int what, Column column, int a, int b, KeyTexts keys) {
    add(what, column, a, b, keys, Double.NaN, Double.NaN);
  }

  private void add(
      int what, Column column, int a, int b, KeyTexts keys, double distance, double ratio) {
    counts[what]++;
    if (what == EQUAL || masked) {
      return;
    }
    Examples examples = Double.isNaN(distance) ? others : worst;
    long order = keys.hash(a);
    examples.offer(
        distance,
        order,
        () ->
            new Example(
                keys.of(a),
                column.isNull(a) ? null : KeyTexts.text(column, a),
                column.isNull(b) ? null : KeyTexts.text(column, b),
                distance,
                ratio,
                order));
  }

  void merge(ColumnSkew other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    absolute.merge(other.absolute);
    relative.merge(other.relative);
    worst.merge(other.worst);
    others.merge(other.others);
  }

  FeatureSkew result() {
    boolean isNumber =
        field.type().storage() == FieldType.Storage.LONG
            || field.type().storage() == FieldType.Storage.DOUBLE;
    long pairs = 0;
    for (long count : counts) {
      pairs += count;
    }
    return new FeatureSkew(
        field.name(),
        field.type(),
        masked,
        pairs,
        counts[EQUAL],
        counts[MISSING],
        counts[EXTRA],
        counts[DIFFERENT],
        isNumber ? absolute.result() : null,
        isNumber ? relative.result() : null,
        worst.list(),
        others.list());
  }
}
