package io.featurebeam.profile;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.Hashing;
import io.featurebeam.profile.ColumnProfile.Detail;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Of float64: NaN and infinities are counted apart, -0.0 counts as 0.0. */
final class DoubleStats extends NumberStats {

  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  @Override
  void accumulate(Column column, int @Nullable [] sample) {
    double[] values = ((DoubleColumn) column).values();
    Bitmap validity = column.validity();
    int size = column.size();
    reserve(size);
    int valid = size - column.nullCount();
    int n = 0;
    for (int i = 0; i < size; i++) {
      doubles[n] = values[i] + 0.0; // turns -0.0 into 0.0
      n += isFinite(values[i]) && (validity == null || validity.get(i)) ? 1 : 0;
    }
    if (n < valid) {
      addOthers(values, validity, size);
    }
    for (int i = 0; i < n; i++) {
      double value = doubles[i];
      min = Math.min(min, value);
      max = Math.max(max, value);
      zeros += value == 0 ? 1 : 0;
      bits[i] = Double.doubleToRawLongBits(value);
    }
    addFinite(n);
    addHashes(bits, n);
    if (sample == null) {
      addQuantiles(doubles, n, false);
      return;
    }
    int chosen = 0;
    for (int row : sample) {
      doubles[chosen] = values[row] + 0.0;
      chosen += isFinite(values[row]) && (validity == null || validity.get(row)) ? 1 : 0;
    }
    addQuantiles(doubles, chosen, true);
  }

  private static boolean isFinite(double value) {
    return Math.abs(value) <= Double.MAX_VALUE;
  }

  private void addOthers(double[] values, @Nullable Bitmap validity, int size) {
    for (int i = 0; i < size; i++) {
      if (!isFinite(values[i]) && (validity == null || validity.get(i))) {
        nan += Double.isNaN(values[i]) ? 1 : 0;
        infinite += Double.isNaN(values[i]) ? 0 : 1;
        addHash(Hashing.hash(Double.doubleToLongBits(values[i])));
      }
    }
  }

  @Override
  void merge(ColumnStats other) {
    super.merge(other);
    min = Math.min(min, ((DoubleStats) other).min);
    max = Math.max(max, ((DoubleStats) other).max);
  }

  @Override
  boolean isWhole() {
    return false;
  }

  @Override
  double toDouble(long key) {
    return Double.longBitsToDouble(key);
  }

  @Override
  String text(long key) {
    return Double.toString(Double.longBitsToDouble(key));
  }

  @Override
  Detail detail() {
    return min > max ? detail(null, null) : detail(min, max);
  }

  @Override
  void save(DataOutput out) throws IOException {
    super.save(out);
    out.writeDouble(min);
    out.writeDouble(max);
  }

  @Override
  void load(ProfileReader in) {
    super.load(in);
    min = in.readDouble();
    max = in.readDouble();
  }
}
