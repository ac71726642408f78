package io.featurebeam.columnar;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values of int64, timestamp (microseconds), date (days) or time (microseconds). */
public final class LongColumn extends Column {

  private final long[] values;

  /** Takes ownership of {@code values}, of which the first {@code size} count. */
  public LongColumn(FieldType type, long[] values, int size, @Nullable Bitmap validity) {
    super(type, FieldType.Storage.LONG, size, validity);
    if (values.length < size) {
      throw new IllegalArgumentException(values.length + " values for " + size + " rows");
    }
    this.values = values;
  }

  public static LongColumn of(FieldType type, long... values) {
    return new LongColumn(type, values, values.length, null);
  }

  /** The array itself (it may be longer than the column): read only. */
  public long[] values() {
    return values;
  }

  public long get(int row) {
    return values[row];
  }

  @Override
  Object boxed(int row) {
    return values[row];
  }

  @Override
  public LongColumn gather(int[] rows) {
    long[] result = new long[rows.length];
    for (int i = 0; i < rows.length; i++) {
      result[i] = values[rows[i]];
    }
    return new LongColumn(type(), result, rows.length, gatherValidity(rows));
  }

  @Override
  public LongColumn slice(int from, int to) {
    Bitmap validity = sliceValidity(from, to);
    return new LongColumn(type(), Arrays.copyOfRange(values, from, to), to - from, validity);
  }

  @Override
  public long byteSize() {
    return 8L * size();
  }

  static LongColumn concat(List<Column> columns, int total, @Nullable Bitmap validity) {
    long[] result = new long[total];
    int at = 0;
    for (Column column : columns) {
      System.arraycopy(((LongColumn) column).values, 0, result, at, column.size());
      at += column.size();
    }
    return new LongColumn(columns.get(0).type(), result, total, validity);
  }
}
