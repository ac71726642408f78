package io.featurebeam.io.file.write;

import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A record as a {@code tf.Example}, straight from the columns into the wire format of protocol
 * buffers. Written from the last byte to the first, since a length stands before what it measures.
 *
 * <pre>
 * message Example  { Features features = 1; }
 * message Features { map&lt;string, Feature&gt; feature = 1; }
 * message Feature  { oneof kind { BytesList bytes_list = 1; FloatList float_list = 2; Int64List int64_list = 3; } }
 * message BytesList { repeated bytes value = 1; }   // and packed float and int64 in the other two
 * </pre>
 */
final class ExampleEncoder {

  private static final VarHandle FLOATS =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

  private static final byte FIRST = 1 << 3 | 2; // a field's number, and 2: its length follows
  private static final byte SECOND = 2 << 3 | 2;
  private static final byte BYTES_LIST = FIRST;
  private static final byte FLOAT_LIST = SECOND;
  private static final byte INT64_LIST = 3 << 3 | 2;
  private static final int MAX_VARINT = 10;
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private final RecordSchema schema;
  private final byte[][] keys;
  private byte[] buffer = new byte[1 << 12];
  private int at;

  ExampleEncoder(RecordSchema schema) {
    this.schema = schema;
    this.keys = new byte[schema.size()][];
    for (int c = 0; c < keys.length; c++) {
      keys[c] = schema.field(c).name().getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Where the message lies until the next is encoded. */
  byte[] bytes() {
    return buffer;
  }

  int from() {
    return at;
  }

  int length() {
    return buffer.length - at;
  }

  void encode(RecordBatch batch, int row) {
    at = buffer.length;
    for (int c = keys.length - 1; c >= 0; c--) {
      Column column = batch.column(c);
      if (!column.isNull(row)) {
        int before = length();
        byte kind = values(c, column, row);
        begin(before, kind);
        begin(before, SECOND);
        put(keys[c], 0, keys[c].length);
        begin(length() - keys[c].length, FIRST);
        begin(before, FIRST);
      }
    }
    begin(0, FIRST);
  }

  /** The list of the feature; which field of Feature it is. */
  private byte values(int c, Column column, int row) {
    return column instanceof ListColumn list
        ? values(c, list.elements(), list.start(row), list.end(row))
        : values(c, column, row, row + 1);
  }

  private byte values(int c, Column column, int from, int to) {
    int before = length();
    if (column instanceof DoubleColumn doubles) {
      for (int i = to - 1; i >= from; i--) {
        putFloat(doubles.isNull(i) ? Float.NaN : (float) doubles.get(i));
      }
      beginPacked(before);
      return FLOAT_LIST;
    }
    if (column instanceof BytesColumn bytes) {
      for (int i = to - 1; i >= from; i--) {
        checkNotNull(c, bytes, i);
        int end = length();
        int code = bytes.code(i);
        put(bytes.slices().data(), bytes.slices().start(code), bytes.slices().length(code));
        begin(end, FIRST);
      }
      return BYTES_LIST;
    }
    for (int i = to - 1; i >= from; i--) {
      checkNotNull(c, column, i);
      putVarint(
          column instanceof LongColumn longs
              ? longs.get(i)
              : ((BooleanColumn) column).get(i) ? 1 : 0);
    }
    beginPacked(before);
    return INT64_LIST;
  }

  private void checkNotNull(int c, Column column, int i) {
    if (column.isNull(i)) {
      throw new IllegalArgumentException(
          "Column '"
              + schema.field(c).name()
              + "' has a null within a list (a list of tf.Example holds none; leave the column out,"
              + " or write parquet)");
    }
  }

  /** An empty packed field is not there at all. */
  private void beginPacked(int before) {
    if (length() > before) {
      begin(before, FIRST);
    }
  }

  /** Tag and length of what was put since {@code before}. */
  private void begin(int before, byte tag) {
    int length = length() - before;
    if (length < 0x80) {
      reserve(2);
      buffer[--at] = (byte) length;
    } else {
      putVarint(length);
      reserve(1);
    }
    buffer[--at] = tag;
  }

  private void putVarint(long value) {
    reserve(MAX_VARINT);
    int size = (Long.SIZE + 6 - Long.numberOfLeadingZeros(value | 1)) / 7;
    at -= size;
    long rest = value;
    for (int i = 0; i < size - 1; i++) {
      buffer[at + i] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[at + size - 1] = (byte) rest;
  }

  private void putFloat(float value) {
    reserve(Float.BYTES);
    at -= Float.BYTES;
    FLOATS.set(buffer, at, value);
  }

  private void put(byte[] source, int from, int length) {
    reserve(length);
    at -= length;
    System.arraycopy(source, from, buffer, at, length);
  }

  private void reserve(int bytes) {
    if (at < bytes) {
      grow(bytes);
    }
  }

  private void grow(int bytes) {
    int length = length();
    long needed = (long) length + bytes;
    if (needed > MAX_ARRAY) {
      throw new IllegalArgumentException(
          "A record of more than 2 GiB (a tf.Example holds no more; write parquet)");
    }
    byte[] larger = new byte[(int) Math.min(MAX_ARRAY, Math.max(needed, 2L * buffer.length))];
    System.arraycopy(buffer, at, larger, larger.length - length, length);
    buffer = larger;
    at = larger.length - length;
  }
}
