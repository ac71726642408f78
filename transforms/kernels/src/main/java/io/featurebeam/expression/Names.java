package io.featurebeam.expression;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Column names in backticks, for names that are not identifiers: {@code `passenger count` > 0}. CEL
 * has no such names, so each is replaced by an identifier of the same length, which keeps the
 * columns of errors.
 */
record Names(String original, String text, Map<String, String> identifiers) {

  static Names of(String text) {
    if (text.indexOf('`') < 0) {
      return new Names(text, text, Map.of());
    }
    Map<String, String> identifiers = new LinkedHashMap<>();
    StringBuilder out = new StringBuilder(text);
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '\'' || c == '"') {
        i = endOfString(text, i);
      } else if (text.startsWith("//", i)) {
        int end = text.indexOf('\n', i);
        i = end < 0 ? text.length() : end;
      } else if (c == '`') {
        int end = text.indexOf('`', i + 1);
        if (end <= i + 1) {
          throw new IllegalArgumentException(
              "Invalid expression at column "
                  + (i + 1)
                  + ": a name in backticks must not be empty and must end\n  "
                  + text
                  + "\n  "
                  + " ".repeat(i)
                  + "^");
        }
        String identifier = identifier(text, identifiers, end + 1 - i);
        identifiers.put(identifier, text.substring(i + 1, end));
        out.replace(i, end + 1, identifier);
        i = end + 1;
      } else {
        i++;
      }
    }
    return new Names(text, out.toString(), Map.copyOf(identifiers));
  }

  String column(String identifier) {
    return identifiers.getOrDefault(identifier, identifier);
  }

  /** An identifier of {@code length}, at least 3, that the text does not use. */
  private static String identifier(String text, Map<String, String> taken, int length) {
    for (int n = 0; ; n++) {
      String digits = Integer.toString(n, Character.MAX_RADIX);
      String candidate = "_".repeat(Math.max(1, length - digits.length())) + digits;
      if (candidate.length() > length) {
        throw new IllegalArgumentException("Invalid expression: too many names in backticks");
      }
      if (!taken.containsKey(candidate) && !text.contains(candidate)) {
        return candidate;
      }
    }
  }

  private static int endOfString(String text, int start) {
    boolean raw = start > 0 && (text.charAt(start - 1) == 'r' || text.charAt(start - 1) == 'R');
    String quote = text.substring(start, start + 1);
    if (text.startsWith(quote.repeat(3), start)) {
      quote = quote.repeat(3);
    }
    int i = start + quote.length();
    while (i < text.length() && !text.startsWith(quote, i)) {
      i += !raw && text.charAt(i) == '\\' ? 2 : 1;
    }
    return i + quote.length();
  }
}
