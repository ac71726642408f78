package io.featurebeam.profile;

import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The most frequent byte strings, by their 64-bit hash: exact while there are at most {@value #MAX}
 * different ones; beyond, counts are too low by at most {@link #error()} (Misra and Gries, "Finding
 * repeated elements", 1982), which stays below 1/{@value #KEPT} of all occurrences.
 *
 * <p>Of a long value only the first {@value #MAX_PREFIX} bytes are kept, with its length.
 */
final class TopTexts {

  static final int MAX = 2048;
  static final int KEPT = 1024;
  static final int MAX_PREFIX = 256;

  private long[] hashes = new long[16];
  private long[] counts = new long[16];
  private byte[][] prefixes = new byte[16][];
  private int[] lengths = new int[16];
  private int size;
  private long error;

  /** A kept value; {@code length} is that of the whole, of which {@code prefix} may be a part. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Entry(long hash, byte[] prefix, int length, long count) {}

  void add(long hash, byte[] data, int from, int to, long times) {
    int at = find(hash);
    if (counts[at] == 0) {
      byte[] prefix = Arrays.copyOfRange(data, from, Math.min(to, from + MAX_PREFIX));
      at = insert(at, hash, prefix, to - from);
    }
    counts[at] += times;
    if (size > MAX) {
      trim();
    }
  }

  private int find(long hash) {
    int mask = hashes.length - 1;
    int at = (int) hash & mask;
    while (counts[at] != 0 && hashes[at] != hash) {
      at = (at + 1) & mask;
    }
    return at;
  }

  /** Where the new value went, whose count the caller must set at once. */
  private int insert(int free, long hash, byte[] prefix, int length) {
    int at = free;
    if ((size + 1) * 2 > hashes.length) {
      rebuild(entries(), hashes.length * 2, 0);
      at = find(hash);
    }
    hashes[at] = hash;
    prefixes[at] = prefix;
    lengths[at] = length;
    size++;
    return at;
  }

  private void rebuild(List<Entry> entries, int slots, long less) {
    hashes = new long[slots];
    counts = new long[slots];
    prefixes = new byte[slots][];
    lengths = new int[slots];
    size = 0;
    for (Entry entry : entries) {
      if (entry.count > less) {
        int at = find(entry.hash);
        hashes[at] = entry.hash;
        prefixes[at] = entry.prefix;
        lengths[at] = entry.length;
        counts[at] = entry.count - less;
        size++;
      }
    }
  }

  /** Takes the count of the first that is not kept from all. */
  private void trim() {
    List<Entry> entries = entries();
    long less = entries.get(KEPT).count;
    error += less;
    rebuild(entries, hashes.length, less);
  }

  /** By how much a count may be too low. */
  long error() {
    return error;
  }

  /** Most frequent first, equal counts by hash. */
  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>(size);
    for (int i = 0; i < hashes.length; i++) {
      if (counts[i] != 0) {
        entries.add(new Entry(hashes[i], prefixes[i], lengths[i], counts[i]));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::count).reversed().thenComparingLong(Entry::hash));
    return entries;
  }

  void merge(TopTexts other) {
    error += other.error;
    for (Entry entry : other.entries()) {
      int at = find(entry.hash);
      if (counts[at] == 0) {
        at = insert(at, entry.hash, entry.prefix, entry.length);
      }
      counts[at] += entry.count;
    }
    if (size > MAX) {
      trim();
    }
  }

  void save(DataOutput out) throws IOException {
    out.writeLong(error);
    out.writeInt(size);
    for (Entry entry : entries()) {
      out.writeLong(entry.hash);
      out.writeLong(entry.count);
      out.writeInt(entry.length);
      out.writeInt(entry.prefix.length);
      out.write(entry.prefix);
    }
  }

  static TopTexts load(ProfileReader in) {
    TopTexts top = new TopTexts();
    long error = in.count("of error");
    int size = in.length(MAX, 24, "frequent values");
    for (int i = 0; i < size; i++) {
      long hash = in.readLong();
      long count = in.count("occurrences");
      int length = in.readInt();
      byte[] prefix = in.readBytes(MAX_PREFIX, "bytes of a frequent value");
      if (count == 0
          || length < prefix.length
          || (length > prefix.length && prefix.length < MAX_PREFIX)) {
        throw in.corrupt("a frequent value of " + length + " bytes occurs " + count + " times");
      }
      top.add(hash, prefix, 0, prefix.length, count);
      top.lengths[top.find(hash)] = length;
    }
    top.error = error;
    return top;
  }
}
