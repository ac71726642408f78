package io.featurebeam.expression;

import io.featurebeam.columnar.Bitmap;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Arithmetic on the words of bitmaps, into buffers that are used again. */
final class Words {

  private Words() {}

  /** {@code buffer}, or a larger one, for {@code words} words; what it holds is unspecified. */
  static long[] room(long[] buffer, int words) {
    return buffer.length >= words ? buffer : new long[words];
  }

  /** {@code words} words of which the first {@code size} bits are set and the rest are not. */
  static void fill(long[] target, int size) {
    int words = Bitmap.wordCount(size);
    Arrays.fill(target, 0, words, -1L);
    clearTail(target, size);
  }

  /** Clears the bits of the last word behind {@code size}. */
  static void clearTail(long[] target, int size) {
    if ((size & 63) != 0) {
      target[size >> 6] &= -1L >>> (64 - (size & 63));
    }
  }

  static void clear(long[] words, int bit) {
    words[bit >> 6] &= ~(1L << bit);
  }

  static boolean get(long[] words, int bit) {
    return (words[bit >> 6] & (1L << bit)) != 0;
  }

  /**
   * A bitmap of its own of the first {@code size} bits; null for null, which stands for all set.
   */
  static @Nullable Bitmap bitmap(long @Nullable [] words, int size) {
    return words == null ? null : Bitmap.wrap(Arrays.copyOf(words, Bitmap.wordCount(size)), size);
  }
}
