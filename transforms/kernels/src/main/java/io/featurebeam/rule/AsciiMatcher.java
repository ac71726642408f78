package io.featurebeam.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers whether ASCII text matches a regular expression by a deterministic automaton, one look
 * into a table for each byte. States are made when they are first met, at most {@value
 * #MAX_STATES}, so that neither time nor memory can explode. What it does not know (other text, a
 * pattern beyond {@link AsciiSyntax}, too many states) it says, and somebody else must be asked.
 * Not thread-safe.
 */
final class AsciiMatcher {

  enum Answer {
    YES,
    NO,
    UNKNOWN
  }

  private static final int MAX_STATES = 256;
  private static final int CHARACTERS = 128;
  private static final int NOT_MADE = -1;
  private static final int TOO_MANY = -2;

  private final AsciiSyntax syntax;
  private final boolean anywhere;
  private final boolean endsAnywhere;
  private final List<BitSet> states = new ArrayList<>();
  private final Map<BitSet, Integer> numbers = new HashMap<>();
  private final boolean[] accepts = new boolean[MAX_STATES];
  private final boolean[] dead = new boolean[MAX_STATES];
  private int[] next = new int[0];

  private AsciiMatcher(AsciiSyntax syntax, boolean partial) {
    this.syntax = syntax;
    this.anywhere = partial && !syntax.fromStart();
    this.endsAnywhere = partial && !syntax.toEnd();
    BitSet start = new BitSet();
    syntax.follow(syntax.start(), start);
    int unused = number(start);
  }

  /** The matcher of whole texts, or of any part; null if the pattern is beyond it. */
  static @Nullable AsciiMatcher of(String pattern, boolean partial) {
    AsciiSyntax syntax = AsciiSyntax.parse(pattern);
    return syntax == null ? null : new AsciiMatcher(syntax, partial);
  }

  Answer ask(byte[] text, int from, int to) {
    int state = 0;
    for (int i = from; i < to; i++) {
      if (endsAnywhere && accepts[state]) {
        return Answer.YES;
      }
      if (dead[state]) {
        return Answer.NO;
      }
      byte c = text[i];
      if (c < 0) {
        return Answer.UNKNOWN;
      }
      int following = next[state * CHARACTERS + c];
      if (following < 0) {
        following = following == NOT_MADE ? make(state, c) : following;
        if (following == TOO_MANY) {
          return Answer.UNKNOWN;
        }
      }
      state = following;
    }
    return accepts[state] ? Answer.YES : Answer.NO;
  }

  private int make(int state, int c) {
    BitSet after = new BitSet();
    BitSet now = states.get(state);
    for (int s = now.nextSetBit(0); s >= 0; s = now.nextSetBit(s + 1)) {
      if (syntax.takes(s, c)) {
        syntax.follow(syntax.next(s), after);
      }
    }
    if (anywhere) {
      syntax.follow(syntax.start(), after);
    }
    int made = number(after);
    next[state * CHARACTERS + c] = made;
    return made;
  }

  private int number(BitSet state) {
    Integer known = numbers.get(state);
    if (known != null) {
      return known;
    }
    int number = states.size();
    if (number == MAX_STATES) {
      return TOO_MANY;
    }
    states.add(state);
    numbers.put(state, number);
    accepts[number] = state.get(syntax.end());
    dead[number] = state.isEmpty();
    int length = next.length;
    next = Arrays.copyOf(next, length + CHARACTERS);
    Arrays.fill(next, length, next.length, NOT_MADE);
    return number;
  }
}
