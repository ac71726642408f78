package io.featurebeam.io.file.text;

import io.featurebeam.columnar.ColumnBuilder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Decimal numbers as float64, each the nearest. Up to 2^53 as whole digits and 10^22 as power,
 * which is nearly every number in practice, both are exact as doubles, so one division or
 * multiplication rounds right (Clinger, 1990); the rest goes the JDK's way.
 */
final class Decimals {

  private static final double[] POWERS = new double[23];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10; // exact up to 10^22
    }
  }

  private Decimals() {}

  /** {@code -1.5e3}, {@code NaN}, {@code Infinity}; a finite number beyond the range is refused. */
  static @Nullable String parse(byte[] b, int from, int to, ColumnBuilder into) {
    int i = from;
    boolean negative = i < to && b[i] == '-';
    if (i < to && (b[i] == '-' || b[i] == '+')) {
      i++;
    }
    int start = i;
    long digits = 0;
    boolean fits = true;
    int fraction = 0;
    int count = 0;
    boolean point = false;
    for (; i < to; i++) {
      int c = b[i];
      if (c == '.' && !point) {
        point = true;
        continue;
      }
      if (c < '0' || c > '9') {
        break;
      }
      count++;
      fraction += point ? 1 : 0;
      fits &= digits < (1L << 53) / 10;
      digits = fits ? digits * 10 + (c - '0') : digits;
    }
    if (count == 0) {
      return special(b, from, start, to, negative, into);
    }
    int exponent = 0;
    if (i < to && (b[i] == 'e' || b[i] == 'E')) {
      i++;
      boolean down = i < to && b[i] == '-';
      if (i < to && (b[i] == '-' || b[i] == '+')) {
        i++;
      }
      int first = i;
      for (; i < to && b[i] >= '0' && b[i] <= '9'; i++) {
        exponent = Math.min(100_000, exponent * 10 + (b[i] - '0'));
      }
      if (i == first) {
        return notANumber(b, from, to);
      }
      exponent = down ? -exponent : exponent;
    }
    if (i < to) {
      return notANumber(b, from, to);
    }
    exponent -= fraction;
    double value;
    if (fits && exponent >= -22 && exponent <= 22) {
      value = exponent < 0 ? digits / POWERS[-exponent] : digits * POWERS[exponent];
      value = negative ? -value : value;
    } else {
      value = Double.parseDouble(new String(b, from, to - from, StandardCharsets.ISO_8859_1));
      if (Double.isInfinite(value)) {
        return Text.show(b, from, to) + " is too large for a float64";
      }
    }
    into.appendDouble(value);
    return null;
  }

  private static @Nullable String special(
      byte[] b, int from, int start, int to, boolean negative, ColumnBuilder into) {
    String word =
        to - start > 8 ? "" : new String(b, start, to - start, StandardCharsets.ISO_8859_1);
    if (word.equals("NaN") && start == from) {
      into.appendDouble(Double.NaN);
      return null;
    }
    if (word.equals("Infinity")) {
      into.appendDouble(negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
      return null;
    }
    return notANumber(b, from, to);
  }

  private static String notANumber(byte[] b, int from, int to) {
    return Text.show(b, from, to) + " is not a float64";
  }
}
