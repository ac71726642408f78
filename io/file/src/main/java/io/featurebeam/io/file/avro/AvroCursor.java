package io.featurebeam.io.file.avro;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Avro's binary form within one block. Trusts nothing: what is no value throws {@link
 * IllegalArgumentException}, no length is believed beyond the block's end.
 */
final class AvroCursor {

  private static final int MAX_DEPTH = 100;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  final byte[] bytes;
  int at;

  AvroCursor(byte[] bytes) {
    this.bytes = bytes;
  }

  int left() {
    return bytes.length - at;
  }

  /** Goes on behind {@code length} bytes and gives where they start. */
  int take(long length) {
    if (length < 0 || length > left()) {
      throw new IllegalArgumentException(
          "a value of " + length + " bytes where " + left() + " are left in the block");
    }
    int start = at;
    at += (int) length;
    return start;
  }

  long readLong() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = bytes[take(1)];
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw new IllegalArgumentException("a number of more than ten bytes");
  }

  int readIndex(int limit, String what) {
    long index = readLong();
    if (index < 0 || index >= limit) {
      throw new IllegalArgumentException(what + " " + index + " of " + limit);
    }
    return (int) index;
  }

  boolean readBoolean() {
    int value = bytes[take(1)];
    if (value != 0 && value != 1) {
      throw new IllegalArgumentException("a boolean of " + value + " (must be 0 or 1)");
    }
    return value == 1;
  }

  float readFloat() {
    return Float.intBitsToFloat((int) INTS.get(bytes, take(4)));
  }

  double readDouble() {
    return Double.longBitsToDouble((long) LONGS.get(bytes, take(8)));
  }

  /** How many items the next part of an array or map has; 0 at its end. */
  int readItems() {
    long count = readLong();
    if (count < 0) {
      readLong(); // the part's length in bytes
      count = -count;
    }
    // An item takes a byte or more, but for nulls, which nobody stores in such numbers.
    if (count < 0 || count > left()) {
      throw new IllegalArgumentException(
          count + " items where " + left() + " bytes are left in the block");
    }
    return (int) count;
  }

  /** Goes on behind a value of any type. */
  void skip(Schema schema) {
    skip(schema, 0);
  }

  private void skip(Schema schema, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("values nested more than " + MAX_DEPTH + " deep");
    }
    switch (schema.getType()) {
      case NULL -> {}
      case BOOLEAN -> take(1);
      case INT, LONG, ENUM -> readLong();
      case FLOAT -> take(4);
      case DOUBLE -> take(8);
      case STRING, BYTES -> take(readLong());
      case FIXED -> take(schema.getFixedSize());
      case RECORD -> {
        for (Schema.Field field : schema.getFields()) {
          skip(field.schema(), depth + 1);
        }
      }
      case UNION -> {
        List<Schema> branches = schema.getTypes();
        skip(branches.get(readIndex(branches.size(), "union branch")), depth + 1);
      }
      case ARRAY, MAP -> {
        boolean map = schema.getType() == Schema.Type.MAP;
        Schema item = map ? schema.getValueType() : schema.getElementType();
        for (int count = readItems(); count > 0; count = readItems()) {
          for (int i = 0; i < count; i++) {
            int before = at;
            if (map) {
              take(readLong());
            }
            skip(item, depth + 1);
            if (at == before) {
              break; // items of nothing: none of the others takes a byte either
            }
          }
        }
      }
    }
  }
}
