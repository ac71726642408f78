package io.featurebeam.columnar;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * A hash of the values of each row, alike on every machine. A null has one too. {@link #of} orders
 * records of equal time and tells one record from another; {@link #ofKeys} finds those of equal
 * keys.
 */
public final class RowHashes {

  private static final long NULL_KEY = 0x9E3779B97F4A7C15L;

  private RowHashes() {}

  /** One hash per row, over the columns in this order; -0.0 is not 0.0. */
  public static long[] of(Collection<? extends Column> columns, int size) {
    long[] hashes = new long[size];
    columns.forEach(column -> add(column, hashes));
    return hashes;
  }

  private static void add(Column column, long[] hashes) {
    long[] ofElements =
        column instanceof ListColumn list ? new long[list.elements().size()] : new long[0];
    if (column instanceof ListColumn list) {
      add(list.elements(), ofElements);
    }
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = Hashing.combine(hashes[i], column.isNull(i) ? 0 : hash(column, i, ofElements));
    }
  }

  /** Of a value that is not null. */
  private static long hash(Column column, int row, long[] ofElements) {
    if (column instanceof LongColumn longs) {
      return Hashing.hash(longs.get(row));
    } else if (column instanceof DoubleColumn doubles) {
      return Hashing.hash(Double.doubleToRawLongBits(doubles.get(row)));
    } else if (column instanceof BytesColumn bytes) {
      return bytes.slices().hash(bytes.code(row));
    } else if (column instanceof ListColumn list) {
      long hash = 1; // no elements are not null
      for (int e = list.offsets()[row]; e < list.offsets()[row + 1]; e++) {
        hash = Hashing.combine(hash, ofElements[e]);
      }
      return hash;
    }
    return Boolean.hashCode(((BooleanColumn) column).get(row));
  }

  /**
   * One hash per row, over the columns in this order; equal numbers hash alike: 3 and 3.0, 0.0 and
   * -0.0.
   *
   * @param start what each begins with; another gives other, independent hashes
   */
  public static long[] ofKeys(List<? extends Column> columns, int size, long start) {
    long[] result = new long[size];
    Arrays.fill(result, start);
    for (Column column : columns) {
      long[] hashed = keys(column);
      for (int i = 0; i < size; i++) {
        result[i] = Hashing.combine(result[i], hashed[i]);
      }
    }
    return result;
  }

  private static long[] keys(Column column) {
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
      long[] elements = keys(c.elements());
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
          result[i] = NULL_KEY;
        }
      }
    }
    return result;
  }
}
