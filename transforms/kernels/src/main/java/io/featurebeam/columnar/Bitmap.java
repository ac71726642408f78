package io.featurebeam.columnar;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * An immutable run of bits, 64 to a word: a validity bitmap (set = not null), a mask (set =
 * selected) or the values of a boolean column. Bits past the length are always zero.
 */
public final class Bitmap {

  private final long[] words;
  private final int length;

  private Bitmap(long[] words, int length) {
    this.words = words;
    this.length = length;
  }

  /** Takes ownership of {@code words}; bits past {@code length} are cleared. */
  public static Bitmap wrap(long[] words, int length) {
    int needed = wordCount(length);
    if (words.length < needed) {
      throw new IllegalArgumentException(
          "Invalid bitmap: "
              + words.length
              + " words for "
              + length
              + " bits (needs "
              + needed
              + ")");
    }
    if ((length & 63) != 0) {
      words[needed - 1] &= -1L >>> (64 - (length & 63));
    }
    return new Bitmap(words.length == needed ? words : Arrays.copyOf(words, needed), length);
  }

  public static Bitmap ones(int length) {
    long[] words = new long[wordCount(length)];
    Arrays.fill(words, -1L);
    return wrap(words, length);
  }

  public static Bitmap zeros(int length) {
    return new Bitmap(new long[wordCount(length)], length);
  }

  /** The bits whose index satisfies a condition. */
  public static Bitmap of(int length, IntPredicate condition) {
    long[] words = new long[wordCount(length)];
    for (int i = 0; i < length; i++) {
      if (condition.test(i)) {
        words[i >> 6] |= 1L << i;
      }
    }
    return new Bitmap(words, length);
  }

  public static Bitmap of(boolean... bits) {
    long[] words = new long[wordCount(bits.length)];
    for (int i = 0; i < bits.length; i++) {
      if (bits[i]) {
        words[i >> 6] |= 1L << i;
      }
    }
    return new Bitmap(words, bits.length);
  }

  /** The number of 64-bit words that hold {@code length} bits. */
  public static int wordCount(int length) {
    return (length + 63) >>> 6;
  }

  public int length() {
    return length;
  }

  /** The words themselves, not a copy: read only. */
  public long[] words() {
    return words;
  }

  public boolean get(int index) {
    return (words[index >> 6] & (1L << index)) != 0;
  }

  public int cardinality() {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }

  public boolean isAllSet() {
    return cardinality() == length;
  }

  public boolean isEmpty() {
    for (long word : words) {
      if (word != 0) {
        return false;
      }
    }
    return true;
  }

  public Bitmap and(Bitmap other) {
    checkLength(other);
    long[] result = words.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] &= other.words[i];
    }
    return new Bitmap(result, length);
  }

  public Bitmap andNot(Bitmap other) {
    checkLength(other);
    long[] result = words.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] &= ~other.words[i];
    }
    return new Bitmap(result, length);
  }

  public Bitmap or(Bitmap other) {
    checkLength(other);
    long[] result = words.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] |= other.words[i];
    }
    return new Bitmap(result, length);
  }

  public Bitmap not() {
    long[] result = new long[words.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = ~words[i];
    }
    return wrap(result, length);
  }

  /** Both, where null stands for all set: how two validity bitmaps combine. */
  public static @Nullable Bitmap both(@Nullable Bitmap a, @Nullable Bitmap b) {
    return a == null ? b : b == null ? a : a.and(b);
  }

  /** The indexes of the set bits, ascending. */
  public int[] indexes() {
    int[] result = new int[cardinality()];
    int n = 0;
    for (int w = 0; w < words.length; w++) {
      for (long bits = words[w]; bits != 0; bits &= bits - 1) {
        result[n++] = (w << 6) + Long.numberOfTrailingZeros(bits);
      }
    }
    return result;
  }

  /** Bits {@code from} (inclusive) to {@code to} (exclusive). */
  public Bitmap slice(int from, int to) {
    Objects.checkFromToIndex(from, to, length);
    long[] result = new long[wordCount(to - from)];
    int shift = from & 63;
    int base = from >> 6;
    for (int i = 0; i < result.length; i++) {
      long low = words[base + i] >>> shift;
      long high =
          shift == 0 || base + i + 1 >= words.length ? 0 : words[base + i + 1] << (64 - shift);
      result[i] = low | high;
    }
    return wrap(result, to - from);
  }

  /** Bit {@code rows[i]} at place {@code i}. */
  public Bitmap gather(int[] rows) {
    long[] result = new long[wordCount(rows.length)];
    for (int i = 0; i < rows.length; i++) {
      int row = rows[i];
      result[i >> 6] |= ((words[row >> 6] >>> row) & 1L) << i;
    }
    return new Bitmap(result, rows.length);
  }

  private void checkLength(Bitmap other) {
    if (other.length != length) {
      throw new IllegalArgumentException(
          "Bitmaps differ in length: " + length + " and " + other.length);
    }
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Bitmap b && length == b.length && Arrays.equals(words, b.words);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words) * 31 + length;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(get(i) ? '1' : '0');
    }
    return text.toString();
  }

  /** Sets bits one by one; all start unset. */
  public static final class Builder {
    private long[] words = new long[4];
    private int length;
    private boolean anyUnset;

    public void append(boolean bit) {
      if ((length >> 6) == words.length) {
        words = Arrays.copyOf(words, words.length * 2);
      }
      if (bit) {
        words[length >> 6] |= 1L << length;
      } else {
        anyUnset = true;
      }
      length++;
    }

    /** Appends {@code count} set bits to an empty builder. */
    void appendOnes(int count) {
      words = Arrays.copyOf(ones(count).words, Math.max(4, wordCount(count)));
      length = count;
    }

    /** The bit appended last. */
    boolean last() {
      return (words[(length - 1) >> 6] >>> (length - 1) & 1) != 0;
    }

    /** Takes back the bits from {@code newLength} on. */
    void truncate(int newLength) {
      int word = newLength >> 6;
      if (word < words.length) {
        words[word] &= (1L << newLength) - 1;
        Arrays.fill(words, word + 1, Math.max(word + 1, wordCount(length)), 0);
      }
      length = newLength;
    }

    public Bitmap build() {
      return wrap(Arrays.copyOf(words, wordCount(length)), length);
    }

    /** Null if every bit is set: how a column says that it has no nulls. */
    public @Nullable Bitmap buildValidity() {
      if (!anyUnset) {
        return null;
      }
      Bitmap bits = build();
      return bits.isAllSet() ? null : bits; // the unset ones may have been taken back
    }
  }
}
