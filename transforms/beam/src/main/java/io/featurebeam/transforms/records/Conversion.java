package io.featurebeam.transforms.records;

import io.featurebeam.columnar.FieldType;
import java.math.BigDecimal;
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
 * null. The way back throws {@link IllegalArgumentException} for a value that the Beam type cannot
 * hold.
 *
 * @param type the column's type
 * @param toColumn from what a Row gives to what a ColumnBuilder takes
 * @param toRow from what a Column gives to what a Row takes
 */
record Conversion(
    FieldType type, Function<Object, Object> toColumn, Function<Object, Object> toRow) {

  private static final long MICROS = 1_000_000L;

  /** The conversion of a field that is not a row; a type without one is refused by name. */
  static Conversion of(String name, Schema.FieldType type) {
    return switch (type.getTypeName()) {
      case BYTE -> integer(Byte.MIN_VALUE, Byte.MAX_VALUE, "BYTE", Long::byteValue);
      case INT16 -> integer(Short.MIN_VALUE, Short.MAX_VALUE, "INT16", Long::shortValue);
      case INT32 -> integer(Integer.MIN_VALUE, Integer.MAX_VALUE, "INT32", Long::intValue);
      case INT64 -> same(FieldType.INT64);
      case FLOAT ->
          new Conversion(
              FieldType.FLOAT64, v -> ((Float) v).doubleValue(), v -> ((Double) v).floatValue());
      case DOUBLE -> same(FieldType.FLOAT64);
      case DECIMAL -> text(Object::toString, BigDecimal::new);
      case STRING -> same(FieldType.STRING);
      case BYTES -> same(FieldType.BYTES);
      case BOOLEAN -> same(FieldType.BOOLEAN);
      case DATETIME ->
          new Conversion(
              FieldType.TIMESTAMP,
              v -> Math.multiplyExact(((ReadableInstant) v).getMillis(), 1000L),
              v -> org.joda.time.Instant.ofEpochMilli(Math.floorDiv((Long) v, 1000L)));
      case ARRAY, ITERABLE -> list(name, Objects.requireNonNull(type.getCollectionElementType()));
      case MAP -> throw refused(name, "MAP", "make each key a field of its own");
      case ROW -> throw refused(name, "list of ROW", "flatten it before");
      case LOGICAL_TYPE -> logical(name, Objects.requireNonNull(type.getLogicalType()));
    };
  }

  private static Conversion logical(String name, Schema.LogicalType<?, ?> type) {
    String id = type.getIdentifier();
    if (type instanceof MicrosInstant
        || type instanceof NanosInstant
        || type instanceof Timestamp) {
      return new Conversion(FieldType.TIMESTAMP, v -> micros((Instant) v), v -> instant((Long) v));
    }
    if (type instanceof DateTime) {
      return new Conversion(
          FieldType.TIMESTAMP,
          v -> micros(((LocalDateTime) v).toInstant(ZoneOffset.UTC)),
          v -> LocalDateTime.ofInstant(instant((Long) v), ZoneOffset.UTC));
    }
    if (id.equals(SqlTypes.DATE.getIdentifier())) {
      return new Conversion(
          FieldType.DATE, v -> ((LocalDate) v).toEpochDay(), v -> LocalDate.ofEpochDay((Long) v));
    }
    if (id.equals(SqlTypes.TIME.getIdentifier())) {
      return new Conversion(
          FieldType.TIME,
          v -> ((LocalTime) v).toNanoOfDay() / 1000,
          v -> LocalTime.ofNanoOfDay(Math.multiplyExact((Long) v, 1000L)));
    }
    if (type instanceof UuidLogicalType) {
      return text(Object::toString, UUID::fromString);
    }
    if (type instanceof EnumerationType names) {
      return text(v -> names.toString((EnumerationType.Value) v), names::valueOf);
    }
    if (type instanceof FixedString || type instanceof VariableString) {
      return same(FieldType.STRING);
    }
    if (type instanceof FixedBytes || type instanceof VariableBytes) {
      return same(FieldType.BYTES);
    }
    if (type instanceof FixedPrecisionNumeric) {
      return text(Object::toString, BigDecimal::new);
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

  private static Conversion integer(
      long min, long max, String type, Function<Long, Object> narrow) {
    return new Conversion(
        FieldType.INT64,
        v -> ((Number) v).longValue(),
        v -> {
          long value = (Long) v;
          if (value < min || value > max) {
            throw new IllegalArgumentException(
                "Invalid "
                    + type
                    + ": "
                    + value
                    + " (must be between "
                    + min
                    + " and "
                    + max
                    + ")");
          }
          return narrow.apply(value);
        });
  }

  private static long micros(Instant instant) {
    long seconds = instant.getEpochSecond();
    long micros = instant.getNano() / 1000;
    return seconds < 0 // from the other end, so that the least long does not overflow on its way
        ? Math.addExact(Math.multiplyExact(seconds + 1, MICROS), micros - MICROS)
        : Math.addExact(Math.multiplyExact(seconds, MICROS), micros);
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000);
  }

  private static IllegalArgumentException refused(String name, String type, String wayOut) {
    return new IllegalArgumentException(
        "Field '" + name + "' is a " + type + ", which no column can hold (" + wayOut + ")");
  }
}
