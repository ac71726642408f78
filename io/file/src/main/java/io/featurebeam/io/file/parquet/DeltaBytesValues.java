package io.featurebeam.io.file.parquet;

import java.util.Arrays;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * DELTA_LENGTH_BYTE_ARRAY: all lengths, then the bytes; and DELTA_BYTE_ARRAY: for each string how
 * many bytes it shares with the one before, then the rest in the same manner.
 */
final class DeltaBytesValues extends PageValues {

  private final boolean hasPrefixes;
  private final DeltaBinaryValues numbers = new DeltaBinaryValues(PrimitiveTypeName.INT32);
  private long[] prefixes = new long[0];
  private long[] lengths = new long[0];
  private byte[] bytes = new byte[0];
  private int at;
  private int end;
  private int next;
  private int count;
  private byte[] last = new byte[64];
  private int lastLength;

  DeltaBytesValues(boolean hasPrefixes) {
    this.hasPrefixes = hasPrefixes;
  }

  /** Starts a page of at most {@code most} strings. */
  DeltaBytesValues start(byte[] source, int from, int to, int most) {
    bytes = source;
    at = from;
    end = to;
    next = 0;
    count = 0;
    lastLength = 0;
    if (from == to) { // a page of nulls only
      return this;
    }
    if (hasPrefixes) {
      prefixes = readNumbers(prefixes, most);
    }
    int prefixCount = count;
    lengths = readNumbers(lengths, most);
    if (hasPrefixes && prefixCount != count) {
      throw new IndexOutOfBoundsException(prefixCount + " prefixes for " + count + " strings");
    }
    return this;
  }

  private long[] readNumbers(long[] into, int most) {
    numbers.start(bytes, at, end);
    if (numbers.left() < 0 || numbers.left() > most) {
      throw new IndexOutOfBoundsException(numbers.left() + " strings in a page of " + most);
    }
    count = (int) numbers.left();
    long[] result = into.length < count ? new long[count] : into;
    numbers.longs(result, 0, count);
    at = numbers.position();
    return result;
  }

  @Override
  void slices(SliceSink out, int wanted) {
    if (wanted > count - next) {
      throw new IndexOutOfBoundsException("strings end " + (wanted - (count - next)) + " early");
    }
    int stop = next + wanted;
    for (; next < stop; next++) {
      int suffix = (int) checked(lengths[next], end - at);
      if (hasPrefixes) {
        int prefix = (int) checked(prefixes[next], lastLength);
        rebuild(prefix, suffix);
        out.reserve(1, lastLength);
        out.append(last, 0, lastLength);
      } else {
        out.reserve(1, suffix);
        out.append(bytes, at, suffix);
      }
      at += suffix;
    }
  }

  private void rebuild(int prefix, int suffix) {
    int length = Math.addExact(prefix, suffix);
    if (length > last.length) {
      last = Arrays.copyOf(last, Math.max(length, (int) Math.min(1 << 30, last.length * 2L)));
    }
    System.arraycopy(bytes, at, last, prefix, suffix);
    lastLength = length;
  }

  private static long checked(long length, int most) {
    if (length < 0 || length > most) {
      throw new IndexOutOfBoundsException("a byte string of " + length + " bytes");
    }
    return length;
  }

  @Override
  void longs(long[] out, int from, int wanted) {
    SliceSink sink = new SliceSink(wanted, 8 * wanted);
    slices(sink, wanted);
    for (int i = 0; i < wanted; i++) {
      out[from + i] = sink.bigEndian(i);
    }
  }

  @Override
  void doubles(double[] out, int from, int wanted) {
    SliceSink sink = new SliceSink(wanted, 2 * wanted);
    slices(sink, wanted);
    for (int i = 0; i < wanted; i++) {
      out[from + i] = Float16.toDouble((int) Short.reverseBytes((short) sink.bigEndian(i)));
    }
  }

  @Override
  void skip(int wanted) {
    for (int done = 0; done < wanted; done += 1024) {
      int n = Math.min(1024, wanted - done);
      slices(new SliceSink(n, 16 * n), n);
    }
  }
}
