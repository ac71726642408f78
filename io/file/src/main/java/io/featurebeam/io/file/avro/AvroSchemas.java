package io.featurebeam.io.file.avro;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Avro schemas as record schemas: int and long become int64; float and double float64; string,
 * enum, uuid and decimal (its exact digits) string; bytes and fixed bytes; date, time-millis and
 * time-micros; timestamps of every unit, local ones read as UTC, nanoseconds floored; arrays of
 * these lists; nested records dotted names; a union with null a nullable column. Maps, other
 * unions, arrays of records or arrays, and records that hold themselves are refused by name.
 */
public final class AvroSchemas {

  private AvroSchemas() {}

  /** The columns that records of {@code schema} become. */
  public static RecordSchema toRecordSchema(Schema schema) {
    if (schema.getType() != Schema.Type.RECORD) {
      throw new IllegalArgumentException(
          "Invalid Avro schema: " + schema.getType() + " (must be a record)");
    }
    List<Field> fields = new ArrayList<>();
    collect(schema, "", false, fields, List.of());
    return RecordSchema.of(fields);
  }

  private static void collect(
      Schema record, String prefix, boolean nullable, List<Field> into, List<String> outer) {
    if (outer.contains(record.getFullName())) {
      throw refused(prefix.substring(0, prefix.length() - 1), "a record that holds itself");
    }
    List<String> here = new ArrayList<>(outer);
    here.add(record.getFullName());
    for (Schema.Field field : record.getFields()) {
      String name = prefix + field.name();
      Schema type = value(field.schema());
      boolean mayBeNull = nullable || field.schema().isNullable();
      if (type != null && type.getType() == Schema.Type.RECORD) {
        collect(type, name + ".", mayBeNull, into, here);
      } else {
        into.add(new Field(name, columnType(name, type), mayBeNull));
      }
    }
  }

  static FieldType columnType(String name, @Nullable Schema type) {
    if (type == null) {
      throw refused(name, "a union of several types");
    }
    AvroScalar scalar = AvroScalar.of(type);
    if (scalar != null) {
      return scalar.type();
    }
    if (type.getType() == Schema.Type.ARRAY) {
      Schema element = value(type.getElementType());
      AvroScalar item = element == null ? null : AvroScalar.of(element);
      if (item == null) {
        throw refused(name, "an array of " + type.getElementType().getType());
      }
      return FieldType.listOf(item.type());
    }
    throw refused(name, "a " + type.getType());
  }

  /**
   * The schema itself, the one that is not null of a union with null, or null for any other union.
   */
  static @Nullable Schema value(Schema schema) {
    if (schema.getType() != Schema.Type.UNION) {
      return schema;
    }
    List<Schema> values =
        schema.getTypes().stream().filter(s -> s.getType() != Schema.Type.NULL).toList();
    return values.size() == 1 ? values.get(0) : null;
  }

  /**
   * How many bytes a record takes at least: by it a false count of records is told. One even where
   * it could be none, since a record of nothing but nulls is nothing that anybody stores.
   */
  static long leastBytes(Schema record) {
    return Math.max(1, leastBytes(record, new HashMap<>()));
  }

  private static long leastBytes(Schema schema, Map<String, Long> records) {
    return switch (schema.getType()) {
      case NULL -> 0;
      case FLOAT -> 4;
      case DOUBLE -> 8;
      case FIXED -> schema.getFixedSize();
      case BOOLEAN, INT, LONG, ENUM, STRING, BYTES, ARRAY, MAP -> 1;
      case UNION ->
          1
              + schema.getTypes().stream()
                  .mapToLong(branch -> leastBytes(branch, records))
                  .min()
                  .orElse(0);
      case RECORD -> {
        Long known = records.putIfAbsent(schema.getFullName(), 0L); // what holds itself ends there
        if (known != null) {
          yield known;
        }
        long sum = 0;
        for (Schema.Field field : schema.getFields()) {
          sum = Math.min(sum + leastBytes(field.schema(), records), Integer.MAX_VALUE);
        }
        records.put(schema.getFullName(), sum);
        yield sum;
      }
    };
  }

  private static IllegalArgumentException refused(String name, String what) {
    return new IllegalArgumentException(
        "Field '"
            + name
            + "' is "
            + what
            + ", which no column can hold (leave it out of the schema)");
  }
}
