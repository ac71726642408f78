package io.featurebeam.io.file.parquet;

import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * DELTA_BINARY_PACKED: each integer as its difference from the one before, bit-packed in blocks
 * that say their smallest difference and, for each quarter or so of the block, a bit width.
 */
final class DeltaBinaryValues extends PageValues {

  private static final int MAX_BLOCK = 1 << 16;

  private final boolean isInt32;
  private byte[] bytes = new byte[0];
  private int at;
  private int end;

  /** Values of the page that are not given out yet. */
  private long left;

  private int miniBlocks;
  private int miniBlock;
  private int widthsAt;
  private long minDelta;
  private long last;
  private boolean first;

  /** The values of the current mini block, from {@code next} on. */
  private long[] decoded = new long[0];

  private int[] packed = new int[0];
  private int next;
  private int available;

  DeltaBinaryValues(PrimitiveTypeName physical) {
    isInt32 = physical == PrimitiveTypeName.INT32;
  }

  DeltaBinaryValues start(byte[] source, int from, int to) {
    bytes = source;
    at = from;
    end = to;
    next = 0;
    available = 0;
    left = 0;
    if (from == to) { // a page of nulls only
      return this;
    }
    long blockSize = varint();
    long perBlock = varint();
    if (blockSize <= 0
        || blockSize > MAX_BLOCK
        || perBlock <= 0
        || blockSize % perBlock != 0
        || blockSize / perBlock % 8 != 0) {
      throw new IndexOutOfBoundsException(
          "delta blocks of " + blockSize + " values in " + perBlock + " parts");
    }
    miniBlocks = (int) perBlock;
    int size = (int) (blockSize / perBlock);
    if (decoded.length != size) {
      decoded = new long[size];
      packed = new int[size];
    }
    left = varint();
    last = zigzag();
    first = true;
    miniBlock = miniBlocks;
    return this;
  }

  /** How many values there are: known before they are read. */
  long left() {
    return left;
  }

  /** Behind the last value, once all of them are read. */
  int position() {
    return at;
  }

  @Override
  void longs(long[] out, int from, int count) {
    if (count > left) {
      throw new IndexOutOfBoundsException("delta values end " + (count - left) + " early");
    }
    int done = from;
    int stop = from + count;
    if (first && count > 0) {
      first = false;
      out[done++] = last;
      left--;
    }
    while (done < stop) {
      if (available == 0) {
        nextMiniBlock();
      }
      int n = Math.min(stop - done, available);
      System.arraycopy(decoded, next, out, done, n);
      next += n;
      available -= n;
      left -= n;
      done += n;
    }
  }

  private void nextMiniBlock() {
    if (miniBlock == miniBlocks) {
      minDelta = zigzag();
      widthsAt = at;
      at += miniBlocks;
      if (at > end) {
        throw new IndexOutOfBoundsException("a delta block ends early");
      }
      miniBlock = 0;
    }
    int width = bytes[widthsAt + miniBlock] & 0xFF;
    int size = decoded.length;
    int length = (int) (((long) width * size) >> 3);
    if (width > 64 || length > end - at) {
      throw new IndexOutOfBoundsException("a delta block of bit width " + width + " ends early");
    }
    if (width <= 32) {
      BitUnpacker.unpack(bytes, at, width, packed, 0, size);
      for (int i = 0; i < size; i++) {
        decoded[i] = packed[i] & 0xFFFFFFFFL;
      }
    } else {
      unpackWide(width);
    }
    long value = last;
    for (int i = 0; i < size; i++) {
      value += minDelta + decoded[i];
      decoded[i] = isInt32 ? (int) value : value;
    }
    next = 0;
    available = (int) Math.min(size, left);
    last = decoded[size - 1];
    at += length;
    miniBlock++;
  }

  private void unpackWide(int width) {
    long mask = -1L >>> (64 - width);
    for (int i = 0; i < decoded.length; i++) {
      int bit = i * width;
      int place = at + (bit >> 3);
      int shift = bit & 7;
      long word = LittleEndian.longAt(bytes, place) >>> shift;
      if (shift + width > 64) {
        word |= (bytes[place + 8] & 0xFFL) << (64 - shift);
      }
      decoded[i] = word & mask;
    }
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at >= end) {
        break;
      }
      int b = bytes[at++];
      value |= (b & 0x7FL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new IndexOutOfBoundsException("a number in a delta block ends early");
  }

  private long zigzag() {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  @Override
  void slices(SliceSink out, int count) {
    longsAsSlices(this, out, count);
  }

  @Override
  void skip(int count) {
    long[] ignored = new long[Math.min(count, 1024)];
    for (int done = 0; done < count; done += ignored.length) {
      longs(ignored, 0, Math.min(ignored.length, count - done));
    }
  }
}
