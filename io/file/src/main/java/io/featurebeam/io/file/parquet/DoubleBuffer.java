package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.DoubleColumn;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Floating-point numbers; NaN stays a value. */
class DoubleBuffer extends ColumnBuffer {

  double[] values = new double[0];

  @Override
  void start(int capacity) {
    values = new double[capacity];
  }

  @Override
  void ensure(int capacity) {
    if (capacity > values.length) {
      values = Arrays.copyOf(values, Math.max(capacity, values.length * 2));
    }
  }

  @Override
  void append(PageValues page, int at, int count) {
    page.doubles(values, at, count);
  }

  @Override
  final void spread(int at, int count, int present, long[] validity) {
    int source = at + present;
    for (int i = at + count - 1; i >= source; i--) {
      values[i] = Bits.get(validity, i) ? values[--source] : 0;
    }
  }

  @Override
  final DoubleColumn build(int size, @Nullable Bitmap validity) {
    return new DoubleColumn(values, size, validity);
  }
}
