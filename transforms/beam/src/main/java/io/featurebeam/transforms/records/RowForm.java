package io.featurebeam.transforms.records;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.transforms.records.BeamSchemas.Leaf;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.values.Row;
import org.jspecify.annotations.Nullable;

/** One Beam schema made ready to take rows apart and to put them together. */
final class RowForm {

  private final Schema schema;
  private final List<Leaf> leaves;
  private final RecordSchema records;

  RowForm(Schema schema) {
    this.schema = schema;
    this.leaves = BeamSchemas.leaves(schema);
    this.records = RecordSchema.of(leaves.stream().map(Leaf::field).toList());
  }

  RecordSchema records() {
    return records;
  }

  /** Appends one record and returns about how many bytes it takes. */
  long append(Row row, RecordBatch.Builder batch) {
    long bytes = 0;
    for (int i = 0; i < leaves.size(); i++) {
      Leaf leaf = leaves.get(i);
      Object value = value(row, leaf.path());
      Object converted = converted(leaf, leaf.conversion().toColumn(), value);
      batch.column(i).append(converted);
      bytes += byteSize(converted);
    }
    batch.endRecord();
    return bytes;
  }

  private static @Nullable Object converted(
      Leaf leaf, Function<Object, Object> conversion, @Nullable Object value) {
    try {
      return value == null ? null : conversion.apply(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Column '" + leaf.field().name() + "': " + e.getMessage(), e);
    }
  }

  private static @Nullable Object value(Row row, List<Integer> path) {
    Object value = row;
    for (int index : path) {
      if (value == null) {
        return null;
      }
      value = ((Row) value).getValue(index);
    }
    return value;
  }

  private static long byteSize(@Nullable Object value) {
    if (value instanceof String text) {
      return 4L + text.length();
    }
    if (value instanceof byte[] bytes) {
      return 4L + bytes.length;
    }
    if (value instanceof List<?> list) {
      long bytes = 4;
      for (Object element : list) {
        bytes += byteSize(element);
      }
      return bytes;
    }
    return 8;
  }

  /** The record as a row; a nullable nested row of which every field is null is a null row. */
  Row row(RecordBatch batch, int record) {
    Cursor cursor = new Cursor(batch, record);
    return Objects.requireNonNull(cursor.row(schema, false), "a row at the top is never null");
  }

  /** Takes the leaves in their order while the schema is walked. */
  private final class Cursor {
    private final RecordBatch batch;
    private final int record;
    private int next;

    Cursor(RecordBatch batch, int record) {
      this.batch = batch;
      this.record = record;
    }

    @Nullable Row row(Schema rowSchema, boolean nullable) {
      List<@Nullable Object> values = new ArrayList<>(rowSchema.getFieldCount());
      boolean anyValue = false;
      for (Schema.Field field : rowSchema.getFields()) {
        Schema nested =
            field.getType().getTypeName() == Schema.TypeName.ROW
                ? field.getType().getRowSchema()
                : null;
        Object value = nested == null ? leaf() : row(nested, field.getType().getNullable());
        values.add(value);
        anyValue |= value != null;
      }
      return nullable && !anyValue ? null : Row.withSchema(rowSchema).attachValues(values);
    }

    private @Nullable Object leaf() {
      Column column = batch.column(next);
      Leaf leaf = leaves.get(next++);
      return converted(leaf, leaf.conversion().toRow(), column.value(record));
    }
  }
}
