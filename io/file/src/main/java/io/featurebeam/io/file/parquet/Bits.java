package io.featurebeam.io.file.parquet;

/** Runs of bits in words, 64 to a word, the lowest first, as in a validity bitmap. */
final class Bits {

  private Bits() {}

  /** Sets {@code count} bits from {@code from}. */
  static void set(long[] words, int from, int count) {
    int done = from;
    int stop = from + count;
    while (done < stop) {
      int n = Math.min(stop - done, 64 - (done & 63));
      words[done >> 6] |= (-1L >>> (64 - n)) << done;
      done += n;
    }
  }

  /**
   * Copies {@code count} bits of {@code source} from bit {@code bit} to the unset bits from {@code
   * from}, and gives how many of them are set. Reads up to 8 bytes too far.
   */
  static int copy(byte[] source, long bit, long[] words, int from, int count) {
    int set = 0;
    int done = from;
    int stop = from + count;
    while (done < stop) {
      // At most 56 bits, which a read of 64 holds wherever in its first byte they start.
      int n = Math.min(Math.min(stop - done, 64 - (done & 63)), 56);
      long value =
          (LittleEndian.longAt(source, (int) (bit >> 3)) >>> (bit & 7)) & (-1L >>> (64 - n));
      words[done >> 6] |= value << done;
      set += Long.bitCount(value);
      done += n;
      bit += n;
    }
    return set;
  }

  static boolean get(long[] words, int index) {
    return (words[index >> 6] & (1L << index)) != 0;
  }
}
