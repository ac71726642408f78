package io.featurebeam.io.file.parquet;

/**
 * Bit-packed numbers, the lowest bits first, eight at a time: eight numbers of w bits are w bytes.
 * One unaligned read of 64 bits serves as many numbers as fit in it.
 */
final class BitUnpacker {

  private BitUnpacker() {}

  /**
   * Numbers of {@code width} (0 to 32) bits from byte {@code at}; {@code count} is a multiple of 8.
   * Reads up to 7 bytes too far.
   */
  static void unpack(byte[] in, int at, int width, int[] out, int from, int count) {
    if (width <= 8) {
      eightPerRead(in, at, width, out, from, count);
    } else if (width <= 15) {
      fourPerRead(in, at, width, out, from, count);
    } else if (width <= 28) {
      twoPerRead(in, at, width, out, from, count);
    } else {
      onePerRead(in, at, width, out, from, count);
    }
  }

  private static void eightPerRead(byte[] in, int at, int width, int[] out, int from, int count) {
    int mask = (1 << width) - 1;
    for (int i = from; i < from + count; i += 8) {
      long word = LittleEndian.longAt(in, at);
      out[i] = (int) word & mask;
      out[i + 1] = (int) (word >>> width) & mask;
      out[i + 2] = (int) (word >>> (2 * width)) & mask;
      out[i + 3] = (int) (word >>> (3 * width)) & mask;
      out[i + 4] = (int) (word >>> (4 * width)) & mask;
      out[i + 5] = (int) (word >>> (5 * width)) & mask;
      out[i + 6] = (int) (word >>> (6 * width)) & mask;
      out[i + 7] = (int) (word >>> (7 * width)) & mask;
      at += width;
    }
  }

  private static void fourPerRead(byte[] in, int at, int width, int[] out, int from, int count) {
    int mask = (1 << width) - 1;
    int half = width >> 1;
    int shift = (width & 1) << 2;
    for (int i = from; i < from + count; i += 8) {
      long low = LittleEndian.longAt(in, at);
      long high = LittleEndian.longAt(in, at + half) >>> shift;
      out[i] = (int) low & mask;
      out[i + 1] = (int) (low >>> width) & mask;
      out[i + 2] = (int) (low >>> (2 * width)) & mask;
      out[i + 3] = (int) (low >>> (3 * width)) & mask;
      out[i + 4] = (int) high & mask;
      out[i + 5] = (int) (high >>> width) & mask;
      out[i + 6] = (int) (high >>> (2 * width)) & mask;
      out[i + 7] = (int) (high >>> (3 * width)) & mask;
      at += width;
    }
  }

  private static void twoPerRead(byte[] in, int at, int width, int[] out, int from, int count) {
    int mask = (1 << width) - 1;
    int pair = 2 * width;
    for (int i = from; i < from + count; i += 8) {
      for (int j = 0; j < 4; j++) {
        int bit = j * pair;
        long word = LittleEndian.longAt(in, at + (bit >> 3)) >>> (bit & 7);
        out[i + 2 * j] = (int) word & mask;
        out[i + 2 * j + 1] = (int) (word >>> width) & mask;
      }
      at += width;
    }
  }

  private static void onePerRead(byte[] in, int at, int width, int[] out, int from, int count) {
    int mask = width == 32 ? -1 : (1 << width) - 1;
    for (int i = from; i < from + count; i += 8) {
      for (int j = 0; j < 8; j++) {
        int bit = j * width;
        out[i + j] = (int) (LittleEndian.longAt(in, at + (bit >> 3)) >>> (bit & 7)) & mask;
      }
      at += width;
    }
  }
}
