package io.featurebeam.profile;

import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.profile.ColumnProfile.Detail;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Of int64, timestamp, date and time: ranges are exact, the rest is computed on doubles. */
final class LongStats extends NumberStats {

  private final FieldType type;
  private long min = Long.MAX_VALUE;
  private long max = Long.MIN_VALUE;

  LongStats(FieldType type) {
    this.type = type;
  }

  @Override
  void accumulate(Column column, int @Nullable [] sample) {
    long[] values = ((LongColumn) column).values();
    Bitmap validity = column.validity();
    int size = column.size();
    reserve(size);
    int n = 0;
    if (validity == null) {
      System.arraycopy(values, 0, bits, 0, size);
      n = size;
    } else {
      for (int i = 0; i < size; i++) {
        bits[n] = values[i];
        n += validity.get(i) ? 1 : 0;
      }
    }
    for (int i = 0; i < n; i++) {
      long value = bits[i];
      min = Math.min(min, value);
      max = Math.max(max, value);
      zeros += value == 0 ? 1 : 0;
      doubles[i] = value;
    }
    addFinite(n);
    addHashes(bits, n);
    if (sample == null) {
      addQuantiles(doubles, n, false);
      return;
    }
    int chosen = 0;
    for (int row : sample) {
      doubles[chosen] = values[row];
      chosen += validity == null || validity.get(row) ? 1 : 0;
    }
    addQuantiles(doubles, chosen, true);
  }

  @Override
  void merge(ColumnStats other) {
    super.merge(other);
    min = Math.min(min, ((LongStats) other).min);
    max = Math.max(max, ((LongStats) other).max);
  }

  @Override
  boolean isWhole() {
    return type.kind() == FieldType.Kind.INT64 || type.kind() == FieldType.Kind.DATE;
  }

  @Override
  double toDouble(long key) {
    return key;
  }

  @Override
  String text(long key) {
    return BatchPrinter.text(type, key);
  }

  @Override
  Detail detail() {
    return min > max ? detail(null, null) : detail(min, max);
  }

  @Override
  void save(DataOutput out) throws IOException {
    super.save(out);
    out.writeLong(min);
    out.writeLong(max);
  }

  @Override
  void load(ProfileReader in) {
    super.load(in);
    min = in.readLong();
    max = in.readLong();
  }
}
