package io.featurebeam.dataset;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Hashing;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.RowHashes;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * A seeded hash of some columns of each row, in the order of their names: the same on every
 * machine. Null is a value like any other.
 */
final class RowHash {

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
    List<Column> values = Arrays.stream(columns).mapToObj(batch::column).toList();
    return RowHashes.ofKeys(values, batch.size(), salt);
  }
}
