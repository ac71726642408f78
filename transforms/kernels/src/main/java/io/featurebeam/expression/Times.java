package io.featurebeam.expression;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Texts of times and the parts of times, all in UTC and by floor, so that they hold before 1970
 * too. As in CEL, months, days of the month and days of the year count from 0 (only getDate from
 * 1), and Sunday is 0.
 */
final class Times {

  static final long SECOND = 1_000_000L;
  static final long MINUTE = 60 * SECOND;
  static final long HOUR = 60 * MINUTE;
  static final long DAY = 24 * HOUR;

  private static final Map<String, Long> UNITS =
      Map.of("h", HOUR, "m", MINUTE, "s", SECOND, "ms", 1000L, "us", 1L);
  private static final Pattern DURATION_PART =
      Pattern.compile("(\\d{1,18}(?:\\.\\d{1,18})?)(h|ms|m|s|us)");

  private Times() {}

  /** A part of a timestamp, named as the CEL method. */
  enum Part {
    getFullYear,
    getMonth,
    getDayOfYear,
    getDayOfMonth,
    getDate,
    getDayOfWeek,
    getHours,
    getMinutes,
    getSeconds,
    getMilliseconds;

    /** Whether a duration has it too: as the whole duration in that unit. */
    boolean ofDuration() {
      return this == getHours
          || this == getMinutes
          || this == getSeconds
          || this == getMilliseconds;
    }
  }

  /** Microseconds of an RFC 3339 timestamp; null if it is none or has less than microseconds. */
  static @Nullable Long timestamp(String text) {
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      if (time.getNano() % 1000 != 0) {
        return null;
      }
      return Math.addExact(
          Math.multiplyExact(time.toEpochSecond(), SECOND), time.getNano() / 1000L);
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  /** Microseconds of a duration such as 90s, 1h30m or -1.5h; null if it is none. */
  static @Nullable Long duration(String text) {
    boolean negative = text.startsWith("-");
    String rest = negative || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return 0L;
    }
    Matcher part = DURATION_PART.matcher(rest);
    BigDecimal total = BigDecimal.ZERO;
    int at = 0;
    while (at < rest.length() && part.find(at) && part.start() == at) {
      BigDecimal unit = BigDecimal.valueOf(UNITS.getOrDefault(part.group(2), 0L));
      total = total.add(new BigDecimal(part.group(1)).multiply(unit));
      at = part.end();
    }
    if (rest.isEmpty() || at < rest.length()) {
      return null;
    }
    try {
      long micros = total.setScale(0, RoundingMode.DOWN).longValueExact();
      return negative ? -micros : micros;
    } catch (ArithmeticException e) {
      return null;
    }
  }

  /** One part of each timestamp or duration. */
  static final class PartOf extends Node.Longs {
    private final Part part;
    private final Longs time;

    PartOf(Part part, Longs time) {
      super(Kind.INT);
      this.part = part;
      this.time = time;
    }

    @Override
    void evaluate(Frame frame) {
      time.evaluate(frame);
      knownOf(time);
      long[] result = room(frame);
      if (time.kind == Kind.DURATION) {
        ofDuration(time.values, result, frame.size());
      } else {
        ofTimestamp(time.values, result, frame.size());
      }
    }

    private void ofDuration(long[] values, long[] result, int size) {
      long unit =
          switch (part) {
            case getHours -> HOUR;
            case getMinutes -> MINUTE;
            case getSeconds -> SECOND;
            default -> 1000;
          };
      boolean milliseconds = part == Part.getMilliseconds;
      for (int i = 0; i < size; i++) {
        result[i] = milliseconds ? values[i] % SECOND / unit : values[i] / unit;
      }
    }

    private void ofTimestamp(long[] values, long[] result, int size) {
      switch (part) {
        case getHours -> cyclic(values, result, size, HOUR, 24);
        case getMinutes -> cyclic(values, result, size, MINUTE, 60);
        case getSeconds -> cyclic(values, result, size, SECOND, 60);
        case getMilliseconds -> cyclic(values, result, size, 1000, 1000);
        case getDayOfWeek -> {
          for (int i = 0; i < size; i++) { // 1970-01-01 was a Thursday
            result[i] = Math.floorMod(Math.floorDiv(values[i], DAY) + 4, 7L);
          }
        }
        case getFullYear, getMonth, getDayOfYear, getDayOfMonth, getDate -> {
          for (int i = 0; i < size; i++) {
            result[i] = civil(Math.floorDiv(values[i], DAY));
          }
        }
      }
    }

    private static void cyclic(long[] values, long[] result, int size, long unit, long cycle) {
      for (int i = 0; i < size; i++) {
        result[i] = Math.floorMod(Math.floorDiv(values[i], unit), cycle);
      }
    }

    /**
     * The part of the date {@code days} after 1970-01-01, in the proleptic Gregorian calendar:
     * years that begin in March, so that the leap day is the last (Hinnant, "chrono-compatible
     * low-level date algorithms").
     */
    private long civil(long days) {
      long shifted = days + 719_468;
      long era = Math.floorDiv(shifted, 146_097L);
      long dayOfEra = shifted - era * 146_097;
      long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
      long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
      long month = (5 * dayOfYear + 2) / 153; // 0 is March
      long year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0);
      return switch (part) {
        case getFullYear -> year;
        case getMonth -> month < 10 ? month + 2 : month - 10;
        case getDayOfMonth -> dayOfYear - (153 * month + 2) / 5;
        case getDate -> dayOfYear - (153 * month + 2) / 5 + 1;
        default -> days - firstOfYear(year);
      };
    }

    private static long firstOfYear(long year) {
      long before = year - 1;
      return 365 * (year - 1970)
          + (Math.floorDiv(before, 4L) - 492)
          - (Math.floorDiv(before, 100L) - 19)
          + (Math.floorDiv(before, 400L) - 4);
    }
  }
}
