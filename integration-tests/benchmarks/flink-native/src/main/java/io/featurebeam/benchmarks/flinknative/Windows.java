package io.featurebeam.benchmarks.flinknative;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.LongStream;

/** Names and lengths of windows, the shorter ones first. */
final class Windows implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String[] names;
  private final long[] micros;

  private Windows(String[] names) {
    this.names = names;
    this.micros = Arrays.stream(names).mapToLong(Windows::micros).toArray();
    if (!Arrays.equals(micros, LongStream.of(micros).sorted().toArray())) {
      throw new IllegalArgumentException(
          "Invalid windows: " + Arrays.toString(names) + " (must be in order of length)");
    }
  }

  /** Of text such as 1h,1d,7d. */
  static Windows of(String text) {
    return new Windows(text.split(",", -1));
  }

  static long micros(String span) {
    long count = Long.parseLong(span.substring(0, span.length() - 1));
    long unit =
        switch (span.charAt(span.length() - 1)) {
          case 's' -> 1_000_000L;
          case 'm' -> 60_000_000L;
          case 'h' -> 3_600_000_000L;
          case 'd' -> 86_400_000_000L;
          default -> throw new IllegalArgumentException("Unknown span: " + span);
        };
    return count * unit;
  }

  String[] names() {
    return names.clone();
  }

  long[] micros() {
    return micros.clone();
  }

  long longest() {
    return micros[micros.length - 1];
  }
}
