package io.featurebeam.rule;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A pattern of SQL's LIKE over UTF-8. Takes at most time in proportion to the product of both
 * lengths, no more memory than the pattern, and no copy of the text.
 */
final class LikePattern {

  private static final int ONE = -1;
  private static final int ANY = -2;

  /** Bytes as 0 to 255, {@link #ONE} for a character and {@link #ANY} for any of them. */
  private final int[] tokens;

  private LikePattern(int[] tokens) {
    this.tokens = tokens;
  }

  static LikePattern parse(String pattern) {
    byte[] bytes = pattern.getBytes(StandardCharsets.UTF_8);
    int[] tokens = new int[bytes.length];
    int count = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '%') {
        tokens[count++] = ANY;
      } else if (bytes[i] == '_') {
        tokens[count++] = ONE;
      } else {
        if (bytes[i] == '\\' && ++i == bytes.length) {
          throw new IllegalArgumentException(
              "Invalid pattern: '" + pattern + "' (must not end in \\: write \\\\ for one)");
        }
        tokens[count++] = bytes[i] & 0xFF;
      }
    }
    return new LikePattern(Arrays.copyOf(tokens, count));
  }

  /** Whether the text from {@code at} to {@code end} is like this. */
  boolean matches(byte[] text, int at, int end) {
    int token = 0;
    int lastAny = -1; // after which the rest of the pattern is tried,
    int triedAt = 0; // from here
    while (at < end) {
      int wanted = token < tokens.length ? tokens[token] : Integer.MIN_VALUE;
      if (wanted == ANY) {
        lastAny = ++token;
        triedAt = at;
      } else if (wanted == ONE) {
        at = next(text, at, end);
        token++;
      } else if (wanted == (text[at] & 0xFF)) {
        at++;
        token++;
      } else if (lastAny >= 0) {
        triedAt = next(text, triedAt, end);
        at = triedAt;
        token = lastAny;
      } else {
        return false;
      }
    }
    while (token < tokens.length && tokens[token] == ANY) {
      token++;
    }
    return token == tokens.length;
  }

  /** Where the next character begins. */
  private static int next(byte[] text, int at, int end) {
    do {
      at++;
    } while (at < end && (text[at] & 0xC0) == 0x80);
    return at;
  }
}
