package io.featurebeam.skew;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Spelling;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a log and of a recomputation belong together, and which of their columns are
 * compared how.
 *
 * <pre>{@code
 * SkewPlan plan =
 *     SkewPlan.of(logged, recomputed, List.of("card", "paid_at"))
 *         .withTolerance(new Tolerance(1e-9, 0, 0))
 *         .withMasked(List.of("card"));
 * }</pre>
 *
 * <p>Rows belong together if all columns that identify them are equal (NaN equals NaN, 0.0 equals
 * -0.0); a null equals none, so such rows are only counted. Of several rows of one key on a side
 * the one of the highest {@link #withRevision revision} counts, where a null is the lowest. Others
 * of that revision are duplicates if they hold the same values, else they conflict, and the one
 * that counts is told by a hash of the values, so that it does not depend on the order.
 *
 * <p>Columns are compared by name. An int64 column and a float64 one are compared as float64; other
 * types must be equal. Making a plan refuses what does not fit, by name.
 */
public final class SkewPlan implements Serializable {

  private static final long serialVersionUID = 1L;

  /** The column that says which of several rows of a key is the newest, unless said otherwise. */
  public static final String DEFAULT_REVISION = "revision";

  private final RecordSchema logged;
  private final RecordSchema recomputed;
  private final List<String> on;
  private final List<String> chosen;
  private final @Nullable String namedRevision;
  private final Tolerance tolerance;
  private final Set<String> masked;
  private final List<Field> keys;
  private final List<Field> columns;

  private SkewPlan(
      RecordSchema logged,
      RecordSchema recomputed,
      List<String> on,
      List<String> chosen,
      @Nullable String namedRevision,
      Tolerance tolerance,
      Set<String> masked) {
    this.logged = logged;
    this.recomputed = recomputed;
    this.on = on;
    this.chosen = chosen;
    this.namedRevision = namedRevision;
    this.tolerance = tolerance;
    this.masked = masked;
    this.keys = keys();
    this.columns = new ArrayList<>();
    for (String name : chosen.isEmpty() ? common() : chosen) {
      columns.add(common(name, "columns"));
    }
    if (columns.isEmpty()) {
      throw new IllegalArgumentException(
          "Nothing to compare: beside "
              + String.join(", ", on)
              + " no column is in both (the log has "
              + String.join(", ", logged.names())
              + "; the recomputation has "
              + String.join(", ", recomputed.names())
              + ")");
    }
    if (namedRevision != null) {
      checkRevision();
    }
  }

  /** Compares all columns that both sides have beside those that identify a row. */
  public static SkewPlan of(RecordSchema logged, RecordSchema recomputed, List<String> on) {
    return of(logged, recomputed, on, List.of());
  }

  /** Compares these columns alone; all that both sides have if there are none. */
  public static SkewPlan of(
      RecordSchema logged, RecordSchema recomputed, List<String> on, List<String> columns) {
    Objects.requireNonNull(logged, "logged is null");
    Objects.requireNonNull(recomputed, "recomputed is null");
    Set<String> seen = new TreeSet<>(on);
    for (String name : columns) {
      if (!seen.add(name)) {
        throw new IllegalArgumentException(
            "Duplicate column: '" + name + "' of columns (it is in on, or there twice; drop one)");
      }
    }
    return new SkewPlan(
        logged,
        recomputed,
        List.copyOf(on),
        List.copyOf(columns),
        null,
        Tolerance.NONE,
        new TreeSet<>());
  }

  /** How far apart values may be. */
  public SkewPlan withTolerance(Tolerance newTolerance) {
    Objects.requireNonNull(newTolerance, "newTolerance is null");
    return new SkewPlan(logged, recomputed, on, chosen, namedRevision, newTolerance, masked);
  }

  /** The int64 or timestamp column whose highest value among the rows of a key counts. */
  public SkewPlan withRevision(String column) {
    if (!logged.contains(column) && !recomputed.contains(column)) {
      Set<String> known = new LinkedHashSet<>(logged.names());
      known.addAll(recomputed.names());
      throw new IllegalArgumentException(
          "Unknown column: '"
              + column
              + "' of revision is on neither side"
              + Spelling.hint(column, known));
    }
    return new SkewPlan(logged, recomputed, on, chosen, column, tolerance, masked);
  }

  /** Columns of which no value is shown, nor how far apart two are. */
  public SkewPlan withMasked(Collection<String> names) {
    for (String name : names) {
      if (!logged.contains(name) && !recomputed.contains(name)) {
        throw new IllegalArgumentException(
            "Unknown column: '"
                + name
                + "' of mask is on neither side"
                + Spelling.hint(name, logged.names()));
      }
    }
    return new SkewPlan(
        logged, recomputed, on, chosen, namedRevision, tolerance, new TreeSet<>(names));
  }

  private List<Field> keys() {
    if (on.isEmpty()) {
      throw new IllegalArgumentException(
          "Missing on: the columns that identify a row, such as entity key and event time");
    }
    List<Field> found = new ArrayList<>();
    for (String name : new LinkedHashSet<>(on)) {
      Field field = common(name, "on");
      if (field.type().kind() == FieldType.Kind.LIST) {
        throw new IllegalArgumentException(
            "Invalid on: '" + name + "' is " + field.type() + " (a list identifies no row)");
      }
      found.add(field);
    }
    if (found.size() < on.size()) {
      throw new IllegalArgumentException("Invalid on: a column is named twice: " + on);
    }
    return found;
  }

  private List<String> common() {
    return logged.names().stream()
        .filter(name -> recomputed.contains(name) && !on.contains(name))
        .filter(name -> !(name.equals(revision()) && orders(logged) && orders(recomputed)))
        .toList();
  }

  private Field common(String name, String where) {
    for (Side side : Side.values()) {
      if (!schema(side).contains(name)) {
        throw new IllegalArgumentException(
            "Unknown column: '"
                + name
                + "' of "
                + where
                + " is not in "
                + side
                + Spelling.hint(name, schema(side).names()));
      }
    }
    FieldType one = logged.field(name).type();
    FieldType other = recomputed.field(name).type();
    if (one.equals(other)) {
      return Field.of(name, one);
    }
    if (one.isNumeric() && other.isNumeric()) {
      return Field.of(name, FieldType.FLOAT64);
    }
    throw new IllegalArgumentException(
        "Column '"
            + name
            + "' is "
            + one
            + " in the log and "
            + other
            + " in the recomputation (give it one type, as with columns: of json and csv, or leave it"
            + " out of "
            + where
            + ")");
  }

  private RecordSchema schema(Side side) {
    return side == Side.LOGGED ? logged : recomputed;
  }

  /** The columns that identify a row. */
  public List<Field> keyFields() {
    return keys;
  }

  /** The compared columns, with the type that they are compared as. */
  public List<Field> fields() {
    return columns;
  }

  /** The columns of a side that are neither compared nor used. */
  public List<String> unused(Side side) {
    List<String> unused = new ArrayList<>(schema(side).names());
    unused.removeAll(needed(side));
    return unused;
  }

  public Tolerance tolerance() {
    return tolerance;
  }

  public boolean isMasked(String column) {
    return masked.contains(column);
  }

  private String revision() {
    return namedRevision == null ? DEFAULT_REVISION : namedRevision;
  }

  private boolean orders(RecordSchema schema) {
    return schema.field(revision()).type().storage() == FieldType.Storage.LONG;
  }

  private boolean hasRevision(Side side) {
    boolean isCompared = on.contains(revision()) || columns.stream().anyMatch(this::isRevision);
    return !isCompared && schema(side).contains(revision()) && orders(schema(side));
  }

  private boolean isRevision(Field field) {
    return field.name().equals(revision());
  }

  private void checkRevision() {
    for (Side side : Side.values()) {
      if (schema(side).contains(revision()) && !orders(schema(side))) {
        throw new IllegalArgumentException(
            "Column '"
                + revision()
                + "' is "
                + schema(side).field(revision()).type()
                + " in "
                + side
                + " (a revision must be int64, timestamp, date or time)");
      }
    }
  }

  /** What is read of a side, in the order of its columns. */
  public List<String> needed(Side side) {
    Set<String> names = new TreeSet<>(on);
    columns.forEach(field -> names.add(field.name()));
    if (hasRevision(side)) {
      names.add(revision());
    }
    return schema(side).names().stream().filter(names::contains).toList();
  }

  /** How many of the columns of {@link #prepare prepared} rows identify them: the first. */
  int keyCount() {
    return keys.size();
  }

  /** The names of the columns that identify prepared rows. */
  public List<String> preparedKeys() {
    return preparedSchema().names().subList(0, keys.size());
  }

  RecordSchema preparedSchema() {
    List<Field> fields = new ArrayList<>();
    for (Field key : keys) {
      fields.add(Field.of("key" + fields.size(), key.type()));
    }
    for (Field column : columns) {
      fields.add(Field.of("column" + fields.size(), column.type()));
    }
    fields.add(Field.of("revision", FieldType.INT64));
    fields.add(Field.required("logged", FieldType.BOOLEAN));
    return RecordSchema.of(fields);
  }

  /** The rows of a side as both sides are compared: same columns, same types. */
  public RecordBatch prepare(Side side, RecordBatch batch) {
    List<Column> prepared = new ArrayList<>();
    keys.forEach(field -> prepared.add(as(field.type(), batch.column(field.name()))));
    columns.forEach(field -> prepared.add(as(field.type(), batch.column(field.name()))));
    prepared.add(
        hasRevision(side)
            ? revisions((LongColumn) batch.column(revision()))
            : Column.nulls(FieldType.INT64, batch.size()));
    boolean isLogged = side == Side.LOGGED;
    prepared.add(
        new BooleanColumn(isLogged ? Bitmap.ones(batch.size()) : Bitmap.zeros(batch.size()), null));
    return RecordBatch.of(preparedSchema(), batch.size(), prepared);
  }

  private static LongColumn revisions(LongColumn column) {
    return new LongColumn(FieldType.INT64, column.values(), column.size(), column.validity());
  }

  private static Column as(FieldType type, Column column) {
    if (column.type().equals(type)) {
      return column;
    }
    long[] values = ((LongColumn) column).values();
    double[] widened = new double[column.size()];
    for (int i = 0; i < widened.length; i++) {
      widened[i] = values[i];
    }
    return new DoubleColumn(widened, widened.length, column.validity());
  }
}
