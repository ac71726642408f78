package io.featurebeam.io.lookup;

import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.Slices;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of one row, without names: a bit per column (the lowest of the first byte is the first
 * column's; 1 is a value, 0 is null), then the values that are not null, in order.
 *
 * <ul>
 *   <li>boolean: a byte, 0 or 1
 *   <li>int64, timestamp, date, time: zigzag ({@code n << 1 ^ n >> 63}) as a varint: seven bits a
 *       byte, lowest first, the high bit set in all but the last
 *   <li>float64: eight bytes, lowest first; every NaN is 0x7ff8000000000000
 *   <li>string (UTF-8), bytes: the length as a varint, then the bytes
 *   <li>list: the count as a varint, a bit per element as above, then the elements that are not
 *       null
 * </ul>
 *
 * <p>Decoding trusts nothing: any bytes give a row or an {@link IllegalArgumentException}, and take
 * memory in proportion to their number.
 */
final class RowCodec {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private RowCodec() {}

  /** Grows bytes; {@link #clear} keeps the array for the next row. */
  static final class Writer {
    private byte[] bytes = new byte[256];
    private int size;

    void clear() {
      size = 0;
    }

    byte[] bytes() {
      return bytes;
    }

    int size() {
      return size;
    }

    byte[] copy() {
      return Arrays.copyOf(bytes, size);
    }

    void row(List<Column> columns, int row) {
      int bits = size;
      zeros((columns.size() + 7) >> 3);
      for (int c = 0; c < columns.size(); c++) {
        Column column = columns.get(c);
        if (!column.isNull(row)) {
          bytes[bits + (c >> 3)] |= (byte) (1 << (c & 7));
          value(column, row);
        }
      }
    }

    private void value(Column column, int row) {
      if (column instanceof DoubleColumn c) {
        reserve(8);
        LONGS.set(bytes, size, Double.doubleToLongBits(c.values()[row]));
        size += 8;
      } else if (column instanceof LongColumn c) {
        long value = c.get(row);
        varint((value << 1) ^ (value >> 63));
      } else if (column instanceof BytesColumn c) {
        Slices slices = c.slices();
        int code = c.code(row);
        varint(slices.length(code));
        reserve(slices.length(code));
        System.arraycopy(slices.data(), slices.start(code), bytes, size, slices.length(code));
        size += slices.length(code);
      } else if (column instanceof BooleanColumn c) {
        reserve(1);
        bytes[size++] = (byte) (c.get(row) ? 1 : 0);
      } else if (column instanceof ListColumn c) {
        list(c.elements(), c.start(row), c.end(row));
      }
    }

    private void list(Column elements, int from, int to) {
      varint(to - from);
      int bits = size;
      zeros((to - from + 7) >> 3);
      for (int i = from; i < to; i++) {
        if (!elements.isNull(i)) {
          bytes[bits + ((i - from) >> 3)] |= (byte) (1 << ((i - from) & 7));
          value(elements, i);
        }
      }
    }

    private void zeros(int count) {
      reserve(count);
      Arrays.fill(bytes, size, size + count, (byte) 0);
      size += count;
    }

    private void varint(long value) {
      reserve(10);
      while ((value & ~0x7FL) != 0) {
        bytes[size++] = (byte) (value | 0x80);
        value >>>= 7;
      }
      bytes[size++] = (byte) value;
    }

    private void reserve(int more) {
      int needed = Math.addExact(size, more);
      if (needed > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length + (bytes.length >> 1)));
      }
    }
  }

  /**
   * The values of the fields, as {@link Column#value} gives them.
   *
   * @param bytes a row from place {@code from} to the end
   */
  static @Nullable Object[] decode(List<Field> fields, byte[] bytes, int from) {
    return new Reader(bytes, from).row(fields);
  }

  private static final class Reader {
    private final byte[] bytes;
    private int at;

    Reader(byte[] bytes, int from) {
      this.bytes = bytes;
      this.at = from;
    }

    @Nullable Object[] row(List<Field> fields) {
      @Nullable Object[] row = new @Nullable Object[fields.size()];
      int bits = skip((fields.size() + 7) >> 3);
      for (int c = 0; c < row.length; c++) {
        if (isSet(bits, c)) {
          row[c] = value(fields.get(c).type());
        }
      }
      if (at != bytes.length) {
        throw corrupt(bytes.length - at + " bytes are left behind its last column");
      }
      return row;
    }

    private boolean isSet(int bits, int place) {
      return (bytes[bits + (place >> 3)] & (1 << (place & 7))) != 0;
    }

    private Object value(FieldType type) {
      return switch (type.storage()) {
        case BOOLEAN -> bool();
        case LONG -> {
          long zigzag = varint();
          yield (zigzag >>> 1) ^ -(zigzag & 1);
        }
        case DOUBLE -> Double.longBitsToDouble((long) LONGS.get(bytes, skip(8)));
        case BYTES -> {
          int length = count(bytes.length - at);
          int start = skip(length);
          yield type.equals(FieldType.STRING)
              ? new String(bytes, start, length, StandardCharsets.UTF_8)
              : Arrays.copyOfRange(bytes, start, start + length);
        }
        case LIST -> list(type.element());
      };
    }

    private List<@Nullable Object> list(FieldType element) {
      int count = count((bytes.length - at) * 8L);
      int bits = skip((count + 7) >> 3);
      List<@Nullable Object> values = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        values.add(isSet(bits, i) ? value(element) : null);
      }
      return Collections.unmodifiableList(values);
    }

    private boolean bool() {
      byte value = bytes[skip(1)];
      if (value != 0 && value != 1) {
        throw corrupt("a boolean is " + value);
      }
      return value == 1;
    }

    private long varint() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        byte next = bytes[skip(1)];
        value |= (next & 0x7FL) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw corrupt("a number has more than ten bytes");
    }

    private int count(long most) {
      long count = varint();
      if (count < 0 || count > most) {
        throw corrupt("a length is " + Long.toUnsignedString(count));
      }
      return (int) count;
    }

    /** The place before moving on. */
    private int skip(int length) {
      if (length > bytes.length - at) {
        throw corrupt("it ends before its last column");
      }
      int before = at;
      at += length;
      return before;
    }

    private IllegalArgumentException corrupt(String what) {
      return new IllegalArgumentException("Invalid row at byte " + at + ": " + what);
    }
  }
}
