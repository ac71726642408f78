package io.featurebeam.rule;

import com.google.re2j.Pattern;
import io.featurebeam.columnar.Slices;
import io.featurebeam.expression.Regex;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression in RE2 syntax, asked of whole texts or of any part of them. Most patterns
 * and texts are ASCII and take {@link AsciiMatcher}, some ten times faster than RE2/J, which
 * answers for the rest. Not thread-safe.
 */
final class TextPattern {

  private final Pattern pattern;
  private final boolean partial;
  private final @Nullable AsciiMatcher ascii;

  TextPattern(String pattern, boolean partial) {
    this.pattern = Regex.compile(pattern);
    this.partial = partial;
    this.ascii = AsciiMatcher.of(pattern, partial);
  }

  boolean found(Slices values, int i) {
    AsciiMatcher.Answer answer =
        ascii == null
            ? AsciiMatcher.Answer.UNKNOWN
            : ascii.ask(values.data(), values.start(i), values.end(i));
    if (answer != AsciiMatcher.Answer.UNKNOWN) {
      return answer == AsciiMatcher.Answer.YES;
    }
    byte[] value = values.bytes(i);
    return partial ? pattern.matcher(value).find() : pattern.matcher(value).matches();
  }
}
