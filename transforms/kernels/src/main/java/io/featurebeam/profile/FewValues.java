package io.featurebeam.profile;

import io.featurebeam.columnar.Hashing;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How often each value of a column with few different ones occurs. It gives up for good at the
 * first value beyond {@value #MAX}, so whether it has an answer depends on the values alone.
 */
final class FewValues {

  static final int MAX = 50;

  private static final int SLOTS = 256; // at most a fifth is used: probes stay short

  private long[] keys = {};
  private long[] counts = {};
  private int size;

  boolean isGivenUp() {
    return size > MAX;
  }

  void add(long key, long times) {
    if (isGivenUp()) {
      return;
    }
    if (size == 0) {
      keys = new long[SLOTS];
      counts = new long[SLOTS];
    }
    int at = (int) Hashing.mix(key) & (SLOTS - 1);
    while (counts[at] != 0 && keys[at] != key) {
      at = (at + 1) & (SLOTS - 1);
    }
    if (counts[at] == 0) {
      keys[at] = key;
      if (++size > MAX) {
        keys = new long[0];
        counts = new long[0];
        return;
      }
    }
    counts[at] += times;
  }

  void add(long[] values, int count) {
    long[] k = keys;
    long[] c = counts;
    for (int i = 0; i < count; i++) {
      int at = (int) Hashing.mix(values[i]) & (SLOTS - 1);
      if (c.length > 0 && k[at] == values[i] && c[at] > 0) {
        c[at]++; // found at its first place: nearly always
        continue;
      }
      add(values[i], 1);
      if (isGivenUp()) {
        return;
      }
      k = keys;
      c = counts;
    }
  }

  void merge(FewValues other) {
    if (other.isGivenUp()) {
      size = MAX + 1;
      keys = new long[0];
      counts = new long[0];
      return;
    }
    other.forEach(this::add);
  }

  /** Each value and its count, in no order; none after giving up. */
  void forEach(Visitor visitor) {
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] != 0) {
        visitor.visit(keys[i], counts[i]);
      }
    }
  }

  /** Takes a value and how often it occurs. */
  interface Visitor {
    void visit(long key, long count);
  }

  void save(DataOutput out) throws IOException {
    out.writeInt(size);
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] != 0) {
        out.writeLong(keys[i]);
        out.writeLong(counts[i]);
      }
    }
  }

  static FewValues load(ProfileReader in) {
    FewValues few = new FewValues();
    int size = in.readInt();
    if (size < 0 || size > MAX + 1) {
      throw in.corrupt(size + " values (at most " + (MAX + 1) + ")");
    }
    if (size > MAX) {
      few.size = size;
      few.keys = new long[0];
      few.counts = new long[0];
      return few;
    }
    for (int i = 0; i < size; i++) {
      long key = in.readLong();
      long count = in.count("occurrences");
      if (count > 0) {
        few.add(key, count);
      }
    }
    return few;
  }
}
