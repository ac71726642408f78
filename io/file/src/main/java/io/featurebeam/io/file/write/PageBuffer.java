package io.featurebeam.io.file.write;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;

/** Bytes that grow, little-endian, used again for page after page. */
final class PageBuffer {

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[1 << 12];
  private int size;

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  /** What the buffer holds in memory, used or not. */
  int capacity() {
    return bytes.length;
  }

  /** Makes room, and says where writing goes on; eight bytes more than asked for are there. */
  private void reserve(long more) {
    long needed = size + more + Long.BYTES;
    if (needed > bytes.length) {
      if (needed > Integer.MAX_VALUE - 16) {
        throw new IllegalArgumentException(
            "A page of " + needed + " bytes is too large (at most 2 GiB)");
      }
      long grown = Math.max(needed, bytes.length * 2L);
      bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 16, grown));
    }
  }

  void putByte(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  void putInt(int value) {
    reserve(Integer.BYTES);
    INTS.set(bytes, size, value);
    size += Integer.BYTES;
  }

  /** The low {@code width} bytes of {@code value}. */
  void putPadded(int value, int width) {
    reserve(Integer.BYTES);
    INTS.set(bytes, size, value);
    size += width;
  }

  void putVarint(int value) {
    reserve(5);
    int rest = value;
    while ((rest & ~0x7F) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  void putBytes(byte[] source, int from, int length) {
    reserve(length);
    System.arraycopy(source, from, bytes, size, length);
    size += length;
  }

  /** A length of four bytes and the bytes: how PLAIN writes a byte array. */
  void putLengthAndBytes(byte[] source, int from, int length) {
    reserve(Integer.BYTES + (long) length);
    INTS.set(bytes, size, length);
    System.arraycopy(source, from, bytes, size + Integer.BYTES, length);
    size += Integer.BYTES + length;
  }

  void putLongs(long[] values, int count) {
    reserve((long) count * Long.BYTES);
    ByteBuffer.wrap(bytes, size, count * Long.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asLongBuffer()
        .put(values, 0, count);
    size += count * Long.BYTES;
  }

  /** The low four bytes of each value. */
  void putInts(long[] values, int count) {
    reserve((long) count * Integer.BYTES);
    for (int i = 0; i < count; i++) {
      INTS.set(bytes, size + i * Integer.BYTES, (int) values[i]);
    }
    size += count * Integer.BYTES;
  }

  /** The first {@code count} bits of {@code words}, lowest first, in whole bytes. */
  void putBits(long[] words, int count) {
    int length = (count + 7) >>> 3;
    reserve(length + (long) Long.BYTES);
    int whole = (count + 63) >>> 6;
    for (int i = 0; i < whole; i++) {
      LONGS.set(bytes, size + i * Long.BYTES, words[i]);
    }
    size += length;
  }

  /**
   * Values of {@code width} bits each, lowest bit first, eight values to {@code width} bytes;
   * {@code count} is rounded up to a multiple of eight with zeros.
   */
  void putPacked(int[] values, int from, int count, int width) {
    int padded = (count + 7) & ~7;
    int length = (padded >>> 3) * width;
    reserve(length);
    long pending = 0;
    int bits = 0;
    int at = size;
    for (int i = 0; i < count; i++) {
      pending |= (long) values[from + i] << bits;
      bits += width;
      if (bits >= 32) {
        INTS.set(bytes, at, (int) pending);
        at += Integer.BYTES;
        pending >>>= 32;
        bits -= 32;
      }
    }
    LONGS.set(bytes, at, pending);
    Arrays.fill(bytes, Math.min(at + Long.BYTES, size + length), size + length, (byte) 0);
    size += length;
  }

  int intAt(int at) {
    return (int) INTS.get(bytes, at);
  }

  /** The bytes themselves, of which the first {@link #size()} count; valid until the next write. */
  byte[] bytes() {
    return bytes;
  }

  /** Overwrites four bytes that were written before. */
  void setInt(int at, int value) {
    INTS.set(bytes, at, value);
  }

  /** A view, valid until this buffer is written to again. */
  BytesInput toBytesInput() {
    return BytesInput.from(bytes, 0, size);
  }
}
