package io.featurebeam.io.file.avro;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.text.Columns;
import io.featurebeam.io.file.text.RecordParser;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One Avro record in binary form at a time, without a container, written with a schema known from
 * elsewhere. A nullable column that this schema lacks is null, so that records from before a column
 * was added can be read.
 */
public final class AvroRecordParser implements RecordParser {

  private final AvroNode root;
  private final int[] missing;
  private final Columns all;

  /** By the place among those that the schema has. */
  private final Columns columns;

  /**
   * Of some columns.
   *
   * @param source where the schema comes from, for errors
   * @throws IllegalArgumentException if a column is not what the schema says
   */
  public AvroRecordParser(String source, Schema written, RecordSchema schema, Columns columns) {
    if (written.getType() != Schema.Type.RECORD) {
      throw new IllegalArgumentException(
          "Invalid Avro schema: " + written.getType() + " (must be a record)");
    }
    List<Field> found = new ArrayList<>();
    List<Integer> lacking = new ArrayList<>();
    for (int c = 0; c < schema.size(); c++) {
      Field field = schema.field(c);
      if (field.nullable() && !AvroSchemas.has(written, field.name())) {
        lacking.add(c);
      } else {
        AvroSchemas.check(source, written, field);
        found.add(field);
      }
    }
    this.missing = lacking.stream().mapToInt(Integer::intValue).toArray();
    int[] target = found.stream().mapToInt(field -> schema.indexOf(field.name())).toArray();
    this.all = columns;
    this.columns = index -> columns.column(target[index]);
    this.root = AvroNode.record(written, "", RecordSchema.of(found));
  }

  @Override
  public @Nullable String parse(byte[] b, int from, int to) {
    AvroCursor cursor = new AvroCursor(b);
    cursor.at = from;
    try {
      root.read(cursor, columns);
    } catch (IllegalArgumentException e) {
      return "the record cannot be decoded: " + e.getMessage();
    }
    if (cursor.at < to) {
      return (to - cursor.at) + " bytes are left over behind the record";
    }
    for (int column : missing) {
      all.column(column).appendNull();
    }
    return null;
  }
}
