package io.featurebeam.io.file.write;

import java.util.Arrays;
import org.apache.parquet.io.api.Binary;

/**
 * The least and the greatest of some byte strings that lie in one array, by unsigned bytes. Most
 * comparisons are settled by the first eight bytes, kept as a number.
 */
final class ByteRange {

  private final byte[] data;
  private int minStart = -1;
  private int minLength;
  private long minPrefix;
  private int maxStart;
  private int maxLength;
  private long maxPrefix;

  ByteRange(byte[] data) {
    this.data = data;
  }

  void add(int start, int length) {
    long prefix = prefix(start, length);
    if (minStart < 0) {
      setMin(start, length, prefix);
      setMax(start, length, prefix);
      return;
    }
    int toMin = Long.compareUnsigned(prefix, minPrefix);
    if (toMin < 0 || (toMin == 0 && compare(start, length, minStart, minLength) < 0)) {
      setMin(start, length, prefix);
    }
    int toMax = Long.compareUnsigned(prefix, maxPrefix);
    if (toMax > 0 || (toMax == 0 && compare(start, length, maxStart, maxLength) > 0)) {
      setMax(start, length, prefix);
    }
  }

  /** A copy: the array is used again. */
  Binary min() {
    return Binary.fromConstantByteArray(Arrays.copyOfRange(data, minStart, minStart + minLength));
  }

  Binary max() {
    return Binary.fromConstantByteArray(Arrays.copyOfRange(data, maxStart, maxStart + maxLength));
  }

  private void setMin(int start, int length, long prefix) {
    minStart = start;
    minLength = length;
    minPrefix = prefix;
  }

  private void setMax(int start, int length, long prefix) {
    maxStart = start;
    maxLength = length;
    maxPrefix = prefix;
  }

  private int compare(int aStart, int aLength, int bStart, int bLength) {
    return Arrays.compareUnsigned(data, aStart, aStart + aLength, data, bStart, bStart + bLength);
  }

  private long prefix(int start, int length) {
    long result = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      result = result << 8 | (i < length ? data[start + i] & 0xFF : 0);
    }
    return result;
  }
}
