package io.featurebeam.columnar;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What some rows are, in 128 bits that depend on the rows alone: not on their order, nor on
 * batches, files, threads or runners. A copy of a row counts.
 *
 * <pre>{@code
 * ContentHash hash = new ContentHash();
 * hash.add(batch);
 * hash.add(ofOtherRows);
 * hash.toString();  // 32 hexadecimal digits
 * }</pre>
 *
 * <p>It is the sum, modulo 2<sup>128</sup>, of the first 16 bytes of each row's SHA-256, numbers
 * being big-endian. A row's bytes are those of its values in the order of the columns:
 *
 * <ul>
 *   <li>null: 0
 *   <li>int64, timestamp (microseconds), date (days), time (microseconds): 1 and eight bytes
 *   <li>float64: 2 and its eight bytes as of IEEE 754, one NaN standing for all and 0 for -0
 *   <li>boolean: 3, and 1 or 0
 *   <li>string (UTF-8), bytes: 4, their number in four bytes, and they
 *   <li>list: 5, the number of elements in four bytes, and each as a value
 * </ul>
 *
 * <p>Names and types of columns are no part of it. Data that differs by accident has the same hash
 * with a chance of 2<sup>-128</sup>. It is no signature: who is free to choose many rows can, with
 * great effort, choose two sets of one hash, as of any sum.
 *
 * <p>Not thread-safe.
 */
public final class ContentHash {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final int DIGEST = 32;

  private final MessageDigest digest = sha256();
  private final byte[] digested = new byte[DIGEST];
  private byte[] row = new byte[256];
  private int length;
  private long high;
  private long low;

  /** What {@link #toString()} gave, or {@link IllegalArgumentException}. */
  public static ContentHash parse(String text) {
    if (!text.matches("[0-9a-f]{32}")) {
      throw new IllegalArgumentException(
          "Invalid content hash: '" + text + "' (must be 32 hexadecimal digits)");
    }
    ContentHash hash = new ContentHash();
    hash.high = Long.parseUnsignedLong(text.substring(0, 16), 16);
    hash.low = Long.parseUnsignedLong(text.substring(16), 16);
    return hash;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /** Adds the records of a batch. */
  public void add(RecordBatch batch) {
    Column[] columns = batch.columns().toArray(Column[]::new);
    for (int i = 0; i < batch.size(); i++) {
      length = 0;
      for (Column column : columns) {
        put(column, i);
      }
      digest.update(row, 0, length);
      try {
        digest.digest(digested, 0, DIGEST);
      } catch (DigestException e) {
        throw new AssertionError("there is room for it", e);
      }
      add((long) LONGS.get(digested, 0), (long) LONGS.get(digested, 8));
    }
  }

  /** Adds the rows of another. */
  public void add(ContentHash other) {
    add(other.high, other.low);
  }

  private void add(long otherHigh, long otherLow) {
    low += otherLow;
    high += otherHigh + (Long.compareUnsigned(low, otherLow) < 0 ? 1 : 0);
  }

  private void put(Column column, int i) {
    if (column.isNull(i)) {
      tag(0, 0);
    } else if (column instanceof LongColumn longs) {
      tag(1, 8);
      put(longs.get(i));
    } else if (column instanceof DoubleColumn doubles) {
      tag(2, 8);
      put(Double.doubleToLongBits(doubles.get(i) + 0.0)); // -0 + 0 is 0
    } else if (column instanceof BooleanColumn booleans) {
      tag(3, 1);
      row[length++] = (byte) (booleans.get(i) ? 1 : 0);
    } else if (column instanceof BytesColumn bytes) {
      Slices slices = bytes.slices();
      int code = bytes.code(i);
      int size = slices.length(code);
      tag(4, 4 + size);
      put(size);
      System.arraycopy(slices.data(), slices.start(code), row, length, size);
      length += size;
    } else {
      ListColumn list = (ListColumn) column;
      tag(5, 4);
      put(list.end(i) - list.start(i));
      for (int element = list.start(i); element < list.end(i); element++) {
        put(list.elements(), element);
      }
    }
  }

  /** Says what follows, and makes room for so many bytes of it. */
  private void tag(int tag, int bytes) {
    int needed = Math.addExact(length, Math.addExact(bytes, 1));
    if (needed > row.length) {
      row = Arrays.copyOf(row, Math.max(needed, (int) Math.min(1 << 30, 2L * row.length)));
    }
    row[length++] = (byte) tag;
  }

  private void put(long value) {
    LONGS.set(row, length, value);
    length += 8;
  }

  private void put(int value) {
    INTS.set(row, length, value);
    length += 4;
  }

  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof ContentHash other && high == other.high && low == other.low;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(high * 31 + low);
  }
}
