package io.featurebeam.columnar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A few thousand records as columns: what every step takes and gives.
 *
 * <pre>{@code
 * RecordBatch batch = RecordBatch.builder(schema).add(t0, 12.5).add(t1, null).build();
 * double[] delays = ((DoubleColumn) batch.column("delay")).values();
 * RecordBatch late = batch.select(mask);
 * }</pre>
 *
 * <p>Immutable: an operation gives a new batch that shares every column it does not change. {@code
 * equals} compares schema, values and positions.
 */
public final class RecordBatch {

  /**
   * The number of records that readers aim at: large enough to amortise, small enough for the
   * cache.
   */
  public static final int TARGET_SIZE = 8192;

  private final RecordSchema schema;
  private final int size;
  private final List<Column> columns;
  private final Positions positions;

  private RecordBatch(RecordSchema schema, int size, List<Column> columns, Positions positions) {
    this.schema = schema;
    this.size = size;
    this.columns = columns;
    this.positions = positions;
  }

  /** A batch of columns that fit the schema in number, type, nullability and length. */
  public static RecordBatch of(
      RecordSchema schema, int size, List<? extends Column> columns, Positions positions) {
    if (columns.size() != schema.size()) {
      throw new IllegalArgumentException(
          columns.size() + " columns for a schema of " + schema.size() + ": " + schema);
    }
    for (int i = 0; i < columns.size(); i++) {
      check(schema.field(i), columns.get(i), size);
    }
    positions.checkSize(size);
    return new RecordBatch(schema, size, List.copyOf(columns), positions);
  }

  public static RecordBatch of(RecordSchema schema, int size, List<? extends Column> columns) {
    return of(schema, size, columns, Positions.unknown());
  }

  private static void check(Field field, Column column, int size) {
    if (!field.type().equals(column.type())) {
      throw new IllegalArgumentException(
          "Column '" + field.name() + "' is " + column.type() + " (must be " + field.type() + ")");
    }
    if (column.size() != size) {
      throw new IllegalArgumentException(
          "Column '" + field.name() + "' has " + column.size() + " rows (must be " + size + ")");
    }
    if (!field.nullable() && column.nullCount() > 0) {
      throw new IllegalArgumentException(
          "Column '" + field.name() + "' has " + column.nullCount() + " nulls (must have none)");
    }
  }

  public static Builder builder(RecordSchema schema) {
    return new Builder(schema);
  }

  public RecordSchema schema() {
    return schema;
  }

  /** The number of records. */
  public int size() {
    return size;
  }

  public List<Column> columns() {
    return columns;
  }

  public Column column(int index) {
    return columns.get(index);
  }

  /** The named column; an unknown name throws and suggests the nearest. */
  public Column column(String name) {
    return columns.get(schema.indexOf(name));
  }

  /** The int64, timestamp, date or time column of that name. */
  public LongColumn longs(String name) {
    return typed(name, LongColumn.class, "int64, timestamp, date or time");
  }

  /** The float64 column of that name. */
  public DoubleColumn doubles(String name) {
    return typed(name, DoubleColumn.class, "float64");
  }

  /** The string or bytes column of that name. */
  public BytesColumn bytes(String name) {
    return typed(name, BytesColumn.class, "string or bytes");
  }

  private <C extends Column> C typed(String name, Class<C> kind, String wanted) {
    Column column = column(name);
    if (!kind.isInstance(column)) {
      throw new IllegalArgumentException(
          "Column '" + name + "' is " + column.type() + " (must be " + wanted + ")");
    }
    return kind.cast(column);
  }

  /** Where each record was read. */
  public Positions positions() {
    return positions;
  }

  public @Nullable Object value(int row, String column) {
    return column(column).value(row);
  }

  /** The records whose bit is set; this very batch if all are. */
  public RecordBatch select(Bitmap mask) {
    if (mask.length() != size) {
      throw new IllegalArgumentException(
          "Mask of " + mask.length() + " bits for " + size + " records");
    }
    int[] rows = mask.indexes();
    return rows.length == size ? this : gather(rows);
  }

  /** The records at {@code rows}, in that order; a row may repeat. */
  public RecordBatch gather(int[] rows) {
    return new RecordBatch(
        schema,
        rows.length,
        columns.stream().map(c -> c.gather(rows)).toList(),
        positions.gather(rows));
  }

  /** Records {@code from} (inclusive) to {@code to} (exclusive). */
  public RecordBatch slice(int from, int to) {
    Objects.checkFromToIndex(from, to, size);
    if (from == 0 && to == size) {
      return this;
    }
    return new RecordBatch(
        schema,
        to - from,
        columns.stream().map(c -> c.slice(from, to)).toList(),
        positions.slice(from, to));
  }

  /** The named columns in the given order. */
  public RecordBatch project(Collection<String> names) {
    return new RecordBatch(
        schema.project(names), size, names.stream().map(this::column).toList(), positions);
  }

