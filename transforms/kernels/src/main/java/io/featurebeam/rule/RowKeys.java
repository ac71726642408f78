package io.featurebeam.rule;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.Hashing;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.LongColumn;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of some columns as keys of rows: hashed, and told equal. NaN equals NaN and 0.0 equals
 * -0.0, since a key that does not equal itself could not be found again. A null key equals none.
 */
public final class RowKeys {

  private static final long NULL = 0x9E3779B97F4A7C15L;

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
    long[] result = new long[size];
    for (Column column : columns) {
      long[] hashed = hashes(column);
      for (int i = 0; i < size; i++) {
        result[i] = Hashing.combine(result[i], hashed[i]);
      }
    }
    return result;
  }

  private static long[] hashes(Column column) {
    long[] result = new long[column.size()];
    if (column instanceof LongColumn c) {
      for (int i = 0; i < result.length; i++) {
        result[i] = Hashing.hash(c.values()[i]);
      }
    } else if (column instanceof DoubleColumn c) {
      for (int i = 0; i < result.length; i++) {
        result[i] = Hashing.hash(c.values()[i]);
      }
    } else if (column instanceof BooleanColumn c) {
      for (int i = 0; i < result.length; i++) {
        result[i] = Hashing.hash(c.get(i) ? 1L : 0L);
      }
    } else if (column instanceof BytesColumn c) {
      for (int i = 0; i < result.length; i++) {
        result[i] = c.slices().hash(c.code(i));
      }
    } else if (column instanceof ListColumn c) {
      long[] elements = hashes(c.elements());
      for (int i = 0; i < result.length; i++) {
        long hash = Hashing.hash((long) (c.end(i) - c.start(i)));
        for (int e = c.start(i); e < c.end(i); e++) {
          hash = Hashing.combine(hash, elements[e]);
        }
        result[i] = hash;
      }
    }
    Bitmap validity = column.validity();
    if (validity != null) {
      for (int i = 0; i < result.length; i++) {
        if (!validity.get(i)) {
          result[i] = NULL;
        }
      }
    }
    return result;
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

  private boolean equal(int a, int b) {
    if (hashes[a] != hashes[b]) {
      return false;
    }
    for (Column column : columns) {
      if (!equal(column, a, b)) {
        return false;
      }
    }
    return true;
  }

  private static boolean equal(Column column, int a, int b) {
    if (column instanceof LongColumn c) {
      return c.get(a) == c.get(b);
    }
    if (column instanceof DoubleColumn c) {
      return c.get(a) == c.get(b) || (Double.isNaN(c.get(a)) && Double.isNaN(c.get(b)));
    }
    if (column instanceof BooleanColumn c) {
      return c.get(a) == c.get(b);
    }
    if (column instanceof BytesColumn c) {
      return c.slices().equal(c.code(a), c.slices(), c.code(b));
    }
    throw new IllegalArgumentException("A list is no key");
  }
}
