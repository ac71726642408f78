package io.featurebeam.io.file.publish;

import io.featurebeam.columnar.Spelling;
import java.time.DateTimeException;
import java.time.Instant;
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

  /** The start of the stretch that holds {@code micros}; both are microseconds since 1970. */
  public long floor(long micros) {
    return switch (this) {
      case HOUR -> Math.floorDiv(micros, MICROS_PER_HOUR) * MICROS_PER_HOUR;
      case DAY -> Math.floorDiv(micros, MICROS_PER_DAY) * MICROS_PER_DAY;
      case MONTH -> micros(dateTime(micros).withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS));
      case YEAR -> micros(dateTime(micros).withDayOfYear(1).truncatedTo(ChronoUnit.DAYS));
    };
  }

  /** Where the stretch that starts at {@code start} ends. */
  public long next(long start) {
    return micros(dateTime(start).plus(1, unit));
  }

  /** How the stretch that holds {@code micros} is written. */
  public String format(long micros) {
    return format.format(dateTime(micros));
  }

  /** The start of a stretch that {@link #format} wrote, microseconds since 1970. */
  public long parseStart(String text) {
    try {
      return micros(LocalDateTime.parse(text + toFirstHour, HOURS));
    } catch (DateTimeException | ArithmeticException e) {
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
    Instant instant = time.toInstant(ZoneOffset.UTC);
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), MICROS_PER_SECOND), instant.getNano() / 1000);
  }
}
