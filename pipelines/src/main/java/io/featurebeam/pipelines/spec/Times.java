package io.featurebeam.pipelines.spec;

import io.featurebeam.columnar.BatchPrinter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Points in time of a spec or flag: a date, or a date and time, UTC unless an offset is given. */
public final class Times {

  private Times() {}

  /**
   * Microseconds since 1970 UTC of {@code 2001-01-31}, {@code 2001-01-31T08:00}, {@code
   * 2001-01-31T08:00:00.5Z} or {@code 2001-01-31T08:00+01:00}. A date means its first instant.
   */
  public static long parse(String what, String text) {
    try {
      Instant instant;
      if (text.indexOf('T') < 0) {
        instant = LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      } else if (text.matches(".*(Z|[+-]\\d\\d:\\d\\d)")) {
        instant = OffsetDateTime.parse(text).toInstant();
      } else {
        instant = LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
      }
      if (instant.getNano() % 1000 != 0) {
        throw new IllegalArgumentException(
            "Invalid " + what + ": '" + text + "' (must be whole microseconds)");
      }
      return Math.addExact(
          Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "Invalid "
              + what
              + ": '"
              + text
              + "' (must be a date or time that exists); use for example 2001-01-31 or"
              + " 2001-01-31T08:00:00Z",
          e);
    }
  }

  /** A date if it is the first instant of one, else the time, in UTC. */
  public static String format(long micros) {
    String text = BatchPrinter.timestamp(micros);
    return text.endsWith("T00:00:00Z") ? text.substring(0, text.length() - 10) : text;
  }
}
