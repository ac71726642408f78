package io.featurebeam.rule;

import io.featurebeam.columnar.FieldType;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The constants that rules compare with: numbers, texts, booleans, and times as ISO 8601 text. */
final class Literals {

  private static final long SECOND = 1_000_000L;

  private Literals() {}

  /** A value as String, Long, Double or Boolean, which Integer and the like become. */
  static Object canonical(String what, Object value) {
    Objects.requireNonNull(value, what + " is null");
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof Float number) {
      return number.doubleValue();
    }
    if (value instanceof String
        || value instanceof Long
        || value instanceof Double
        || value instanceof Boolean) {
      return value;
    }
    throw new IllegalArgumentException(
        "Invalid "
            + what
            + ": a "
            + value.getClass().getName()
            + " (must be a String, a number or a Boolean)");
  }

  /** As it stands in ids and reasons: whole numbers without a fraction. */
  static String text(Object value) {
    if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15) {
      return Long.toString(number.longValue());
    }
    return value.toString();
  }

  /** The raw number of a timestamp, date or time column that the text stands for. */
  static long time(String what, String column, FieldType type, Object value) {
    try {
      if (value instanceof String text) {
        return switch (type.kind()) {
          case TIMESTAMP -> timestamp(text);
          case DATE -> LocalDate.parse(text).toEpochDay();
          case TIME -> LocalTime.parse(text).toNanoOfDay() / 1000;
          default -> throw new IllegalStateException("No time: " + type);
        };
      }
    } catch (DateTimeException | ArithmeticException e) {
      throw wrong(what, column, type, value, form(type));
    }
    throw wrong(what, column, type, value, form(type));
  }

  /** Microseconds of a time with an offset, or of the midnight (UTC) of a date. */
  static long timestamp(String text) {
    if (text.length() == 10) {
      return Math.multiplyExact(LocalDate.parse(text).toEpochDay(), 86_400 * SECOND);
    }
    OffsetDateTime time = OffsetDateTime.parse(text);
    return Math.addExact(Math.multiplyExact(time.toEpochSecond(), SECOND), time.getNano() / 1000L);
  }

  private static String form(FieldType type) {
    return switch (type.kind()) {
      case TIMESTAMP -> "a time such as 2001-01-31 or 2001-01-31T09:30:00Z";
      case DATE -> "a date such as 2001-01-31";
      default -> "a time of day such as 09:30";
    };
  }

  static IllegalArgumentException wrong(
      String what, String column, FieldType type, @Nullable Object value, String wanted) {
    return new IllegalArgumentException(
        "Invalid "
            + what
            + " for "
            + column
            + " "
            + type
            + ": "
            + (value instanceof String ? "'" + value + "'" : value)
            + " (must be "
            + wanted
            + ")");
  }

  /** The error of a rule over a column that it cannot judge. */
  static IllegalArgumentException cannotJudge(
      String rule, String column, FieldType type, String way) {
    return new IllegalArgumentException(
        "Rule " + rule + " cannot judge column '" + column + "' of " + type + " (" + way + ")");
  }
}
