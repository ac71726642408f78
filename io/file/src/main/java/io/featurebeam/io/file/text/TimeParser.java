package io.featurebeam.io.file.text;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Timestamps, dates and times in one format: {@code iso} (the default), {@code epoch-seconds},
 * {@code epoch-millis}, {@code epoch-micros} (timestamps only), or a pattern of {@link
 * DateTimeFormatter} such as {@code dd.MM.yyyy HH:mm}, English names, UTC unless it has a zone.
 */
final class TimeParser implements ValueParser {

  private final FieldType type;
  private final long unit;
  private final @Nullable DateTimeFormatter pattern;
  private final String wanted;
  private final IsoTimes iso = new IsoTimes();

  private TimeParser(
      FieldType type, long unit, @Nullable DateTimeFormatter pattern, String wanted) {
    this.type = type;
    this.unit = unit;
    this.pattern = pattern;
    this.wanted = wanted;
  }

  static TimeParser of(String column, FieldType type, @Nullable String format) {
    if (format == null || format.equals("iso")) {
      String example =
          switch (type.kind()) {
            case DATE -> "2001-01-31";
            case TIME -> "23:59:59";
            default -> "2001-01-31T23:59:59Z";
          };
      return new TimeParser(
          type, 0, null, "an ISO 8601 " + type + " that exists, such as " + example);
    }
    if (format.startsWith("epoch-")) {
      long unit =
          switch (format) {
            case "epoch-seconds" -> 1_000_000L;
            case "epoch-millis" -> 1000L;
            case "epoch-micros" -> 1L;
            default -> 0L;
          };
      if (unit == 0 || type.kind() != FieldType.Kind.TIMESTAMP) {
        throw new IllegalArgumentException(
            "Invalid format of column '"
                + column
                + "' ("
                + type
                + "): '"
                + format
                + "' (must be iso, a date and time pattern, or for a timestamp epoch-seconds,"
                + " epoch-millis or epoch-micros)");
      }
      return new TimeParser(
          type, unit, null, "a whole number of " + format.substring(6) + " since 1970");
    }
    try {
      DateTimeFormatter pattern =
          DateTimeFormatter.ofPattern(yearsWithoutEra(format), Locale.ENGLISH)
              .withResolverStyle(ResolverStyle.STRICT);
      return new TimeParser(type, 0, pattern, "a " + type + " of the form " + format);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Invalid format of column '" + column + "': '" + format + "' (" + e.getMessage() + ")",
          e);
    }
  }

  /**
   * Strict resolving refuses 30 February, and wants an era with y, so y becomes u outside quotes.
   */
  private static String yearsWithoutEra(String format) {
    StringBuilder result = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      quoted ^= c == '\'';
      result.append(c == 'y' && !quoted ? 'u' : c);
    }
    return result.toString();
  }

  @Override
  public @Nullable String parse(byte[] b, int from, int to, ColumnBuilder into) {
    boolean ok =
        pattern != null ? byPattern(b, from, to) : unit > 0 ? epoch(b, from, to) : iso(b, from, to);
    if (!ok) {
      return Text.show(b, from, to) + " is not a " + type + " (must be " + wanted + ")";
    }
    into.appendLong(iso.value);
    return null;
  }

  private boolean iso(byte[] b, int from, int to) {
    return switch (type.kind()) {
      case DATE -> iso.date(b, from, to);
      case TIME -> iso.time(b, from, to);
      default -> iso.timestamp(b, from, to);
    };
  }

  private boolean epoch(byte[] b, int from, int to) {
    int i = from < to && b[from] == '-' ? from + 1 : from;
    if (i == to || to - i > 18) {
      return false;
    }
    long number = 0;
    for (; i < to; i++) {
      if (b[i] < '0' || b[i] > '9') {
        return false;
      }
      number = number * 10 + (b[i] - '0');
    }
    iso.value = (b[from] == '-' ? -number : number) * unit;
    return number <= Long.MAX_VALUE / unit;
  }

  private boolean byPattern(byte[] b, int from, int to) {
    if (pattern == null || to - from > 100) {
      return false;
    }
    try {
      TemporalAccessor parsed =
          pattern.parse(new String(b, from, to - from, StandardCharsets.UTF_8));
      iso.value =
          switch (type.kind()) {
            case DATE -> LocalDate.from(parsed).toEpochDay();
            case TIME -> LocalTime.from(parsed).toNanoOfDay() / 1000;
            default -> micros(parsed);
          };
      return true;
    } catch (DateTimeException | ArithmeticException e) {
      return false;
    }
  }

  private static long micros(TemporalAccessor parsed) {
    Instant instant;
    if (parsed.isSupported(ChronoField.INSTANT_SECONDS)) {
      instant = Instant.from(parsed);
    } else {
      LocalTime time = parsed.query(TemporalQueries.localTime());
      ZoneOffset offset = parsed.query(TemporalQueries.offset());
      instant =
          LocalDate.from(parsed)
              .atTime(time == null ? LocalTime.MIDNIGHT : time)
              .toInstant(offset == null ? ZoneOffset.UTC : offset);
    }
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
  }
}
