package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.Slices;
import java.util.Arrays;

/** Collects byte strings into one array; made for one batch, whose column then owns the arrays. */
final class SliceSink {

  /** Short strings are copied as two longs, which may write this much too far. */
  private static final int SLACK = 16;

  private byte[] data;
  private int[] offsets;
  private int size;

  SliceSink(int entries, int bytes) {
    data = new byte[bytes + SLACK];
    offsets = new int[entries + 1];
  }

  int size() {
    return size;
  }

  int byteSize() {
    return offsets[size];
  }

  /** Room for so many more entries and bytes. */
  void reserve(int entries, long bytes) {
    if (size + entries + 1 > offsets.length) {
      offsets = Arrays.copyOf(offsets, Math.max(size + entries + 1, offsets.length * 2));
    }
    long needed = offsets[size] + bytes + SLACK;
    if (needed > data.length) {
      long capacity = Math.min(Integer.MAX_VALUE - 8, Math.max(needed, data.length * 2L));
      if (needed > capacity) {
        throw new IndexOutOfBoundsException("more than 2 GiB of byte strings in one batch");
      }
      data = Arrays.copyOf(data, (int) capacity);
    }
  }

  /** One entry; room for it must be reserved, and {@code source} be padded. */
  void append(byte[] source, int from, int length) {
    int at = offsets[size];
    if (length <= SLACK && from + SLACK <= source.length) {
      LittleEndian.putLong(data, at, LittleEndian.longAt(source, from));
      LittleEndian.putLong(data, at + 8, LittleEndian.longAt(source, from + 8));
    } else {
      System.arraycopy(source, from, data, at, length);
    }
    offsets[++size] = at + length;
  }

  /** Entry {@code i} as a signed big-endian number; of a long one the last eight bytes. */
  long bigEndian(int i) {
    return LittleEndian.bigEndian(data, offsets[i], offsets[i + 1] - offsets[i]);
  }

  /** So many entries of no bytes. */
  void appendEmpty(int entries) {
    reserve(entries, 0);
    for (int i = 0; i < entries; i++) {
      offsets[size + 1] = offsets[size];
      size++;
    }
  }

  /**
   * Puts entries {@code [from, from + present)} where the set bits are, and empty ones elsewhere.
   */
  void spread(int from, int rows, int present, long[] validity) {
    reserve(rows - present, 0);
    int source = from + present;
    int end = offsets[source];
    for (int i = from + rows - 1; i >= from; i--) {
      offsets[i + 1] = end;
      if (Bits.get(validity, i)) {
        end = offsets[--source];
      }
    }
    size = from + rows;
  }

  Slices build() {
    return Slices.wrap(data, offsets, size);
  }
}
