package io.featurebeam.expression;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * Regular expressions in RE2 syntax (no look-around, no back-references), which match in time
 * linear in the text. A pattern whose counted repetitions multiply to more than {@value #MAX_SIZE}
 * steps, such as {@code ((a{1000}){1000}){1000}}, is refused before it is compiled, since compiling
 * it would exhaust the memory.
 */
public final class Regex {

  /**
   * The most characters and classes that a pattern may have once its repetitions are written out.
   */
  public static final int MAX_SIZE = 20_000;

  private Regex() {}

  /** The compiled pattern, or {@link IllegalArgumentException} with pattern, reason and way out. */
  public static Pattern compile(String pattern) {
    long size = size(pattern);
    if (size > MAX_SIZE) {
      throw new IllegalArgumentException(
          "Invalid pattern: '"
              + (pattern.length() > 100 ? pattern.substring(0, 100) + "..." : pattern)
              + "' (its repetitions must not multiply to more than "
              + MAX_SIZE
              + " steps)");
    }
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      String hint =
          pattern.contains("(?=") || pattern.contains("(?!") || pattern.contains("(?<")
              ? "; RE2 has no look-around: say it with two rules"
              : "";
      throw new IllegalArgumentException(
          "Invalid pattern: '" + pattern + "' (" + e.getDescription() + ")" + hint, e);
    }
  }

  /**
   * An upper estimate of the program's size, saturating: atoms count one, a group its contents, and
   * a counted repetition multiplies what stands before it.
   */
  private static long size(String pattern) {
    long[] sums = new long[pattern.length() + 1];
    int depth = 0;
    long atom = 0;
    for (int i = 0; i < pattern.length(); i++) {
      switch (pattern.charAt(i)) {
        case '\\' -> {
          i++;
          atom = 1;
          sums[depth]++;
        }
        case '[' -> {
          i = endOfClass(pattern, i);
          atom = 1;
          sums[depth]++;
        }
        case '(' -> {
          depth++;
          sums[depth] = 1;
        }
        case ')' -> {
          if (depth > 0) {
            atom = sums[depth];
            depth--;
            sums[depth] += atom;
          }
        }
        case '{' -> {
          int end = pattern.indexOf('}', i);
          long count = end < 0 ? -1 : count(pattern.substring(i + 1, end));
          if (count >= 0) {
            long repeated = Math.min(atom * Math.max(1, count), Integer.MAX_VALUE);
            sums[depth] += repeated - atom;
            atom = repeated;
            i = end;
          } else {
            atom = 1;
            sums[depth]++;
          }
        }
        default -> {
          atom = 1;
          sums[depth]++;
        }
      }
    }
    long total = 0;
    for (int d = 0; d <= depth; d++) {
      total += sums[d];
    }
    return total;
  }

  private static int endOfClass(String pattern, int start) {
    int i = start + 1;
    if (i < pattern.length() && pattern.charAt(i) == '^') {
      i++;
    }
    if (i < pattern.length() && pattern.charAt(i) == ']') {
      i++;
    }
    for (; i < pattern.length() && pattern.charAt(i) != ']'; i++) {
      if (pattern.charAt(i) == '\\') {
        i++;
      } else if (pattern.startsWith("[:", i)) {
        int end = pattern.indexOf(":]", i);
        i = end < 0 ? i : end + 1;
      }
    }
    return i;
  }

  /** The larger number of {@code n}, {@code n,} or {@code n,m}; -1 if it is none of these. */
  private static long count(String text) {
    if (!text.matches("\\d{1,9}(,\\d{0,9})?")) {
      return -1;
    }
    long largest = 0;
    for (String number : text.split(",", 2)) {
      largest = number.isEmpty() ? largest : Math.max(largest, Long.parseLong(number));
    }
    return largest;
  }
}
