package io.featurebeam.dataset;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Hashing;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.Arrays;
import java.util.Collection;
import java.util.TreeSet;

/**
 * A seeded hash of some columns of each row, in the order of their names: the same on every
 * machine. Null is a value like any other.
 */
final class RowHash {

  private static final long NULL = 0x9E3779B97F4A7C15L;

  private final int[] columns;
  private final long salt;

  private RowHash(int[] columns, long salt) {
    this.columns = columns;
    this.salt = salt;
  }

  static RowHash of(RecordSchema schema, Collection<String> names, long seed) {
    for (String name : names) {
      FieldType type = schema.field(name).type();
      if (type.kind() == FieldType.Kind.LIST) {
        throw new IllegalArgumentException(
            "Column '" + name + "' is " + type + " (must not be a list)");
      }
    }
    return new RowHash(
        new TreeSet<>(names).stream().mapToInt(schema::indexOf).toArray(), Hashing.hash(seed));
  }

  long[] of(RecordBatch batch) {
    long[] result = new long[batch.size()];
    Arrays.fill(result, salt);
    for (int c : columns) {
      add(batch.column(c), result);
    }
    return result;
  }

  private static void add(Column column, long[] hashes) {
    Bitmap validity = column.validity();
    for (int i = 0; i < hashes.length; i++) {
      long hash = validity != null && !validity.get(i) ? NULL : hash(column, i);
      hashes[i] = Hashing.combine(hashes[i], hash);
    }
  }

  private static long hash(Column column, int row) {
    if (column instanceof LongColumn c) {
      return Hashing.hash(c.get(row));
    } else if (column instanceof DoubleColumn c) {
      return Hashing.hash(c.get(row));
    } else if (column instanceof BooleanColumn c) {
      return Hashing.hash(c.get(row) ? 1L : 0L);
    }
    BytesColumn bytes = (BytesColumn) column;
    return bytes.slices().hash(bytes.code(row));
  }
}
