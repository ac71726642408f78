package io.featurebeam.pipelines.spec;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes as people write them: {@code 512KiB}, {@code 128MiB}, {@code 1GiB}. */
final class Sizes {

  private static final Pattern FORM = Pattern.compile("([0-9]{1,19}) ?(B|KiB|MiB|GiB)");

  private Sizes() {}

  static long parse(String text) {
    Matcher matcher = FORM.matcher(text);
    boolean matches = matcher.matches();
    // Nineteen digits may be more than a long holds.
    BigInteger number = matches ? new BigInteger(matcher.group(1)) : BigInteger.ZERO;
    int shift =
        switch (matches ? matcher.group(2) : "") {
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          default -> 0;
        };
    BigInteger bytes = number.shiftLeft(shift);
    if (bytes.signum() == 0 || bytes.bitLength() > 63) {
      throw new IllegalArgumentException(
          "Invalid size: '"
              + text
              + "' (must be a number > 0 and B, KiB, MiB or GiB); use for example 128MiB");
    }
    return bytes.longValueExact();
  }

  /** The size in the largest unit that divides it. */
  static String format(long bytes) {
    if (bytes % (1L << 30) == 0) {
      return (bytes >> 30) + "GiB";
    }
    if (bytes % (1L << 20) == 0) {
      return (bytes >> 20) + "MiB";
    }
    return bytes % 1024 == 0 ? (bytes >> 10) + "KiB" : bytes + "B";
  }
}
