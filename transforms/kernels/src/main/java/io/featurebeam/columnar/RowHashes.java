package io.featurebeam.columnar;

import java.util.Collection;

/**
 * A hash of the values of each row, alike on every machine: what orders records of equal time, and
 * tells one record from another. A null has one too; -0.0 is not 0.0.
 */
public final class RowHashes {

  private RowHashes() {}

  /** One hash per row, over the columns in this order. */
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
}
