package io.featurebeam.transforms.records;

import io.featurebeam.time.Micros;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.apache.beam.sdk.schemas.logicaltypes.Timestamp;

/**
 * Values of a column as Beam types hold them that hold less; what they do not hold throws with the
 * type, the value and the rule.
 */
final class Narrowed {

  private static final long LAST_MICRO_OF_DAY = 86_399_999_999L;

  private Narrowed() {}

  static long integer(String type, long value, long min, long max) {
    if (value < min || value > max) {
      throw invalid(type, value, "between " + min + " and " + max);
    }
    return value;
  }

  /** Rounded to the nearest; only an infinity becomes one. */
  static float single(double value) {
    float result = (float) value;
    if (Float.isInfinite(result) && !Double.isInfinite(value)) {
      double most = Float.MAX_VALUE;
      throw invalid("FLOAT", value, "between " + -most + " and " + most);
    }
    return result;
  }

  static LocalDate date(long day) {
    long first = LocalDate.MIN.toEpochDay();
    long last = LocalDate.MAX.toEpochDay();
    if (day < first || day > last) {
      throw invalid("DATE", day + " days since 1970", "between " + first + " and " + last);
    }
    return LocalDate.ofEpochDay(day);
  }

  static LocalTime time(long micros) {
    if (micros < 0 || micros > LAST_MICRO_OF_DAY) {
      throw invalid("TIME", micros + " microseconds", "between 0 and " + LAST_MICRO_OF_DAY);
    }
    return LocalTime.ofNanoOfDay(micros * 1000);
  }

  static Instant timestamp(long micros, Timestamp type) {
    Instant time = Micros.instant(micros);
    int digits = type.getArgument();
    if (digits < 6 && micros % (long) Math.pow(10, 6 - digits) != 0) {
      throw new IllegalArgumentException(
          "Invalid TIMESTAMP: "
              + time
              + " (must have at most "
              + digits
              + " digits below the second)");
    }
    return time;
  }

  static BigDecimal decimal(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("Invalid DECIMAL: '" + text + "' (must be a number)", e);
    }
  }

  static EnumerationType.Value name(String text, EnumerationType names) {
    if (!names.getValues().contains(text)) {
      throw invalid("Enum", text, "one of " + names.getValues());
    }
    return names.valueOf(text);
  }

  static String text(String type, String value, int most) {
    if (value.length() > most) {
      throw invalid(type, value.length() + " characters", "at most " + most);
    }
    return value;
  }

  static byte[] bytes(String type, byte[] value, int most) {
    if (value.length > most) {
      throw invalid(type, value.length + " bytes", "at most " + most);
    }
    return value;
  }

  private static IllegalArgumentException invalid(String type, Object value, String rule) {
    return new IllegalArgumentException(
        "Invalid " + type + ": " + value + " (must be " + rule + ")");
  }
}
