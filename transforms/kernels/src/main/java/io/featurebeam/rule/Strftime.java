package io.featurebeam.rule;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Formats of {@code strftime}, as far as they say the same on every machine, as Java's. */
final class Strftime {

  private Strftime() {}

  /**
   * Strict formatters, of which one must fit, or {@link IllegalArgumentException} that names the
   * directive: an offset is written in two ways.
   */
  static List<DateTimeFormatter> formatters(String format) {
    DateTimeFormatter plain = formatter(format, "+HHMM");
    return format.replace("%%", "").contains("%z")
        ? List.of(plain, formatter(format, "+HH:MM"))
        : List.of(plain);
  }

  private static DateTimeFormatter formatter(String format, String offset) {
    DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
    boolean some = false;
    int i = 0;
    while (i < format.length()) {
      char c = format.charAt(i++);
      if (c != '%') {
        builder.appendLiteral(c);
        continue;
      }
      char directive = i < format.length() ? format.charAt(i++) : 0;
      if (!append(builder, directive, offset)) {
        throw new IllegalArgumentException(
            "Invalid format: '"
                + format
                + "' (%"
                + (directive == 0 ? "" : directive)
                + " is none of %Y %y %m %d %j %H %I %p %M %S %f %b %B %a %A %z %%)");
      }
      some |= directive != '%';
    }
    if (!some) {
      throw new IllegalArgumentException(
          "Invalid format: '" + format + "' (must have a directive such as %Y)");
    }
    return builder.toFormatter(Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
  }

  private static boolean append(DateTimeFormatterBuilder builder, char directive, String offset) {
    switch (directive) {
      case 'Y' -> builder.appendValue(ChronoField.YEAR, 4, 4, SignStyle.NOT_NEGATIVE);
      case 'y' -> builder.appendValueReduced(ChronoField.YEAR, 2, 2, LocalDate.of(1969, 1, 1));
      case 'm' -> builder.appendValue(ChronoField.MONTH_OF_YEAR, 2);
      case 'd' -> builder.appendValue(ChronoField.DAY_OF_MONTH, 2);
      case 'j' -> builder.appendValue(ChronoField.DAY_OF_YEAR, 3);
      case 'H' -> builder.appendValue(ChronoField.HOUR_OF_DAY, 2);
      case 'I' -> builder.appendValue(ChronoField.CLOCK_HOUR_OF_AMPM, 2);
      case 'p' -> builder.appendText(ChronoField.AMPM_OF_DAY, Map.of(0L, "AM", 1L, "PM"));
      case 'M' -> builder.appendValue(ChronoField.MINUTE_OF_HOUR, 2);
      case 'S' -> builder.appendValue(ChronoField.SECOND_OF_MINUTE, 2);
      case 'f' -> builder.appendFraction(ChronoField.MICRO_OF_SECOND, 1, 6, false);
      case 'b' -> builder.appendText(ChronoField.MONTH_OF_YEAR, months(3));
      case 'B' -> builder.appendText(ChronoField.MONTH_OF_YEAR, months(Integer.MAX_VALUE));
      case 'a' -> builder.appendText(ChronoField.DAY_OF_WEEK, days(3));
      case 'A' -> builder.appendText(ChronoField.DAY_OF_WEEK, days(Integer.MAX_VALUE));
      case 'z' -> builder.appendOffset(offset, "Z");
      case '%' -> builder.appendLiteral('%');
      default -> {
        return false;
      }
    }
    return true;
  }

  /** By hand, since the short names of a locale change from one Java to the next. */
  private static Map<Long, String> months(int letters) {
    Map<Long, String> names = new LinkedHashMap<>();
    for (Month month : Month.values()) {
      names.put((long) month.getValue(), start(month.name(), letters));
    }
    return names;
  }

  private static Map<Long, String> days(int letters) {
    Map<Long, String> names = new LinkedHashMap<>();
    for (DayOfWeek day : DayOfWeek.values()) {
      names.put((long) day.getValue(), start(day.name(), letters));
    }
    return names;
  }

  private static String start(String name, int letters) {
    String rest = name.substring(1, Math.min(letters, name.length()));
    return name.charAt(0) + rest.toLowerCase(Locale.ROOT);
  }
}
