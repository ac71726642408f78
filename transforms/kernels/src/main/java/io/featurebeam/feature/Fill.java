package io.featurebeam.feature;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Numbers with a replacement where one is missing. */
final class Fill {

  private Fill() {}

  static DoubleColumn doubles(
      double[] values, @Nullable Bitmap validity, int size, double replacement) {
    double[] out = new double[size];
    for (int i = 0; i < size; i++) {
      out[i] = Double.isNaN(values[i]) ? replacement : values[i];
    }
    if (validity != null) {
      for (int i : validity.not().indexes()) {
        out[i] = replacement;
      }
    }
    return new DoubleColumn(out, size, null);
  }

  static Column longs(Column column, long replacement) {
    Bitmap validity = column.validity();
    if (validity == null) {
      return column;
    }
    long[] out = Arrays.copyOf(((LongColumn) column).values(), column.size());
    for (int i : validity.not().indexes()) {
      out[i] = replacement;
    }
    return new LongColumn(FieldType.INT64, out, out.length, null);
  }
}
