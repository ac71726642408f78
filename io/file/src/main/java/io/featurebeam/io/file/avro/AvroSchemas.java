package io.featurebeam.io.file.avro;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Spelling;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.jspecify.annotations.Nullable;

/**
 * Avro schemas as record schemas: int and long become int64; float and double float64; string, enum
 * and uuid string; a decimal of up to 15 digits float64, of more string (its exact digits), as in
 * Parquet; bytes and fixed bytes; date, time-millis and time-micros; timestamps of every unit,
 * local ones read as UTC, nanoseconds floored; arrays of these lists; nested records dotted names;
 * a union with null a nullable column. Maps, other unions, arrays of records or arrays, nulls, and
 * records that hold themselves have no column type: such a field is left out, and asking for it by
 * name is an error that says why.
 */
public final class AvroSchemas {

  /** More columns than this are no schema that anybody wrote: records in records double quickly. */
  private static final int MAX_COLUMNS = 10_000;

  private final List<Field> fields = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();

  private AvroSchemas(Schema schema) {
    if (schema.getType() != Schema.Type.RECORD) {
      throw new IllegalArgumentException(
          "Invalid Avro schema: " + schema.getType() + " (must be a record)");
    }
    collect(schema, "", false, List.of());
  }

  /** The schema that a container file carries. */
  public static Schema read(ResourceId file) throws IOException {
    InputStream in = Channels.newInputStream(FileSystems.open(file));
    try (in) {
      return new AvroContainer(file.toString(), in).schema();
    }
  }

  /** The columns that records of {@code schema} become; fields that cannot be one are left out. */
  public static RecordSchema toRecordSchema(Schema schema) {
    return RecordSchema.of(new AvroSchemas(schema).fields);
  }

  /** The fields that cannot be columns, each with what it is: {@code tags (a MAP)}. */
  public static List<String> leftOut(Schema schema) {
    return List.copyOf(new AvroSchemas(schema).leftOut);
  }

  /**
   * Some columns, each found by its dotted name.
   *
   * @param source the file, for the error of a name that is unknown or no column
   */
  public static RecordSchema project(String source, Schema schema, Collection<String> columns) {
    return RecordSchema.of(columns.stream().map(name -> column(source, schema, name)).toList());
  }

  /** Whether there is a field of that dotted name, of whatever type. */
  static boolean has(Schema schema, String name) {
    try {
      return AvroNode.find(schema, "", name, false) != null;
    } catch (IllegalArgumentException e) {
      return !e.getMessage().startsWith("no column");
    }
  }

  static Field column(String source, Schema schema, String name) {
    try {
      return AvroNode.find(schema, "", name, false);
    } catch (IllegalArgumentException e) {
      List<String> names = schema.getFields().stream().map(Schema.Field::name).toList();
      String hint = e.getMessage().startsWith("no column") ? Spelling.hint(name, names) : "";
      throw new IllegalArgumentException(
          hint.isEmpty()
              ? "File " + source + ": " + e.getMessage()
              : "File " + source + " has " + e.getMessage() + hint,
          e);
    }
  }

  /** An error if the column is not what the schema says. */
  static void check(String source, Schema written, Field field) {
    Field found = column(source, written, field.name());
    if (!found.type().equals(field.type())) {
      throw new IllegalArgumentException(
          "Column '"
              + field.name()
              + "' of "
              + source
              + " is "
              + found.type()
              + " (must be "
              + field.type()
              + ")");
    }
    if (found.nullable() && !field.nullable()) {
      throw new IllegalArgumentException(
          "Column '" + field.name() + "' of " + source + " may be null (declare it nullable)");
    }
  }

  private void collect(Schema record, String prefix, boolean nullable, List<String> outer) {
    List<String> here = new ArrayList<>(outer);
    here.add(record.getFullName());
    for (Schema.Field field : record.getFields()) {
      String name = prefix + field.name();
      Schema type = value(field.schema());
      boolean mayBeNull = nullable || field.schema().isNullable();
      if (type == null || type.getType() != Schema.Type.RECORD) {
        FieldType column = columnType(type);
        if (column == null) {
          leftOut.add(name + " (" + describe(type) + ")");
        } else {
          fields.add(new Field(name, column, mayBeNull));
        }
      } else if (here.contains(type.getFullName())) {
        leftOut.add(name + " (a record that holds itself)");
      } else {
        collect(type, name + ".", mayBeNull, here);
      }
      if (fields.size() + leftOut.size() > MAX_COLUMNS) {
        throw new IllegalArgumentException(
            "Invalid Avro schema: "
                + record.getFullName()
                + " makes more than "
                + MAX_COLUMNS
                + " columns (name the columns to read)");
      }
    }
  }

  /** The type of the column named so; an error if it can be none. */
  static FieldType columnType(String name, @Nullable Schema type) {
    FieldType column = columnType(type);
    if (column == null) {
      throw new IllegalArgumentException(
          "Field '"
              + name
              + "' is "
              + describe(type)
              + ", which no column can hold (leave it out)");
    }
    return column;
  }

  private static @Nullable FieldType columnType(@Nullable Schema type) {
    if (type == null) {
      return null;
    }
    AvroScalar scalar = AvroScalar.of(type);
    if (scalar != null) {
      return scalar.type();
    }
    AvroScalar item = null;
    if (type.getType() == Schema.Type.ARRAY) {
      Schema element = value(type.getElementType());
      item = element == null ? null : AvroScalar.of(element);
    }
    return item == null ? null : FieldType.listOf(item.type());
  }

  private static String describe(@Nullable Schema type) {
    if (type == null) {
      return "a union of several types";
    }
    return type.getType() == Schema.Type.ARRAY
        ? "an array of " + type.getElementType().getType()
        : "a " + type.getType();
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
}
