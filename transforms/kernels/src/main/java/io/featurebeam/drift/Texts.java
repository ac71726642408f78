package io.featurebeam.drift;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as people read them. */
final class Texts {

  private static final MathContext DIGITS = new MathContext(4);

  private Texts() {}

  /** With four digits. */
  static String number(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return value == 0 ? "0" : Double.toString(value);
    }
    BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    double size = Math.abs(value);
    return size >= 1e-4 && size < 1e15 ? rounded.toPlainString() : rounded.toString();
  }
}
