package io.featurebeam.io.file.write;

import io.featurebeam.columnar.Hashing;
import java.util.Arrays;

/** Distinct byte strings in the order they came; open addressing, bounded in bytes and entries. */
final class BytesDictionary {

  /** Entries beyond which it is given up. */
  static final int MAX_ENTRIES = 1 << 17;

  private byte[] data = new byte[1 << 10];
  private int[] offsets = new int[1 << 8];
  private int[] hashes = new int[1 << 8];
  private int[] slots = new int[1 << 9];
  private int size;

  int size() {
    return size;
  }

  byte[] data() {
    return data;
  }

  int start(int code) {
    return offsets[code];
  }

  int length(int code) {
    return offsets[code + 1] - offsets[code];
  }

  void clear() {
    Arrays.fill(slots, 0);
    size = 0;
  }

  /** The code of these bytes, new if need be; -1 if the dictionary is full. */
  int code(byte[] source, int from, int to) {
    int hash = (int) Hashing.hash(source, from, to);
    int mask = slots.length - 1;
    int slot = hash & mask;
    while (slots[slot] != 0) {
      int code = slots[slot] - 1;
      if (hashes[code] == hash
          && Arrays.equals(data, offsets[code], offsets[code + 1], source, from, to)) {
        return code;
      }
      slot = (slot + 1) & mask;
    }
    int end = offsets[size] + to - from;
    if (size == MAX_ENTRIES
        || to - from > ChunkWriter.DICTIONARY_BYTES
        || end > ChunkWriter.DICTIONARY_BYTES) {
      return -1;
    }
    if (end > data.length) {
      data = Arrays.copyOf(data, Math.max(end, data.length * 2));
    }
    System.arraycopy(source, from, data, offsets[size], to - from);
    if (size + 2 > offsets.length) {
      offsets = Arrays.copyOf(offsets, offsets.length * 2);
      hashes = Arrays.copyOf(hashes, hashes.length * 2);
    }
    hashes[size] = hash;
    slots[slot] = ++size;
    offsets[size] = end;
    if (size * 2 > slots.length) {
      rehash();
    }
    return size - 1;
  }

  private void rehash() {
    slots = new int[slots.length * 2];
    int mask = slots.length - 1;
    for (int code = 0; code < size; code++) {
      int slot = hashes[code] & mask;
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = code + 1;
    }
  }

  long memoryBytes() {
    return data.length + 4L * (offsets.length + (long) hashes.length + slots.length);
  }
}
