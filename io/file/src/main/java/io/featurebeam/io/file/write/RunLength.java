package io.featurebeam.io.file.write;

/**
 * Parquet's hybrid of run lengths and bit packing: levels and dictionary codes. A run of at least
 * eight equal values that starts at a multiple of eight becomes a run length, all else is packed.
 */
final class RunLength {

  /** The longest packed run, in groups of eight values: what every known reader takes in one go. */
  private static final int MAX_GROUPS = 1 << 12;

  private RunLength() {}

  /** The number of bits that values 0 to {@code max} need. */
  static int width(int max) {
    return 32 - Integer.numberOfLeadingZeros(max);
  }

  static void run(PageBuffer out, int value, int count, int width) {
    out.putVarint(count << 1);
    out.putPadded(value, (width + 7) >>> 3);
  }

  /** Bits as values of width one. */
  static void bits(PageBuffer out, long[] words, int count) {
    out.putVarint(((count + 7) >>> 3) << 1 | 1);
    out.putBits(words, count);
  }

  static void ints(PageBuffer out, int[] values, int count, int width) {
    int packedFrom = 0;
    int at = 0;
    while (at < count) {
      int end = runEnd(values, at, count);
      if (end - at < 8) {
        at = Math.min(count, at + 8);
        continue;
      }
      packed(out, values, packedFrom, at, width);
      run(out, values[at], end - at, width);
      at = end;
      packedFrom = end;
    }
    packed(out, values, packedFrom, count, width);
  }

  private static int runEnd(int[] values, int from, int count) {
    int value = values[from];
    int end = from + 1;
    while (end < count && values[end] == value) {
      end++;
    }
    return end;
  }

  private static void packed(PageBuffer out, int[] values, int from, int to, int width) {
    for (int at = from; at < to; ) {
      int count = Math.min(to - at, MAX_GROUPS * 8);
      out.putVarint(((count + 7) >>> 3) << 1 | 1);
      out.putPacked(values, at, count, width);
      at += count;
    }
  }
}
