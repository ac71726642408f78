package io.featurebeam.dataset;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A {@link Split} over the columns of a schema. Holds no state, so threads may share it. */
public abstract class Splitter {

  /** The column that {@link #label} adds. */
  public static final String COLUMN = "split";

  /** What {@link #parts} says of a row that belongs to none, for it has no time. */
  public static final int NONE = -1;

  private static final Field FIELD = Field.of(COLUMN, FieldType.STRING);

  private final RecordSchema schema;
  private final List<String> names;
  private final Slices labels;

  Splitter(RecordSchema schema, List<String> names) {
    this.schema = schema;
    this.names = names;
    this.labels =
        Slices.of(names.stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toList());
  }

  static void checkName(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("Invalid name of a part: '' (must not be empty)");
    }
  }

  public final List<String> names() {
    return names;
  }

  /** The schema with the label behind it; a column of its name is refused. */
  public final RecordSchema labelled() {
    if (schema.contains(COLUMN)) {
      throw new IllegalArgumentException(
          "Column '" + COLUMN + "' is there already (a split adds one of that name; rename it)");
    }
    return schema.with(FIELD);
  }

  /** The part of each row, as an index into {@link #names()}, or {@link #NONE}. */
  public abstract int[] parts(RecordBatch batch);

  /** The batch with a text column {@value #COLUMN}: the part's name, null for none. */
  public final RecordBatch label(RecordBatch batch) {
    int[] codes = parts(batch);
    Bitmap some = Bitmap.of(codes.length, row -> codes[row] != NONE);
    for (int row = 0; row < codes.length; row++) {
      codes[row] = Math.max(0, codes[row]);
    }
    return batch.with(
        FIELD,
        BytesColumn.coded(
            FieldType.STRING, labels, codes, codes.length, some.isAllSet() ? null : some));
  }

  /** Which rows belong to a part. */
  public final Bitmap rows(RecordBatch batch, String name) {
    int part = names.indexOf(name);
    if (part < 0) {
      throw new IllegalArgumentException(
          "Unknown part: '" + name + "' (must be one of " + String.join(", ", names) + ")");
    }
    int[] parts = parts(batch);
    return Bitmap.of(parts.length, row -> parts[row] == part);
  }
}
