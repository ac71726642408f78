package io.featurebeam.io.file.publish;

import io.featurebeam.columnar.Spelling;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;

/** By which stretch of UTC time a partition is cut; how a value of it is written sorts by time. */
public enum TimeUnit {
  /** {@code 2001-01-31-07}. */
  HOUR("uuuu-MM-dd-HH", ChronoUnit.HOURS, ""),
  /** {@code 2001-01-31}. */
  DAY("uuuu-MM-dd", ChronoUnit.DAYS, "-00"),
  /** {@code 2001-01}. */
  MONTH("uuuu-MM", ChronoUnit.MONTHS, "-01-00"),
  /** {@code 2001}. */
  YEAR("uuuu", ChronoUnit.YEARS, "-01-01-00");

  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;
  private static final long MICROS_PER_HOUR = 3_600 * MICROS_PER_SECOND;
  private static final DateTimeFormatter HOURS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd-HH", Locale.ROOT);

  private final DateTimeFormatter format;
  private final ChronoUnit unit;
  private final String toFirstHour;

  TimeUnit(String pattern, ChronoUnit unit, String toFirstHour) {
    this.format = DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
    this.unit = unit;
    this.toFirstHour = toFirstHour;
  }

  /** The unit of this name in lower case: {@code day}. */
  public static TimeUnit parse(String name) {
    return Arrays.stream(values())
        .filter(u -> u.label().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Unknown time unit: '"
                        + name
                        + "'"
                        + Spelling.hint(
                            name, Arrays.stream(values()).map(TimeUnit::label).toList())));
  }

  /** The unit's name in lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The start of the stretch that holds {@code micros}; both are microseconds since 1970. Here as
   * in the other methods a time that 64 bits do not hold is the least or the greatest that they do.
   */
  public long floor(long micros) {
    return switch (this) {
      case HOUR -> floor(micros, MICROS_PER_HOUR);
      case DAY -> floor(micros, MICROS_PER_DAY);
      case MONTH, YEAR -> micros(start(dateTime(micros)));
    };
  }

  private LocalDateTime start(LocalDateTime time) {
    return switch (this) {
      case HOUR -> time.truncatedTo(ChronoUnit.HOURS);
      case DAY -> time.truncatedTo(ChronoUnit.DAYS);
      case MONTH -> time.withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS);
      case YEAR -> time.withDayOfYear(1).truncatedTo(ChronoUnit.DAYS);
    };
  }

  private static long floor(long micros, long length) {
    long start = micros - Math.floorMod(micros, length);
    return start > micros ? Long.MIN_VALUE : start;
  }

  /** Where the stretch that starts at {@code start} ends. */
  public long next(long start) {
    // The least time of all stands for a start that lies before it.
    return micros(start(dateTime(start)).plus(1, unit));
  }

  /** How the stretch that holds {@code micros} is written. */
  public String format(long micros) {
    return format.format(dateTime(micros));
  }

  /** How the stretch that holds a day is written; {@code day} is days since 1970. */
  public String formatDay(long day) {
    try {
      return format.format(LocalDate.ofEpochDay(day).atStartOfDay());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "Invalid date: day " + day + " since 1970 (no calendar goes that far)", e);
    }
  }

  /** The start of a stretch that {@link #format} wrote, microseconds since 1970. */
  public long parseStart(String text) {
    try {
      return micros(LocalDateTime.parse(text + toFirstHour, HOURS));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "Invalid " + label() + ": '" + text + "' (must look like " + format(0) + ")", e);
    }
  }

  private static LocalDateTime dateTime(long micros) {
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(micros, MICROS_PER_SECOND),
        (int) Math.floorMod(micros, MICROS_PER_SECOND) * 1000,
        ZoneOffset.UTC);
  }

  private static long micros(LocalDateTime time) {
    long second = time.toEpochSecond(ZoneOffset.UTC); // all are the start of a second
    if (Math.abs(second) > Long.MAX_VALUE / MICROS_PER_SECOND) {
      return second < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return second * MICROS_PER_SECOND;
  }
}
