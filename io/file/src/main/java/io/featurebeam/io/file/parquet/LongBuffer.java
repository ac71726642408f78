package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.LongColumn;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Integers, timestamps, dates and times. */
final class LongBuffer extends ColumnBuffer {

  private final Conversion conversion;
  private long[] values = new long[0];

  LongBuffer(Conversion conversion) {
    this.conversion = conversion;
  }

  @Override
  void start(int capacity) {
    values = new long[capacity];
  }

  @Override
  void ensure(int capacity) {
    if (capacity > values.length) {
      values = Arrays.copyOf(values, Math.max(capacity, values.length * 2));
    }
  }

  @Override
  void append(PageValues page, int at, int count) {
    page.longs(values, at, count);
  }

  @Override
  void spread(int at, int count, int present, long[] validity) {
    spread(values, at, count, present, validity);
  }

  static void spread(long[] values, int at, int count, int present, long[] validity) {
    int source = at + present;
    for (int i = at + count - 1; i >= source; i--) {
      values[i] = Bits.get(validity, i) ? values[--source] : 0;
    }
  }

  @Override
  LongColumn build(int size, @Nullable Bitmap validity) {
    long amount = conversion.amount();
    switch (conversion.how()) {
      case UNSIGNED_INT -> {
        for (int i = 0; i < size; i++) {
          values[i] &= 0xFFFFFFFFL;
        }
      }
      case UNSIGNED_LONG -> {
        for (int i = 0; i < size; i++) {
          if (values[i] < 0) {
            throw new BadValue(
                i,
                "uint64 value "
                    + Long.toUnsignedString(values[i])
                    + " is too large (at most 9223372036854775807)");
          }
        }
      }
      case MULTIPLY -> {
        long limit = Long.MAX_VALUE / amount;
        for (int i = 0; i < size; i++) {
          if (values[i] > limit || values[i] < -limit) {
            throw new BadValue(
                i, conversion.type() + " " + values[i] + " ms is out of range (in microseconds)");
          }
          values[i] *= amount;
        }
      }
      case FLOOR_DIVIDE -> {
        for (int i = 0; i < size; i++) {
          values[i] = Math.floorDiv(values[i], amount);
        }
      }
      default -> {}
    }
    return new LongColumn(conversion.type(), values, size, validity);
  }
}
