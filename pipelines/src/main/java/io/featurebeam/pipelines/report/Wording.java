package io.featurebeam.pipelines.report;

import io.featurebeam.columnar.BatchPrinter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;

/** Numbers, amounts and foreign text as people read them; the same in every locale. */
final class Wording {

  private static final int DIGITS = 5;

  private Wording() {}

  /** 1234567 as {@code 1,234,567}. */
  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** {@code 1 file}, {@code 2 files}. */
  static String count(long count, String one) {
    return count(count) + " " + one + (count == 1 ? "" : "s");
  }

  /** {@code 12.5 %}; a share that is not 0 or 1 is never shown as 0 % or 100 %. */
  static String share(long part, long whole) {
    if (whole <= 0) {
      return "–";
    }
    double percent = 100.0 * part / whole;
    if (percent > 0 && percent < 0.01) {
      return "< 0.01 %";
    }
    if (percent < 100 && percent > 99.99) {
      return "> 99.99 %";
    }
    return number(BigDecimal.valueOf(percent).setScale(2, RoundingMode.HALF_EVEN).doubleValue())
        + " %";
  }

  /** With five significant digits, whole numbers in full: {@code 0.12346}, {@code 1,500}. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
    }
    double size = Math.abs(value);
    if (value == Math.rint(value) && size < 1e15) {
      return count((long) value);
    }
    if (size >= 1e15 || size < 1e-4) {
      return String.format(Locale.ROOT, "%.3e", value);
    }
    BigDecimal rounded =
        size >= 1e4
            ? BigDecimal.valueOf(value).setScale(1, RoundingMode.HALF_EVEN)
            : new BigDecimal(value).round(new MathContext(DIGITS, RoundingMode.HALF_EVEN));
    rounded = rounded.stripTrailingZeros();
    return String.format(Locale.ROOT, "%,." + Math.max(0, rounded.scale()) + "f", rounded);
  }

  /** {@code 1.2 MB}: powers of 1000. */
  static String bytes(long bytes) {
    if (bytes < 1000) {
      return count(bytes, "byte");
    }
    double size = bytes;
    int unit = -1;
    while (size >= 999.95) {
      size /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %sB", size, "kMGTPE".charAt(unit));
  }

  /** {@code 640 ms}, {@code 12.4 s}, {@code 2 min 05 s}, {@code 1 h 02 min}. */
  static String duration(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis < 59_950) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
    long seconds = Math.round(millis / 1000.0);
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60)
        : String.format(Locale.ROOT, "%,d h %02d min", seconds / 3600, seconds / 60 % 60);
  }

  /** Foreign text on one line: at most {@code limit} characters, the invisible ones escaped. */
  static String foreign(String text, int limit) {
    return BatchPrinter.escape(cut(text, limit)) + (text.length() > limit ? "…" : "");
  }

  /** A foreign value, which must be seen even if there is nothing to see. */
  static String value(String text, int limit) {
    return text.isEmpty() ? "(empty)" : foreign(text, limit);
  }

  /** Foreign text of many lines, which stay. */
  static String foreignLines(String text, int limit) {
    StringBuilder out = new StringBuilder();
    String[] lines = cut(text, limit).replace("\r\n", "\n").replace("\t", "    ").split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      out.append(i == 0 ? "" : "\n").append(BatchPrinter.escape(lines[i]));
    }
    return text.length() > limit ? out.append("\n… (shortened)").toString() : out.toString();
  }

  private static String cut(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    boolean splits = Character.isHighSurrogate(text.charAt(limit - 1));
    return text.substring(0, splits ? limit - 1 : limit);
  }
}
