package io.featurebeam.aggregate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/** Sums of an int64 column in 128 bits, which no number of records overflows. */
final class LongSums extends States {
  private long[] low = {};
  private long[] high = {};

  private void add(int slot, long addLow, long addHigh) {
    long sum = low[slot] + addLow;
    int carry = Long.compareUnsigned(sum, addLow) < 0 ? 1 : 0;
    low[slot] = sum;
    high[slot] += addHigh + carry;
  }

  boolean fitsLong(int slot) {
    return high[slot] == low[slot] >> 63;
  }

  long low(int slot) {
    return low[slot];
  }

  BigInteger exact(int slot) {
    return BigInteger.valueOf(high[slot])
        .shiftLeft(64)
        .add(new BigInteger(Long.toUnsignedString(low[slot])));
  }

  double asDouble(int slot) {
    return fitsLong(slot) ? (double) low[slot] : exact(slot).doubleValue();
  }

  /** What {@link #asDouble} left out. */
  double remainder(int slot, double value) {
    return Math.abs(value) <= 1L << 53
        ? 0
        : new BigDecimal(exact(slot)).subtract(new BigDecimal(value)).doubleValue();
  }

  @Override
  public States newStates() {
    return new LongSums();
  }

  @Override
  public void ensure(int slots) {
    if (slots > low.length) {
      int length = grown(low.length, slots);
      low = Arrays.copyOf(low, length);
      high = Arrays.copyOf(high, length);
    }
  }

  @Override
  public void clear(int slot) {
    low[slot] = 0;
    high[slot] = 0;
  }

  @Override
  public void accumulate(Inputs in, int[] slots) {
    LongColumn column = (LongColumn) in.columns().get(0);
    long[] values = column.values();
    Bitmap validity = column.validity();
    for (int i = 0; i < in.size(); i++) {
      if (slots[i] >= 0 && (validity == null || validity.get(i))) {
        add(slots[i], values[i], values[i] >> 63);
      }
    }
  }

  @Override
  public void merge(int slot, States from, int fromSlot) {
    LongSums other = (LongSums) from;
    add(slot, other.low[fromSlot], other.high[fromSlot]);
  }

  @Override
  boolean slide(int slot, int[] order, int outFrom, int outTo, int inFrom, int inTo) {
    mergeAll(slot, this, order, inFrom, inTo);
    for (int i = outFrom; i < outTo; i++) {
      subtract(slot, this, order[i]);
    }
    return true;
  }

  @Override
  void subtract(int slot, States from, int fromSlot) {
    LongSums other = (LongSums) from;
    long takenLow = other.low[fromSlot];
    int borrow = Long.compareUnsigned(low[slot], takenLow) < 0 ? 1 : 0;
    low[slot] -= takenLow;
    high[slot] -= other.high[fromSlot] + borrow;
  }

  @Override
  public List<FieldType> savedTypes() {
    return List.of(FieldType.INT64, FieldType.INT64);
  }

  @Override
  public List<Column> save(int[] slots) {
    long[] lows = new long[slots.length];
    long[] highs = new long[slots.length];
    for (int i = 0; i < slots.length; i++) {
      lows[i] = low[slots[i]];
      highs[i] = high[slots[i]];
    }
    return List.of(LongColumn.of(FieldType.INT64, lows), LongColumn.of(FieldType.INT64, highs));
  }

  @Override
  public void mergeSaved(List<Column> saved, int[] slots) {
    long[] lows = ((LongColumn) saved.get(0)).values();
    long[] highs = ((LongColumn) saved.get(1)).values();
    for (int i = 0; i < slots.length; i++) {
      add(slots[i], lows[i], highs[i]);
    }
  }

  @Override
  public long byteSize(int slots) {
    return 16L * slots;
  }
}
