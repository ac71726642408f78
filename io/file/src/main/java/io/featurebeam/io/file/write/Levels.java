package io.featurebeam.io.file.write;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ListColumn;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The repetition and definition levels of one page: which rows are null, and for lists where each
 * list begins and what is missing. A flat column has one bit per row, a list column small ints per
 * entry.
 */
final class Levels {

  private final boolean list;
  private final int maxDefinition;
  private long[] validBits = new long[1];
  private int[] definitions = {};
  private int[] repetitions = {};
  private int entries;
  private int rows;
  private int nulls;

  Levels(boolean list, int maxDefinition) {
    this.list = list;
    this.maxDefinition = maxDefinition;
  }

  void clear() {
    Arrays.fill(validBits, 0, Math.min(validBits.length, (entries >>> 6) + 1), 0L);
    entries = 0;
    rows = 0;
    nulls = 0;
  }

  /** What Parquet counts as values of a page: rows, or for lists elements and missing ones. */
  int entries() {
    return entries;
  }

  int rows() {
    return rows;
  }

  /** Entries without a value: null rows, null elements, null and empty lists. */
  int nulls() {
    return nulls;
  }

  long memoryBytes() {
    return 8L * validBits.length + 4L * (definitions.length + (long) repetitions.length);
  }

  /** Rows of a flat column. */
  void add(Column column, int from, int to) {
    int count = to - from;
    Bitmap validity = column.validity();
    if (maxDefinition > 0) {
      int words = Bitmap.wordCount(entries + count) + 1;
      if (words > validBits.length) {
        validBits = Arrays.copyOf(validBits, Math.max(words, 2 * validBits.length));
      }
      if (validity == null) {
        setOnes(validBits, entries, count);
      } else {
        nulls += count - copyBits(validity, from, to, validBits, entries);
      }
    }
    entries += count;
    rows += count;
  }

  /** Rows of a list column; its elements from {@code start(from)} on belong to them. */
  void addLists(ListColumn column, int from, int to) {
    Column elements = column.elements();
    int most = entries + (to - from) + (column.start(to) - column.start(from));
    if (most > definitions.length) {
      int grown = Math.max(most, 2 * definitions.length);
      definitions = Arrays.copyOf(definitions, grown);
      repetitions = Arrays.copyOf(repetitions, grown);
    }
    for (int row = from; row < to; row++) {
      int start = column.start(row);
      int end = column.end(row);
      boolean missing = column.isNull(row);
      if (missing || start == end) {
        repetitions[entries] = 0;
        definitions[entries++] = missing ? 0 : maxDefinition - 2;
        nulls++;
        continue;
      }
      for (int i = start; i < end; i++) {
        boolean nullElement = elements.isNull(i);
        repetitions[entries] = i == start ? 0 : 1;
        definitions[entries++] = nullElement ? maxDefinition - 1 : maxDefinition;
        nulls += nullElement ? 1 : 0;
      }
    }
    rows += to - from;
  }

  /**
   * The levels as a data page of version 1 starts with: each behind its length, none if it is
   * constant.
   */
  void encode(PageBuffer out) {
    if (list) {
      encode(out, repetitions, 1);
      encode(out, definitions, maxDefinition);
    } else if (maxDefinition > 0) {
      encode(out, null, 1);
    }
  }

  private void encode(PageBuffer out, int @Nullable [] levels, int max) {
    int at = out.size();
    out.putInt(0);
    if (levels != null) {
      RunLength.ints(out, levels, entries, RunLength.width(max));
    } else if (nulls == 0 || nulls == entries) {
      RunLength.run(out, nulls == 0 ? 1 : 0, entries, 1);
    } else {
      RunLength.bits(out, validBits, entries);
    }
    out.setInt(at, out.size() - at - Integer.BYTES);
  }

  private static void setOnes(long[] words, int from, int count) {
    for (int at = from, end = from + count; at < end; ) {
      int inWord = Math.min(64 - (at & 63), end - at);
      words[at >> 6] |= (-1L >>> (64 - inWord)) << at;
      at += inWord;
    }
  }

  /** Appends bits {@code from} to {@code to} and says how many of them are set. */
  static int copyBits(Bitmap source, int from, int to, long[] words, int at) {
    long[] bits = source.words();
    int set = 0;
    for (int i = from, target = at; i < to; ) {
      int count = Math.min(64 - (i & 63), to - i);
      long chunk = (bits[i >> 6] >>> i) & (-1L >>> (64 - count));
      int shift = target & 63;
      words[target >> 6] |= chunk << shift;
      if (shift + count > 64) {
        words[(target >> 6) + 1] |= chunk >>> (64 - shift);
      }
      set += Long.bitCount(chunk);
      i += count;
      target += count;
    }
    return set;
  }
}
