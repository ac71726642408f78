package io.featurebeam.columnar;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values of float64; NaN is a value, not a null. */
public final class DoubleColumn extends Column {

  private final double[] values;

  /** Takes ownership of {@code values}, of which the first {@code size} count. */
  public DoubleColumn(double[] values, int size, @Nullable Bitmap validity) {
    super(FieldType.FLOAT64, FieldType.Storage.DOUBLE, size, validity);
    if (values.length < size) {
      throw new IllegalArgumentException(values.length + " values for " + size + " rows");
    }
    this.values = values;
  }

  public static DoubleColumn of(double... values) {
    return new DoubleColumn(values, values.length, null);
  }

  /** The array itself (it may be longer than the column): read only. */
  public double[] values() {
    return values;
  }

  public double get(int row) {
    return values[row];
  }

  @Override
  Object boxed(int row) {
    return values[row];
  }

  @Override
  public DoubleColumn gather(int[] rows) {
    double[] result = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      result[i] = values[rows[i]];
    }
    return new DoubleColumn(result, rows.length, gatherValidity(rows));
  }

  @Override
  public DoubleColumn slice(int from, int to) {
    Bitmap validity = sliceValidity(from, to);
    return new DoubleColumn(Arrays.copyOfRange(values, from, to), to - from, validity);
  }

  @Override
  public long byteSize() {
    return 8L * size();
  }

  static DoubleColumn concat(List<Column> columns, int total, @Nullable Bitmap validity) {
    double[] result = new double[total];
    int at = 0;
    for (Column column : columns) {
      System.arraycopy(((DoubleColumn) column).values, 0, result, at, column.size());
      at += column.size();
    }
    return new DoubleColumn(result, total, validity);
  }
}