  /** This batch with one more column, or with the column of that name replaced. */
  public RecordBatch with(Field field, Column column) {
    return with(List.of(field), List.of(column));
  }

  /** This batch with more columns; a name that exists is replaced in its place. */
  public RecordBatch with(List<Field> fields, List<? extends Column> added) {
    RecordSchema newSchema = schema.with(fields.toArray(Field[]::new));
    List<Column> all = new ArrayList<>(columns);
    for (int i = 0; i < fields.size(); i++) {
      check(fields.get(i), added.get(i), size);
      int index = newSchema.indexOf(fields.get(i).name());
      if (index < all.size()) {
        all.set(index, added.get(i));
      } else {
        all.add(added.get(i));
      }
    }
    return new RecordBatch(newSchema, size, List.copyOf(all), positions);
  }

  public RecordBatch withPositions(Positions newPositions) {
    newPositions.checkSize(size);
    return new RecordBatch(schema, size, columns, newPositions);
  }

  /** The records of all batches, which must have one schema, one after the other. */
  public static RecordBatch concat(List<RecordBatch> batches) {
    RecordBatch first = batches.get(0);
    if (batches.size() == 1) {
      return first;
    }
    int[] sizes = new int[batches.size()];
    for (int i = 0; i < sizes.length; i++) {
      if (!batches.get(i).schema.equals(first.schema)) {
        throw new IllegalArgumentException(
            "Cannot concatenate batches of schemas "
                + first.schema
                + " and "
                + batches.get(i).schema);
      }
      sizes[i] = batches.get(i).size;
    }
    List<Column> columns = new ArrayList<>(first.columns.size());
    for (int c = 0; c < first.columns.size(); c++) {
      int index = c;
      columns.add(Column.concat(batches.stream().map(b -> b.columns.get(index)).toList()));
    }
    return new RecordBatch(
        first.schema,
        Arrays.stream(sizes).reduce(0, Math::addExact),
        List.copyOf(columns),
        Positions.concat(batches.stream().map(b -> b.positions).toList(), sizes));
  }

  /** About how many bytes of memory the columns take. */
  public long byteSize() {
    return columns.stream().mapToLong(Column::byteSize).sum();
  }

  /** A table of the first ten records, for people: {@link BatchPrinter}. */
  @Override
  public String toString() {
    return BatchPrinter.print(this, 10);
  }

  @Override
  public boolean equals(Object o) {
    if (!(o instanceof RecordBatch other)
        || size != other.size
        || !schema.equals(other.schema)
        || !positions.equal(other.positions, size)) {
      return false;
    }
    for (int c = 0; c < columns.size(); c++) {
      for (int row = 0; row < size; row++) {
        if (!same(columns.get(c).value(row), other.columns.get(c).value(row))) {
          return false;
        }
      }
    }
    return true;
  }

  /** Equal by content; a list's own equals would compare its byte arrays by identity. */
  private static boolean same(@Nullable Object a, @Nullable Object b) {
    return (a instanceof List<?> x && b instanceof List<?> y)
        ? Arrays.deepEquals(x.toArray(), y.toArray())
        : Objects.deepEquals(a, b);
  }

  @Override
  public int hashCode() {
    return schema.hashCode() * 31 + size;
  }

  /** Grows a batch record by record: for edges and tests. */
  public static final class Builder {
    private final RecordSchema schema;
    private final List<ColumnBuilder> columns;
    private int size;

    private Builder(RecordSchema schema) {
      this.schema = schema;
      this.columns = schema.fields().stream().map(f -> ColumnBuilder.of(f.type())).toList();
    }

    /** One record, a value per column in the order of the schema. */
    public Builder add(@Nullable Object... values) {
      if (values.length != columns.size()) {
        throw new IllegalArgumentException(
            values.length + " values for " + columns.size() + " columns: " + schema);
      }
      for (int i = 0; i < values.length; i++) {
        columns.get(i).append(values[i]);
      }
      return endRecord();
    }

    /** The builder of one column; after a value for each column call {@link #endRecord()}. */
    public ColumnBuilder column(int index) {
      return columns.get(index);
    }

    public Builder endRecord() {
      size++;
      return this;
    }

    /**
     * Takes back what was appended since the last {@link #endRecord()}: the record is malformed.
     */
    public void dropRecord() {
      for (ColumnBuilder column : columns) {
        column.truncate(size);
      }
    }

    public int size() {
      return size;
    }

    public RecordBatch build() {
      return build(Positions.unknown());
    }

    /** The batch so far; the builder starts anew, empty. */
    public RecordBatch build(Positions positions) {
      int built = size;
      size = 0;
      return RecordBatch.of(
          schema, built, columns.stream().map(ColumnBuilder::build).toList(), positions);
    }
  }
}
