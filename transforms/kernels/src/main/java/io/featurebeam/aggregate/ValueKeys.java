package io.featurebeam.aggregate;

import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.Slices;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of a column as 64-bit keys: a number itself, the bits of a double (-0.0 is 0.0, NaN is
 * one value), 0 and 1, or the hash of a text. What a dictionary holds is hashed once per entry. Not
 * thread-safe.
 */
class ValueKeys {

  private static final byte[] NONE = {};

  private Column column = LongColumn.of(FieldType.INT64, new long[0]);
  private Slices dictionary = Slices.of(List.of());
  private long[] hashes = {};
  private byte @Nullable [][] entries = {};
  private byte[] data = NONE;
  private int from;
  private int to;

  /** The column that is read from now on. */
  void read(Column newColumn) {
    column = newColumn;
    if (newColumn instanceof BytesColumn bytes && bytes.isCoded() && bytes.slices() != dictionary) {
      dictionary = bytes.slices();
      hashes = new long[dictionary.size()];
      entries = new byte[dictionary.size()][];
    }
  }

  /** Whether a row that is not null counts. */
  boolean counts(int row) {
    return true;
  }

  /** The key of the value at a row, which must not be null. */
  long key(int row) {
    if (column instanceof BytesColumn bytes) {
      return bytes.isCoded() ? coded(bytes.code(row)) : sliced(bytes.slices(), bytes.code(row));
    } else if (column instanceof LongColumn longs) {
      return longs.get(row);
    } else if (column instanceof DoubleColumn doubles) {
      return Double.doubleToLongBits(doubles.get(row) + 0.0);
    }
    return ((BooleanColumn) column).get(row) ? 1 : 0;
  }

  private long coded(int code) {
    byte[] entry = entries[code];
    if (entry == null) {
      entry = dictionary.bytes(code);
      entries[code] = entry;
      hashes[code] = dictionary.hash(code);
    }
    data = entry;
    from = 0;
    to = data.length;
    return hashes[code];
  }

  private long sliced(Slices slices, int entry) {
    data = slices.data();
    from = slices.start(entry);
    to = slices.end(entry);
    return slices.hash(entry);
  }

  /** Where the text is whose key was read last. */
  byte[] data() {
    return data;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }
}
