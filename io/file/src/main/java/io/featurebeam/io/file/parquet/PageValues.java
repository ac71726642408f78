package io.featurebeam.io.file.parquet;

/**
 * The present values of one page, read in order and many at a time. An encoding implements the
 * kinds of target that its physical types are read into. Broken data is met with an {@link
 * IndexOutOfBoundsException}.
 */
abstract class PageValues {

  /** Integers, times and whole-number decimals, each as it is stored. */
  void longs(long[] out, int at, int count) {
    throw unsupported("integers");
  }

  /** Floating-point numbers of 2, 4 or 8 bytes. */
  void doubles(double[] out, int at, int count) {
    throw unsupported("floating-point numbers");
  }

  /** Booleans, as bits that are unset before. */
  void bits(long[] out, int at, int count) {
    throw unsupported("booleans");
  }

  /** Byte strings of any or of fixed length; integers as in {@link #longsAsSlices}. */
  void slices(SliceSink out, int count) {
    throw unsupported("byte strings");
  }

  abstract void skip(int count);

  /** Integers as eight big-endian bytes each: how a decimal that is stored so becomes text. */
  static void longsAsSlices(PageValues values, SliceSink out, int count) {
    long[] one = new long[1];
    byte[] bytes = new byte[8];
    out.reserve(count, 8L * count);
    for (int i = 0; i < count; i++) {
      values.longs(one, 0, 1);
      LittleEndian.putLong(bytes, 0, Long.reverseBytes(one[0]));
      out.append(bytes, 0, 8);
    }
  }

  private IllegalStateException unsupported(String what) {
    return new IllegalStateException(getClass().getSimpleName() + " has no " + what);
  }
}
