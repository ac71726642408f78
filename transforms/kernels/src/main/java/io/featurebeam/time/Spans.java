package io.featurebeam.time;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lengths of time as people write them: {@code 250ms}, {@code 30s}, {@code 5m}, {@code 1h}, {@code
 * 7d}.
 */
public final class Spans {

  private record Unit(String name, long micros) {}

  /** From the largest; weeks are read but written as days, so that one length has one name. */
  private static final List<Unit> UNITS =
      List.of(
          new Unit("w", 7 * 86_400_000_000L),
          new Unit("d", 86_400_000_000L),
          new Unit("h", 3_600_000_000L),
          new Unit("m", 60_000_000L),
          new Unit("s", 1_000_000L),
          new Unit("ms", 1000L),
          new Unit("us", 1L));

  private static final Pattern FORM = Pattern.compile("(-?[0-9]+)\\s*([a-z]{1,3})");

  private Spans() {}

  /** The length in microseconds, greater than 0. */
  public static long parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (matcher.matches()) {
      for (Unit unit : UNITS) {
        if (unit.name.equals(matcher.group(2))) {
          return checkedSpan(text, matcher.group(1), unit);
        }
      }
    }
    throw new IllegalArgumentException(
        "Invalid length of time: '"
            + text
            + "' (must be a whole number and a unit: us, ms, s, m, h, d or w, for example 1h)");
  }

  private static long checkedSpan(String text, String number, Unit unit) {
    long micros;
    try {
      micros = Math.multiplyExact(Long.parseLong(number), unit.micros);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "Invalid length of time: '" + text + "' (must be at most 292,000 years)", e);
    }
    if (micros <= 0) {
      throw new IllegalArgumentException("Invalid length of time: '" + text + "' (must be > 0)");
    }
    return micros;
  }

  /** The length in the largest unit up to a day that divides it: 86,400,000,000 is {@code 1d}. */
  public static String format(long micros) {
    for (Unit unit : UNITS.subList(1, UNITS.size())) {
      if (micros % unit.micros == 0) {
        return micros / unit.micros + unit.name;
      }
    }
    throw new AssertionError("every length is a multiple of a microsecond");
  }
}
