package io.featurebeam.columnar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Byte strings laid end to end: entry {@code i} is {@code data[offsets[i] .. offsets[i+1])}. A
 * dictionary is one of these, shared by every batch of a row group, so a kernel may compute once
 * per entry and remember the result by the identity of the {@code Slices}.
 */
public final class Slices {

  private final byte[] data;
  private final int[] offsets;
  private final int size;

  private Slices(byte[] data, int[] offsets, int size) {
    this.data = data;
    this.offsets = offsets;
    this.size = size;
  }

  /** Takes ownership of both arrays; {@code offsets} holds {@code size + 1} ascending places. */
  public static Slices wrap(byte[] data, int[] offsets, int size) {
    if (offsets.length < size + 1 || offsets[0] < 0 || offsets[size] > data.length) {
      throw new IllegalArgumentException(
          "Invalid slices: "
              + size
              + " entries, "
              + offsets.length
              + " offsets, "
              + data.length
              + " bytes");
    }
    return new Slices(data, offsets, size);
  }

  public static Slices of(List<byte[]> values) {
    int[] offsets = new int[values.size() + 1];
    for (int i = 0; i < values.size(); i++) {
      offsets[i + 1] = Math.addExact(offsets[i], values.get(i).length);
    }
    byte[] data = new byte[offsets[values.size()]];
    for (int i = 0; i < values.size(); i++) {
      System.arraycopy(values.get(i), 0, data, offsets[i], values.get(i).length);
    }
    return new Slices(data, offsets, values.size());
  }

  public int size() {
    return size;
  }

  public byte[] data() {
    return data;
  }

  /** Where entry {@code i} starts; {@code start(i + 1)} is where it ends. */
  public int start(int i) {
    return offsets[i];
  }

  public int end(int i) {
    return offsets[i + 1];
  }

  public int length(int i) {
    return offsets[i + 1] - offsets[i];
  }

  public byte[] bytes(int i) {
    return Arrays.copyOfRange(data, offsets[i], offsets[i + 1]);
  }

  public String string(int i) {
    return new String(data, offsets[i], offsets[i + 1] - offsets[i], StandardCharsets.UTF_8);
  }

  public boolean equal(int i, Slices other, int j) {
    return Arrays.equals(
        data, offsets[i], offsets[i + 1], other.data, other.offsets[j], other.offsets[j + 1]);
  }

  /** Unsigned byte order, which for UTF-8 is code point order. */
  public int compare(int i, Slices other, int j) {
    return Arrays.compareUnsigned(
        data, offsets[i], offsets[i + 1], other.data, other.offsets[j], other.offsets[j + 1]);
  }

  /** The 64-bit hash of entry {@code i}: {@link Hashing#hash(byte[], int, int)}. */
  public long hash(int i) {
    return Hashing.hash(data, offsets[i], offsets[i + 1]);
  }

  /** Entries {@code rows[i]} at place {@code i}. */
  public Slices gather(int[] rows) {
    int[] newOffsets = new int[rows.length + 1];
    for (int i = 0; i < rows.length; i++) {
      newOffsets[i + 1] = Math.addExact(newOffsets[i], length(rows[i]));
    }
    byte[] newData = new byte[newOffsets[rows.length]];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(data, offsets[rows[i]], newData, newOffsets[i], length(rows[i]));
    }
    return new Slices(newData, newOffsets, rows.length);
  }

  /** Entries {@code from} (inclusive) to {@code to} (exclusive), over the same bytes. */
  public Slices slice(int from, int to) {
    Objects.checkFromToIndex(from, to, size);
    return from == 0 && to == size
        ? this
        : new Slices(data, Arrays.copyOfRange(offsets, from, to + 1), to - from);
  }

  /** The bytes that the entries take, without the offsets. */
  public int byteSize() {
    return offsets[size] - offsets[0];
  }

  /** Grows entry by entry. */
  public static final class Builder {
    private byte[] data = new byte[256];
    private int[] offsets = new int[17];
    private int size;

    public void append(byte[] source, int from, int length) {
      int at = offsets[size];
      int end = Math.addExact(at, length);
      if (end > data.length) {
        data =
            Arrays.copyOf(
                data, Math.max(end, (int) Math.min(Integer.MAX_VALUE - 8L, data.length * 2L)));
      }
      System.arraycopy(source, from, data, at, length);
      if (size + 2 > offsets.length) {
        offsets = Arrays.copyOf(offsets, offsets.length * 2);
      }
      offsets[++size] = end;
    }

    public int size() {
      return size;
    }

    /** Takes back the entries from {@code newSize} on. */
    void truncate(int newSize) {
      size = newSize;
    }

    public Slices build() {
      return new Slices(Arrays.copyOf(data, offsets[size]), Arrays.copyOf(offsets, size + 1), size);
    }
  }
}
