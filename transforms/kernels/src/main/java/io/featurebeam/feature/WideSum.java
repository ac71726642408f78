package io.featurebeam.feature;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A sum of finite doubles, or of their squares, without any rounding: fixed point, so wide that
 * every double has its place in it (the small superaccumulator of Neal, "Fast exact summation using
 * small and large superaccumulators", 2015). Order and parts do not show, and n times a constant is
 * just that.
 */
final class WideSum {

  private static final long LOW = 0xFFFF_FFFFL;
  private static final long FRACTION = (1L << 52) - 1;

  /** So many numbers fit before digits must be carried: one adds less than 2^34 to a digit. */
  private static final int MAX_PENDING = 1 << 28;

  /** What digit 0 counts is 2 to this power. */
  private final int unit;

  /** Of 32 bits each, the least first; signed, and larger until they are carried. */
  private final long[] digits;

  private int pending;

  private WideSum(int unit, int digits) {
    this.unit = unit;
    this.digits = new long[digits];
  }

  /** From the least double, 2^-1074, to more doubles than there are below 2^1024. */
  static WideSum ofDoubles() {
    return new WideSum(-1074, 68);
  }

  /** From the square of the least double to more squares than there are below 2^2048. */
  static WideSum ofSquares() {
    return new WideSum(-2148, 134);
  }

  /** Makes room for this many numbers, to be added next. */
  void reserve(int numbers) {
    if (pending + numbers > MAX_PENDING) {
      carry();
    }
    pending += numbers;
  }

  /** Adds a finite double. */
  void add(double x) {
    long bits = Double.doubleToRawLongBits(x);
    int exponent = (int) (bits >>> 52) & 0x7FF;
    long implicit = exponent == 0 ? 0 : 1;
    long number = (bits & FRACTION) | implicit << 52;
    int place = exponent - (int) implicit;
    int shift = place & 31;
    long sign = bits >> 63; // 0 or -1: to negate is to flip the bits and to add 1
    long low = (number & LOW) << shift;
    long high = (number >>> 32) << shift;
    int at = place >>> 5;
    digits[at] += ((low & LOW) ^ sign) - sign;
    digits[at + 1] += (((low >>> 32) + (high & LOW)) ^ sign) - sign;
    digits[at + 2] += ((high >>> 32) ^ sign) - sign;
  }

  /** Adds the square of a finite double. */
  void addSquare(double x) {
    long bits = Double.doubleToRawLongBits(x);
    int exponent = (int) (bits >>> 52) & 0x7FF;
    long implicit = exponent == 0 ? 0 : 1;
    long number = (bits & FRACTION) | implicit << 52;
    int place = 2 * (exponent - (int) implicit);
    int shift = place & 31;
    long low = number * number;
    long high = Math.multiplyHigh(number, number);
    long a = (low & LOW) << shift;
    long b = (low >>> 32) << shift;
    long c = (high & LOW) << shift;
    long d = (high >>> 32) << shift;
    int at = place >>> 5;
    digits[at] += a & LOW;
    digits[at + 1] += (a >>> 32) + (b & LOW);
    digits[at + 2] += (b >>> 32) + (c & LOW);
    digits[at + 3] += (c >>> 32) + (d & LOW);
    digits[at + 4] += d >>> 32;
  }

  private void carry() {
    long carried = 0;
    for (int i = 0; i < digits.length - 1; i++) {
      long digit = digits[i] + carried;
      digits[i] = digit & LOW;
      carried = digit >> 32;
    }
    digits[digits.length - 1] += carried;
    pending = 0;
  }

  /** The sum so far. */
  BigDecimal value() {
    carry();
    BigInteger sum = BigInteger.ZERO;
    for (int i = digits.length - 1; i >= 0; i--) {
      sum = sum.shiftLeft(32).add(BigInteger.valueOf(digits[i]));
    }
    if (sum.signum() == 0) {
      return BigDecimal.ZERO;
    }
    int zeros = sum.getLowestSetBit(); // so that the decimal is as short as it can be
    int power = unit + zeros;
    BigInteger odd = sum.shiftRight(zeros);
    return power >= 0
        ? new BigDecimal(odd.shiftLeft(power))
        : new BigDecimal(odd.multiply(BigInteger.valueOf(5).pow(-power)), -power);
  }
}
