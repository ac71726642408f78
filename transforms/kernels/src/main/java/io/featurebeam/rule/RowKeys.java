package io.featurebeam.rule;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RowHashes;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of some columns as keys of rows: hashed, and told equal. NaN equals NaN and 0.0 equals
 * -0.0, since a key that does not equal itself could not be found again. A null key equals none.
 */
public final class RowKeys {

  private final List<Column> columns;
  private final long[] hashes;
  private final int size;

  private RowKeys(List<Column> columns, int size) {
    this.columns = columns;
    this.size = size;
    this.hashes = hashes(columns, size);
  }

  public static RowKeys of(List<Column> columns, int size) {
    return new RowKeys(List.copyOf(columns), size);
  }

  /** A hash of the columns' values for each row, stable across machines; a null has one too. */
  public static long[] hashes(List<Column> columns, int size) {
    return RowHashes.ofKeys(columns, size, 0);
  }

  /** For each row the first row of the same key; -1 for a row with a null in its key. */
  public int[] leaders() {
    int[] leaders = new int[size];
    Bitmap complete = complete();
    int[] table = new int[Integer.highestOneBit(Math.max(8, size)) * 4];
    int mask = table.length - 1;
    for (int row = 0; row < size; row++) {
      if (complete != null && !complete.get(row)) {
        leaders[row] = -1;
        continue;
      }
      int at = (int) hashes[row] & mask;
      while (table[at] != 0 && !equal(table[at] - 1, row)) {
        at = (at + 1) & mask;
      }
      if (table[at] == 0) {
        table[at] = row + 1;
      }
      leaders[row] = table[at] - 1;
    }
    return leaders;
  }

  /** Which of two rows comes first, as a comparator says it. */
  public interface Order {
    int compare(int a, int b);
  }

  /**
   * Set bits are the rows that come first in {@code order} among the rows of the same key, and the
   * rows with a null in their key. One pass, one entry of a table per key.
   */
  public Bitmap firsts(Order order) {
    long[] first = new long[Bitmap.wordCount(size)];
    Arrays.fill(first, -1L);
    Bitmap complete = complete();
    int[] table = new int[Integer.highestOneBit(Math.max(8, size)) * 4];
    int mask = table.length - 1;
    for (int row = 0; row < size; row++) {
      if (complete != null && !complete.get(row)) {
        continue;
      }
      int at = (int) hashes[row] & mask;
      while (table[at] != 0 && !equal(table[at] - 1, row)) {
        at = (at + 1) & mask;
      }
      int other = table[at] - 1;
      if (other < 0 || order.compare(row, other) < 0) {
        table[at] = row + 1;
      }
      int loser = other < 0 ? -1 : table[at] == row + 1 ? other : row;
      if (loser >= 0) {
        first[loser >> 6] &= ~(1L << loser);
      }
    }
    return Bitmap.wrap(first, size);
  }

  /** The rows without a null in their key; null if that is all. */
  private @Nullable Bitmap complete() {
    Bitmap complete = null;
    for (Column column : columns) {
      complete = Bitmap.both(complete, column.validity());
    }
    return complete;
  }

  /**
   * As {@link #firsts(Order)}, for keys that may come again: a row is a copy of the last of its key
   * that is no copy itself, if their times are at most {@code within} apart. {@code order} must be
   * by time first.
   */
  public Bitmap firsts(Order order, long[] times, long within) {
    long[] first = new long[Bitmap.wordCount(size)];
    Bitmap complete = complete();
    Integer[] rows = new Integer[size];
    Arrays.setAll(rows, row -> row);
    Arrays.sort(rows, order::compare);
    int[] table = new int[Integer.highestOneBit(Math.max(8, size)) * 4];
    int mask = table.length - 1;
    for (int row : rows) {
      boolean isKey = complete == null || complete.get(row);
      int at = (int) hashes[row] & mask;
      while (isKey && table[at] != 0 && !equal(table[at] - 1, row)) {
        at = (at + 1) & mask;
      }
      int last = isKey ? table[at] - 1 : -1;
      if (last < 0 || !isWithin(times[last], times[row], within)) {
        first[row >> 6] |= 1L << row;
        if (isKey) {
          table[at] = row + 1;
        }
      }
    }
    return Bitmap.wrap(first, size);
  }

  /** Whether two times are at most so far apart. */
  static boolean isWithin(long a, long b, long within) {
    return Long.compareUnsigned(Math.max(a, b) - Math.min(a, b), within) <= 0;
  }

  private boolean equal(int a, int b) {
    return hashes[a] == hashes[b] && equal(columns, a, columns, b);
  }

  /** Whether the keys of two rows, none of them null, are equal; the columns have equal types. */
  static boolean equal(List<Column> some, int a, List<Column> others, int b) {
    for (int i = 0; i < some.size(); i++) {
      if (!equal(some.get(i), a, others.get(i), b)) {
        return false;
      }
    }
    return true;
  }

  private static boolean equal(Column some, int a, Column others, int b) {
    if (some instanceof LongColumn c) {
      return c.get(a) == ((LongColumn) others).get(b);
    }
    if (some instanceof DoubleColumn c) {
      double other = ((DoubleColumn) others).get(b);
      return c.get(a) == other || (Double.isNaN(c.get(a)) && Double.isNaN(other));
    }
    if (some instanceof BooleanColumn c) {
      return c.get(a) == ((BooleanColumn) others).get(b);
    }
    if (some instanceof BytesColumn c) {
      BytesColumn other = (BytesColumn) others;
      return c.slices().equal(c.code(a), other.slices(), other.code(b));
    }
    throw new IllegalArgumentException("A list is no key");
  }
}
