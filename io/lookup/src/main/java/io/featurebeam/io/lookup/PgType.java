package io.featurebeam.io.lookup;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a type is in PostgreSQL, and how a column of it crosses the wire: as one array, an element a
 * row, which the statement unnests.
 */
public final class PgType {

  private PgType() {}

  /** The type of the table's column, as {@code format_type} of PostgreSQL spells it. */
  public static String of(FieldType type) {
    return switch (type.kind()) {
      case BOOLEAN -> "boolean";
      case INT64 -> "bigint";
      case FLOAT64 -> "double precision";
      case STRING -> "text";
      case BYTES -> "bytea";
      case TIMESTAMP -> "timestamp with time zone";
      case DATE -> "date";
      case TIME -> "time without time zone";
      case LIST -> of(type.element()) + "[]";
    };
  }

  /** The type of the elements of the array that crosses. */
  public static String wire(FieldType type) {
    return switch (type.kind()) {
      case BOOLEAN -> "bool";
      case INT64, TIMESTAMP, DATE, TIME -> "int8";
      case FLOAT64 -> "float8";
      case BYTES -> "bytea";
      case STRING, LIST -> "text"; // arrays of arrays are not unnested row by row
    };
  }

  /** What makes the table's value of the wire's, exactly. */
  public static String fromWire(FieldType type, String value) {
    return switch (type.kind()) {
      case BOOLEAN, INT64, FLOAT64, STRING, BYTES -> value;
      // hours and the rest: microseconds at once would be rounded to a double
      case TIMESTAMP ->
          "timestamptz 'epoch' + (%1$s / 3600000000) * interval '1 hour' + (%1$s %% 3600000000) * interval '1 microsecond'"
              .formatted(value);
      case DATE -> "date 'epoch' + " + value + "::int";
      case TIME -> "time '00:00' + " + value + " * interval '1 microsecond'";
      case LIST -> value + "::" + of(type);
    };
  }

  /** What makes a number of a time, and leaves the rest, of the table's value; its inverse. */
  static String toRead(FieldType type, String value) {
    return switch (type.kind()) {
      case BOOLEAN, INT64, FLOAT64, STRING, BYTES -> value;
      // seconds and the rest, as before release 14 PostgreSQL has both as doubles
      case TIMESTAMP ->
          "(extract(epoch FROM date_trunc('second', %1$s))::bigint * 1000000 + extract(microseconds FROM %1$s)::bigint %% 1000000)"
              .formatted(value);
      case DATE -> "(" + value + " - date 'epoch')::bigint";
      case TIME -> "(extract(epoch FROM " + value + ") * 1000000)::bigint";
      case LIST ->
          switch (type.element().kind()) {
            case TIMESTAMP, DATE, TIME ->
                "CASE WHEN %1$s IS NOT NULL THEN ARRAY(SELECT %2$s FROM unnest(%1$s) WITH ORDINALITY AS e(v, i) ORDER BY e.i) END"
                    .formatted(value, toRead(type.element(), "e.v"));
            default -> value;
          };
    };
  }

  /** The value of a column that was selected so, as {@link Column#value} gives it. */
  static @Nullable Object read(FieldType type, ResultSet rows, int column) throws SQLException {
    Object value =
        switch (type.kind()) {
          case BOOLEAN -> rows.getBoolean(column);
          case INT64, TIMESTAMP, DATE, TIME -> rows.getLong(column);
          case FLOAT64 -> rows.getDouble(column);
          case STRING -> rows.getString(column);
          case BYTES -> rows.getBytes(column);
          case LIST -> {
            Array array = rows.getArray(column);
            yield array == null ? null : Arrays.asList((Object[]) array.getArray());
          }
        };
    return rows.wasNull() ? null : value;
  }

  /** The array that crosses, as {@link java.sql.Connection#createArrayOf} takes it. */
  public static @Nullable Object[] array(FieldType type, int size) {
    return switch (type.kind()) {
      case BOOLEAN -> new Boolean[size];
      case INT64, TIMESTAMP, DATE, TIME -> new Long[size];
      case FLOAT64 -> new Double[size];
      case BYTES -> new byte[size][];
      case STRING, LIST -> new String[size];
    };
  }

  /**
   * A value as an element of that array.
   *
   * @param column its name, for messages
   */
  public static @Nullable Object toWire(String column, FieldType type, @Nullable Object value) {
    Object element = value instanceof List<?> list ? literal(type.element(), list) : value;
    if (element instanceof String text && text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "Invalid value of column '"
              + column
              + "': a text with the character 0, which PostgreSQL cannot hold (reject such"
              + " records by a rule)");
    }
    return element;
  }

  /** {@code {1,NULL,3}}. */
  private static String literal(FieldType element, List<?> list) {
    StringBuilder text = new StringBuilder("{");
    for (Object value : list) {
      if (text.length() > 1) {
        text.append(',');
      }
      if (value == null) {
        text.append("NULL");
      } else {
        text.append('"')
            .append(text(element, value).replace("\\", "\\\\").replace("\"", "\\\""))
            .append('"');
      }
    }
    return text.append('}').toString();
  }

  private static String text(FieldType type, Object value) {
    return switch (type.kind()) {
      case BOOLEAN, INT64, FLOAT64, STRING -> value.toString();
      case BYTES -> "\\x" + HexFormat.of().formatHex((byte[]) value);
      case TIMESTAMP -> {
        LocalDateTime time =
            LocalDateTime.ofInstant(
                Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS), ZoneOffset.UTC);
        yield date(time.toLocalDate(), " " + time.toLocalTime() + "+00");
      }
      case DATE -> date(LocalDate.ofEpochDay((Long) value), "");
      case TIME -> LocalTime.ofNanoOfDay((Long) value * 1000).toString();
      case LIST -> throw new IllegalArgumentException("Lists do not nest");
    };
  }

  /** Years before the first count backwards. */
  private static String date(LocalDate date, String time) {
    int year = date.getYear();
    return String.format(
            Locale.ROOT,
            "%04d-%02d-%02d",
            year > 0 ? year : 1 - year,
            date.getMonthValue(),
            date.getDayOfMonth())
        + time
        + (year > 0 ? "" : " BC");
  }
}
