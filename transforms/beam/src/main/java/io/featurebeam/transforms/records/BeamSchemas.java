package io.featurebeam.transforms.records;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.logicaltypes.MicrosInstant;
import org.apache.beam.sdk.schemas.logicaltypes.SqlTypes;

/**
 * Beam schemas as record schemas and back.
 *
 * <table>
 *   <caption>What becomes what</caption>
 *   <tr><th>Beam</th><th>column</th></tr>
 *   <tr><td>BYTE, INT16, INT32, INT64</td><td>int64</td></tr>
 *   <tr><td>FLOAT, DOUBLE</td><td>float64</td></tr>
 *   <tr><td>DECIMAL, FixedPrecisionNumeric</td><td>string, the exact digits and scale</td></tr>
 *   <tr><td>STRING, FixedString, VariableString, Uuid, Enumeration (its name)</td>
 *       <td>string</td></tr>
 *   <tr><td>BYTES, FixedBytes, VariableBytes</td><td>bytes</td></tr>
 *   <tr><td>BOOLEAN</td><td>boolean</td></tr>
 *   <tr><td>DATETIME, MicrosInstant, NanosInstant, Timestamp, DateTime (read as UTC)</td>
 *       <td>timestamp, digits below the microsecond are cut off (towards the past)</td></tr>
 *   <tr><td>Date</td><td>date</td></tr>
 *   <tr><td>Time</td><td>time, digits below the microsecond are cut off</td></tr>
 *   <tr><td>ARRAY, ITERABLE of any of these</td><td>list</td></tr>
 *   <tr><td>ROW</td><td>one column per field, named {@code row.field}; a null row is nulls</td></tr>
 *   <tr><td>MAP, OneOf, any other logical type, lists of rows or lists</td><td>refused by name</td></tr>
 * </table>
 */
public final class BeamSchemas {

  private BeamSchemas() {}

  /** The columns that rows of {@code schema} become; a type that no column can hold is refused. */
  public static RecordSchema toRecordSchema(Schema schema) {
    return RecordSchema.of(leaves(schema).stream().map(Leaf::field).toList());
  }

  /**
   * The flat schema of rows made of such records: INT64, DOUBLE, BOOLEAN, STRING, BYTES,
   * MicrosInstant, Date, Time and arrays of them, whose elements may be null.
   */
  public static Schema fromRecordSchema(RecordSchema schema) {
    Schema.Builder fields = Schema.builder();
    for (Field field : schema.fields()) {
      fields.addField(
          Schema.Field.of(field.name(), beamType(field.type()).withNullable(field.nullable())));
    }
    return fields.build();
  }

  private static Schema.FieldType beamType(FieldType type) {
    return switch (type.kind()) {
      case BOOLEAN -> Schema.FieldType.BOOLEAN;
      case INT64 -> Schema.FieldType.INT64;
      case FLOAT64 -> Schema.FieldType.DOUBLE;
      case STRING -> Schema.FieldType.STRING;
      case BYTES -> Schema.FieldType.BYTES;
      case TIMESTAMP -> Schema.FieldType.logicalType(new MicrosInstant());
      case DATE -> Schema.FieldType.logicalType(SqlTypes.DATE);
      case TIME -> Schema.FieldType.logicalType(SqlTypes.TIME);
      case LIST -> Schema.FieldType.array(beamType(type.element()).withNullable(true));
    };
  }

  /** A column and where its values are in a row: the field's index at each level of nesting. */
  record Leaf(Field field, List<Integer> path, Conversion conversion) {}

  /** The columns of a schema, depth first. */
  static List<Leaf> leaves(Schema schema) {
    List<Leaf> leaves = new ArrayList<>();
    collect(schema, "", List.of(), false, leaves);
    return leaves;
  }

  private static void collect(
      Schema schema, String prefix, List<Integer> path, boolean nullable, List<Leaf> leaves) {
    for (int i = 0; i < schema.getFieldCount(); i++) {
      Schema.Field field = schema.getField(i);
      Schema.FieldType type = field.getType();
      String name = prefix + field.getName();
      boolean mayBeNull = nullable || type.getNullable();
      List<Integer> here = new ArrayList<>(path);
      here.add(i);
      Schema nested = type.getRowSchema();
      if (nested != null && type.getTypeName() == Schema.TypeName.ROW) {
        collect(nested, name + ".", here, mayBeNull, leaves);
      } else {
        Conversion conversion = Conversion.of(name, type);
        leaves.add(new Leaf(new Field(name, conversion.type(), mayBeNull), here, conversion));
      }
    }
  }
}
