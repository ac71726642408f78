package io.featurebeam.pipelines.spec;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes as people write them: {@code 512KiB}, {@code 128MiB}, {@code 1GiB}. */
final class Sizes {

  private static final Pattern FORM = Pattern.compile("([0-9]{1,18}) ?(B|KiB|MiB|GiB)");

  private Sizes() {}

  static long parse(String text) {
    Matcher matcher = FORM.matcher(text);
    long number = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
    int shift =
        number == 0
            ? 0
            : switch (matcher.group(2)) {
              case "B" -> 0;
              case "KiB" -> 10;
              case "MiB" -> 20;
              default -> 30;
            };
    if (number == 0 || number > Long.MAX_VALUE >> shift) {
      throw new IllegalArgumentException(
          "Invalid size: '"
              + text
              + "' (must be a number > 0 and B, KiB, MiB or GiB); use for example 128MiB");
    }
    return number << shift;
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
