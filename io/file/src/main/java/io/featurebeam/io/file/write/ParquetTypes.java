package io.featurebeam.io.file.write;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/**
 * A record schema in Parquet's terms. Timestamps and times are microseconds adjusted to UTC, dates
 * are int32 days, a list is the standard three levels with nullable elements.
 */
final class ParquetTypes {

  private ParquetTypes() {}

  static MessageType message(RecordSchema schema) {
    Types.MessageTypeBuilder message = Types.buildMessage();
    for (Field field : schema.fields()) {
      Repetition repetition = field.nullable() ? Repetition.OPTIONAL : Repetition.REQUIRED;
      message.addField(
          field.type().kind() == FieldType.Kind.LIST
              ? list(field, repetition)
              : simple(field.type(), repetition, field.name()));
    }
    return message.named("record");
  }

  private static Type list(Field field, Repetition repetition) {
    return Types.buildGroup(repetition)
        .as(LogicalTypeAnnotation.listType())
        .repeatedGroup()
        .addField(simple(field.type().element(), Repetition.OPTIONAL, "element"))
        .named("list")
        .named(field.name());
  }

  private static Type simple(FieldType type, Repetition repetition, String name) {
    return switch (type.kind()) {
      case BOOLEAN -> primitive(PrimitiveTypeName.BOOLEAN, repetition, null, name);
      case INT64 -> primitive(PrimitiveTypeName.INT64, repetition, null, name);
      case FLOAT64 -> primitive(PrimitiveTypeName.DOUBLE, repetition, null, name);
      case BYTES -> primitive(PrimitiveTypeName.BINARY, repetition, null, name);
      case STRING ->
          primitive(PrimitiveTypeName.BINARY, repetition, LogicalTypeAnnotation.stringType(), name);
      case DATE ->
          primitive(PrimitiveTypeName.INT32, repetition, LogicalTypeAnnotation.dateType(), name);
      case TIMESTAMP ->
          primitive(
              PrimitiveTypeName.INT64,
              repetition,
              LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS),
              name);
      case TIME ->
          primitive(
              PrimitiveTypeName.INT64,
              repetition,
              LogicalTypeAnnotation.timeType(true, TimeUnit.MICROS),
              name);
      case LIST -> throw new IllegalArgumentException("Lists do not nest: column '" + name + "'");
    };
  }

  private static Type primitive(
      PrimitiveTypeName physical,
      Repetition repetition,
      @Nullable LogicalTypeAnnotation meaning,
      String name) {
    return Types.primitive(physical, repetition).as(meaning).named(name);
  }
}
