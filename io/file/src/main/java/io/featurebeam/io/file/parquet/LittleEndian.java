package io.featurebeam.io.file.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers as Parquet lays them in bytes, at any place, aligned or not. */
final class LittleEndian {

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /**
   * A buffer is this much longer than what it holds, so that a whole long can be read at its last
   * byte.
   */
  static final int PADDING = 8;

  private LittleEndian() {}

  static int intAt(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at);
  }

  static long longAt(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at);
  }

  static void putLong(byte[] bytes, int at, long value) {
    LONGS.set(bytes, at, value);
  }

  /**
   * The exception: decimals in byte strings are big-endian, signed; of a long one the last eight
   * bytes.
   */
  static long bigEndian(byte[] bytes, int from, int length) {
    if (length == 0) {
      return 0;
    }
    int start = Math.max(from, from + length - 8);
    long value = bytes[start];
    for (int i = start + 1; i < from + length; i++) {
      value = (value << 8) | (bytes[i] & 0xFF);
    }
    return value;
  }
}
