package io.featurebeam.io.file.parquet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.LocalDate;
import java.time.temporal.JulianFields;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** PLAIN: the values one after the other. */
final class PlainValues extends PageValues {

  private static final long EPOCH_JULIAN_DAY = LocalDate.EPOCH.getLong(JulianFields.JULIAN_DAY);
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private final PrimitiveTypeName physical;

  /** Bytes of a value, or 0 if each says its own. */
  private final int width;

  private byte[] bytes = new byte[0];
  private int at;
  private int end;
  private int bit;

  PlainValues(PrimitiveType type) {
    physical = type.getPrimitiveTypeName();
    width = width(type);
  }

  /** Bytes of a value in memory order, or 0 if they differ (or are less than one). */
  static int width(PrimitiveType type) {
    return switch (type.getPrimitiveTypeName()) {
      case INT32, FLOAT -> 4;
      case INT64, DOUBLE -> 8;
      case INT96 -> 12;
      case FIXED_LEN_BYTE_ARRAY -> type.getTypeLength();
      case BINARY, BOOLEAN -> 0;
    };
  }

  PlainValues start(byte[] source, int from, int to) {
    bytes = source;
    at = from;
    end = to;
    bit = 0;
    return this;
  }

  private void need(long length) {
    if (length > end - at) {
      throw new IndexOutOfBoundsException("values end " + (length - (end - at)) + " bytes early");
    }
  }

  @Override
  void longs(long[] out, int from, int count) {
    int stop = from + count;
    if (width == 0) {
      for (int i = from; i < stop; i++) {
        int length = nextLength();
        out[i] = LittleEndian.bigEndian(bytes, at, length);
        at += length;
      }
      return;
    }
    need((long) count * width);
    switch (physical) {
      case INT64 -> view(count).asLongBuffer().get(out, from, count);
      case INT32 -> {
        for (int i = from; i < stop; i++) {
          out[i] = LittleEndian.intAt(bytes, at + ((i - from) << 2));
        }
      }
      case INT96 -> {
        for (int i = from, p = at; i < stop; i++, p += 12) {
          long nanos = LittleEndian.longAt(bytes, p);
          long day = LittleEndian.intAt(bytes, p + 8) - EPOCH_JULIAN_DAY;
          out[i] = day * MICROS_PER_DAY + Math.floorDiv(nanos, 1000L);
        }
      }
      default -> {
        for (int i = from, p = at; i < stop; i++, p += width) {
          out[i] = LittleEndian.bigEndian(bytes, p, width);
        }
      }
    }
    at += count * width;
  }

  @Override
  void doubles(double[] out, int from, int count) {
    need((long) count * width);
    int stop = from + count;
    if (width == 8) {
      view(count).asDoubleBuffer().get(out, from, count);
    } else if (width == 4) {
      for (int i = from; i < stop; i++) {
        out[i] = Float.intBitsToFloat(LittleEndian.intAt(bytes, at + ((i - from) << 2)));
      }
    } else {
      for (int i = from, p = at; i < stop; i++, p += 2) {
        out[i] = Float16.toDouble((bytes[p] & 0xFF) | (bytes[p + 1] << 8));
      }
    }
    at += count * width;
  }

  private ByteBuffer view(int count) {
    return ByteBuffer.wrap(bytes, at, count * width).slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  void bits(long[] out, int from, int count) {
    need((bit + (long) count + 7) >> 3);
    Bits.copy(bytes, ((long) at << 3) + bit, out, from, count);
    advanceBits(count);
  }

  private void advanceBits(int count) {
    long next = bit + (long) count;
    at += (int) (next >> 3);
    bit = (int) (next & 7);
  }

  @Override
  void slices(SliceSink out, int count) {
    if (physical == PrimitiveTypeName.INT32 || physical == PrimitiveTypeName.INT64) {
      longsAsSlices(this, out, count);
      return;
    }
    if (width > 0) {
      long total = (long) count * width;
      need(total);
      out.reserve(count, total);
      for (int i = 0; i < count; i++, at += width) {
        out.append(bytes, at, width);
      }
      return;
    }
    // Whatever the lengths say, the strings together are no longer than what is left of the page.
    for (int done = 0; done < count; ) {
      int n = Math.min(count - done, 1024);
      int start = at;
      for (int i = 0; i < n; i++) {
        skipOne();
      }
      out.reserve(n, at - start);
      for (int i = 0, p = start; i < n; i++) {
        int length = LittleEndian.intAt(bytes, p);
        out.append(bytes, p + 4, length);
        p += 4 + length;
      }
      done += n;
    }
  }

  /** The length in front of a byte string, checked; moves behind it. */
  private int nextLength() {
    need(4);
    int length = LittleEndian.intAt(bytes, at);
    at += 4;
    if (length < 0 || length > end - at) {
      throw new IndexOutOfBoundsException("a byte string of " + length + " bytes");
    }
    return length;
  }

  private void skipOne() {
    int length = nextLength(); // not `at += nextLength()`, which would add to the place before
    at += length;
  }

  @Override
  void skip(int count) {
    if (physical == PrimitiveTypeName.BOOLEAN) {
      need((bit + (long) count + 7) >> 3);
      advanceBits(count);
    } else if (width > 0) {
      need((long) count * width);
      at += count * width;
    } else {
      for (int i = 0; i < count; i++) {
        skipOne();
      }
    }
  }
}
