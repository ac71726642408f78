package io.featurebeam.transforms.records;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.time.Micros;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.logicaltypes.DateTime;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.apache.beam.sdk.schemas.logicaltypes.FixedBytes;
import org.apache.beam.sdk.schemas.logicaltypes.FixedPrecisionNumeric;
import org.apache.beam.sdk.schemas.logicaltypes.FixedString;
import org.apache.beam.sdk.schemas.logicaltypes.MicrosInstant;
import org.apache.beam.sdk.schemas.logicaltypes.NanosInstant;
import org.apache.beam.sdk.schemas.logicaltypes.OneOfType;
import org.apache.beam.sdk.schemas.logicaltypes.SqlTypes;
import org.apache.beam.sdk.schemas.logicaltypes.Timestamp;
import org.apache.beam.sdk.schemas.logicaltypes.UuidLogicalType;
import org.apache.beam.sdk.schemas.logicaltypes.VariableBytes;
import org.apache.beam.sdk.schemas.logicaltypes.VariableString;
import org.joda.time.ReadableInstant;
import org.jspecify.annotations.Nullable;

/**
 * How the values of one Beam field become values of a column, and back. Neither function sees a
 * null; both throw {@link IllegalArgumentException} for a value that the other side cannot hold.
 *
 * @param type the column's type
 * @param toColumn from what a Row gives to what a ColumnBuilder takes
 * @param toRow from what a Column gives to what a Row takes
 */
record Conversion(
    FieldType type, Function<Object, Object> toColumn, Function<Object, Object> toRow) {

  /** The conversion of a field that is not a row; a type without one is refused by name. */
  static Conversion of(String name, Schema.FieldType type) {
    return switch (type.getTypeName()) {
      case BYTE -> integer(Byte.MIN_VALUE, Byte.MAX_VALUE, "BYTE", Long::byteValue);
      case INT16 -> integer(Short.MIN_VALUE, Short.MAX_VALUE, "INT16", Long::shortValue);
      case INT32 -> integer(Integer.MIN_VALUE, Integer.MAX_VALUE, "INT32", Long::intValue);
      case INT64 -> same(FieldType.INT64);
      case FLOAT ->
          new Conversion(
              FieldType.FLOAT64, v -> ((Float) v).doubleValue(), v -> Narrowed.single((Double) v));
      case DOUBLE -> same(FieldType.FLOAT64);
      case DECIMAL -> text(Object::toString, Narrowed::decimal);
      case STRING -> same(FieldType.STRING);
      case BYTES -> same(FieldType.BYTES);
      case BOOLEAN -> same(FieldType.BOOLEAN);
      case DATETIME ->
          new Conversion(
              FieldType.TIMESTAMP,
              v -> Micros.floor(Instant.ofEpochMilli(((ReadableInstant) v).getMillis())),
              v -> org.joda.time.Instant.ofEpochMilli(Math.floorDiv((Long) v, 1000L)));
      case ARRAY, ITERABLE -> list(name, Objects.requireNonNull(type.getCollectionElementType()));
      case MAP -> throw refused(name, "MAP", "make each key a field of its own");
      case ROW -> throw refused(name, "list of ROW", "flatten it before");
      case LOGICAL_TYPE -> logical(name, Objects.requireNonNull(type.getLogicalType()));
    };
  }

  private static Conversion logical(String name, Schema.LogicalType<?, ?> type) {
    String id = type.getIdentifier();
    if (type instanceof MicrosInstant || type instanceof NanosInstant) {
      return new Conversion(
          FieldType.TIMESTAMP, v -> Micros.floor((Instant) v), v -> Micros.instant((Long) v));
    }
    if (type instanceof Timestamp digits) {
      return new Conversion(
          FieldType.TIMESTAMP,
          v -> Micros.floor((Instant) v),
          v -> Narrowed.timestamp((Long) v, digits));
    }
    if (type instanceof DateTime) {
      return new Conversion(
          FieldType.TIMESTAMP,
          v -> Micros.floor(((LocalDateTime) v).toInstant(ZoneOffset.UTC)),
          v -> LocalDateTime.ofInstant(Micros.instant((Long) v), ZoneOffset.UTC));
    }
    if (id.equals(SqlTypes.DATE.getIdentifier())) {
      return new Conversion(
          FieldType.DATE, v -> ((LocalDate) v).toEpochDay(), v -> Narrowed.date((Long) v));
    }
    if (id.equals(SqlTypes.TIME.getIdentifier())) {
      return new Conversion(
          FieldType.TIME, v -> ((LocalTime) v).toNanoOfDay() / 1000, v -> Narrowed.time((Long) v));
    }
    if (type instanceof UuidLogicalType) {
      return text(Object::toString, UUID::fromString);
    }
    if (type instanceof EnumerationType names) {
      return text(
          v -> names.toString((EnumerationType.Value) v), text -> Narrowed.name(text, names));
    }
    if (type instanceof FixedString fixed) {
      return text(
          v -> v, v -> fixed.toInputType(Narrowed.text("FixedString", v, fixed.getLength())));
    }
    if (type instanceof VariableString variable) {
      return text(v -> v, v -> Narrowed.text("VariableString", v, variable.getMaxLength()));
    }
    if (type instanceof FixedBytes fixed) {
      return bytes(v -> fixed.toInputType(Narrowed.bytes("FixedBytes", v, fixed.getLength())));
    }
    if (type instanceof VariableBytes variable) {
      return bytes(v -> Narrowed.bytes("VariableBytes", v, variable.getMaxLength()));
    }
    if (type instanceof FixedPrecisionNumeric numeric) {
      return text(Object::toString, v -> numeric.toInputType(Narrowed.decimal(v)));
    }
    throw refused(
        name,
        id,
        type instanceof OneOfType
            ? "make each case a nullable field of its own"
            : "convert it to its base type " + type.getBaseType().getTypeName() + " before");
  }

  private static Conversion list(String name, Schema.FieldType element) {
    if (element.getTypeName().isCollectionType()) {
      throw refused(name, "list of lists", "flatten it before");
    }
    Conversion each = of(name, element);
    return new Conversion(
        FieldType.listOf(each.type),
        v -> all((Iterable<?>) v, each.toColumn),
        v -> all((Iterable<?>) v, each.toRow));
  }

  private static List<@Nullable Object> all(Iterable<?> values, Function<Object, Object> each) {
    List<@Nullable Object> result = new ArrayList<>();
    for (Object value : values) {
      result.add(value == null ? null : each.apply(value));
    }
    return result;
  }

  private static Conversion same(FieldType type) {
    return new Conversion(type, Function.identity(), Function.identity());
  }

  private static Conversion text(
      Function<Object, Object> toText, Function<String, Object> fromText) {
    return new Conversion(FieldType.STRING, toText, v -> fromText.apply((String) v));
  }

  private static Conversion bytes(Function<byte[], Object> fromBytes) {
    return new Conversion(FieldType.BYTES, v -> v, v -> fromBytes.apply((byte[]) v));
  }

  private static Conversion integer(
      long min, long max, String type, Function<Long, Object> narrow) {
    return new Conversion(
        FieldType.INT64,
        v -> ((Number) v).longValue(),
        v -> narrow.apply(Narrowed.integer(type, (Long) v, min, max)));
  }

  private static IllegalArgumentException refused(String name, String type, String wayOut) {
    return new IllegalArgumentException(
        "Field '" + name + "' is a " + type + ", which no column can hold (" + wayOut + ")");
  }
}
