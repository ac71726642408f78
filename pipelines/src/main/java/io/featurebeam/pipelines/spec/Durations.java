package io.featurebeam.pipelines.spec;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as people write them: {@code 250ms}, {@code 30s}, {@code 5m}, {@code 1h}, {@code 7d}. */
public final class Durations {

  /** Also the pattern of the JSON Schema; zero and overflow are refused by {@link #parse}. */
  static final String PATTERN = "[0-9]{1,18}(us|ms|s|m|h|d|w)";

  private static final Pattern COMPILED = Pattern.compile("(-?[0-9]{1,18})(us|ms|s|m|h|d|w)");
  private static final String[] UNITS = {"w", "d", "h", "m", "s", "ms", "us"};
  private static final long[] MICROS = {
    604_800_000_000L, 86_400_000_000L, 3_600_000_000L, 60_000_000L, 1_000_000L, 1_000L, 1L
  };

  private Durations() {}

  /**
   * The microseconds of a length of time above zero.
   *
   * @param what how an error calls it: "window"
   */
  public static long parse(String what, String text) {
    Matcher matcher = COMPILED.matcher(text);
    if (!matcher.matches()) {
      throw invalid(what, text, "must be a number and one of us, ms, s, m, h, d, w");
    }
    long number = Long.parseLong(matcher.group(1));
    if (number <= 0) {
      throw invalid(what, text, "must be > 0");
    }
    for (int i = 0; i < UNITS.length; i++) {
      if (UNITS[i].equals(matcher.group(2))) {
        if (number > Long.MAX_VALUE / MICROS[i]) {
          throw invalid(what, text, "must be at most 292,000 years");
        }
        return number * MICROS[i];
      }
    }
    throw new AssertionError("No unit " + matcher.group(2));
  }

  /** The shortest text that {@link #parse} reads as {@code micros}, in the largest unit up to days. */
  public static String format(long micros) {
    if (micros <= 0) {
      throw new IllegalArgumentException("Invalid duration: " + micros + " us (must be > 0)");
    }
    for (int i = 1; i < UNITS.length; i++) {
      if (micros % MICROS[i] == 0) {
        return micros / MICROS[i] + UNITS[i];
      }
    }
    throw new AssertionError("No unit for " + micros);
  }

  private static IllegalArgumentException invalid(String what, String text, String rule) {
    return new IllegalArgumentException(
        "Invalid " + what + ": '" + text + "' (" + rule + "); use for example 1h");
  }
}
