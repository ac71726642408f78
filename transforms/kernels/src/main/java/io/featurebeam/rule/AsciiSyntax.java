package io.featurebeam.rule;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of RE2's syntax that most patterns keep to, as a nondeterministic automaton over ASCII:
 * characters, {@code .}, classes and {@code \d \w \s}, groups without flags, {@code |}, {@code * +
 * ? {n,m}}, and {@code ^} and {@code $} at the ends. A character beyond ASCII in a pattern is one
 * that ASCII text never has.
 */
final class AsciiSyntax {

  private static final int MAX_STATES = 2_000;
  private static final int MAX_DEPTH = 100;

  /** A pattern beyond this part; no error, so it has no trace. */
  private static final class Beyond extends Exception {
    private static final long serialVersionUID = 1L;

    Beyond() {
      super("beyond", null, false, false);
    }
  }

  private static final int NONE = -1;

  private final String pattern;
  private final boolean fromStart;
  private final boolean toEnd;
  private int at;
  private final int last;

  /** Of each state: which characters it takes, as two words, and where it leads with one. */
  private long[] low = new long[16];

  private long[] high = new long[16];
  private int[] next = new int[16];

  /** Where a state leads without one, two at most. */
  private int[] silent = new int[16];

  private int[] silentToo = new int[16];
  private int size;
  private int start;
  private int end;

  private AsciiSyntax(String pattern) {
    this.pattern = pattern;
    this.fromStart = pattern.startsWith("^");
    boolean dollar = pattern.endsWith("$");
    int backslashes = 0;
    for (int i = pattern.length() - 2; dollar && i >= 0 && pattern.charAt(i) == '\\'; i--) {
      backslashes++;
    }
    this.toEnd = dollar && backslashes % 2 == 0;
    this.at = fromStart ? 1 : 0;
    this.last = pattern.length() - (toEnd ? 1 : 0);
  }

  /** The automaton; null if the pattern, which must be a valid one, is beyond it. */
  static @Nullable AsciiSyntax parse(String pattern) {
    AsciiSyntax syntax = new AsciiSyntax(pattern);
    try {
      syntax.end = syntax.state();
      Piece whole = syntax.alternatives(0);
      syntax.start = syntax.build(whole, syntax.end);
      boolean parted = whole instanceof OneOf;
      if (syntax.at < syntax.last || (parted && (syntax.fromStart || syntax.toEnd))) {
        return null; // ^ and $ belong to one side alone
      }
      return syntax;
    } catch (Beyond e) {
      return null;
    }
  }

  boolean fromStart() {
    return fromStart;
  }

  boolean toEnd() {
    return toEnd;
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }

  /** Whether a state takes an ASCII character. */
  boolean takes(int state, int c) {
    return (((c < 64 ? low : high)[state] >>> c) & 1) != 0;
  }

  /** Where a state leads with a character that it takes. */
  int next(int state) {
    return next[state];
  }

  /** Adds a state, and where it leads without a character. */
  void follow(int state, BitSet into) {
    Deque<Integer> open = new ArrayDeque<>();
    open.push(state);
    while (!open.isEmpty()) {
      int s = open.pop();
      if (!into.get(s)) {
        into.set(s);
        if (silent[s] != NONE) {
          open.push(silent[s]);
        }
        if (silentToo[s] != NONE) {
          open.push(silentToo[s]);
        }
      }
    }
  }

  // Parsing gives pieces; the automaton is then built from its end, each piece told where to lead.

  private interface Piece {}

  private record One(long low, long high) implements Piece {}

  private record Sequence(List<Piece> pieces) implements Piece {}

  private record OneOf(List<Piece> pieces) implements Piece {}

  /** So many times; any number if {@code most} is negative. */
  private record Repeated(Piece piece, int least, int most) implements Piece {}

  /** The state where a piece begins that leads to another state. */
  private int build(Piece piece, int to) throws Beyond {
    if (piece instanceof One one) {
      int state = state();
      low[state] = one.low();
      high[state] = one.high();
      next[state] = to;
      return state;
    }
    if (piece instanceof Sequence sequence) {
      int begin = to;
      for (int i = sequence.pieces().size() - 1; i >= 0; i--) {
        begin = build(sequence.pieces().get(i), begin);
      }
      return begin;
    }
    if (piece instanceof OneOf oneOf) {
      int begin = build(oneOf.pieces().get(0), to);
      for (Piece other : oneOf.pieces().subList(1, oneOf.pieces().size())) {
        begin = fork(begin, build(other, to));
      }
      return begin;
    }
    Repeated repeated = (Repeated) piece;
    int begin = to;
    if (repeated.most() < 0) {
      begin = fork(to, NONE);
      int again = build(repeated.piece(), begin);
      silentToo[begin] = again;
    }
    for (int i = repeated.least(); i < repeated.most(); i++) {
      begin = fork(to, build(repeated.piece(), begin));
    }
    for (int i = 0; i < repeated.least(); i++) {
      begin = build(repeated.piece(), begin);
    }
    return begin;
  }

  private Piece alternatives(int depth) throws Beyond {
    if (depth > MAX_DEPTH) {
      throw new Beyond();
    }
    List<Piece> all = new ArrayList<>(List.of(sequence(depth)));
    while (at < last && pattern.charAt(at) == '|') {
      at++;
      all.add(sequence(depth));
    }
    return all.size() == 1 ? all.get(0) : new OneOf(all);
  }

  private Piece sequence(int depth) throws Beyond {
    List<Piece> all = new ArrayList<>();
    while (at < last && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
      all.add(times(atom(depth)));
    }
    return new Sequence(all);
  }

  private Piece times(Piece piece) throws Beyond {
    if (at == last) {
      return piece;
    }
    Piece repeated =
        switch (pattern.charAt(at)) {
          case '*' -> new Repeated(piece, 0, -1);
          case '+' -> new Repeated(piece, 1, -1);
          case '?' -> new Repeated(piece, 0, 1);
          case '{' -> counted(piece);
          default -> piece;
        };
    if (repeated == piece) {
      return piece;
    }
    at++;
    if (at < last && pattern.charAt(at) == '?') {
      at++; // as few as possible: the answer is the same
    }
    if (at < last && "*+?{".indexOf(pattern.charAt(at)) >= 0) {
      throw new Beyond();
    }
    return repeated;
  }

  /** Ends on the brace that closes. */
  private Piece counted(Piece piece) throws Beyond {
    int close = pattern.indexOf('}', at);
    String inside = close < 0 ? "" : pattern.substring(at + 1, close);
    if (!inside.matches("[0-9]{1,4}(,[0-9]{0,4})?")) {
      throw new Beyond(); // a brace among characters
    }
    int comma = inside.indexOf(',');
    int least = Integer.parseInt(comma < 0 ? inside : inside.substring(0, comma));
    String most = comma < 0 ? inside : inside.substring(comma + 1);
    at = close;
    return new Repeated(piece, least, most.isEmpty() ? -1 : Integer.parseInt(most));
  }

  private Piece atom(int depth) throws Beyond {
    char c = pattern.charAt(at++);
    return switch (c) {
      case '(' -> group(depth);
      case '[' -> one(characters());
      case '.' -> new One(~(1L << '\n'), -1L);
      case '\\' -> one(escaped());
      case '^', '$', '*', '+', '?', '{', '}', ']' -> throw new Beyond();
      default -> one(set(c, c));
    };
  }

  private Piece group(int depth) throws Beyond {
    if (at < last && pattern.charAt(at) == '?') {
      if (!pattern.startsWith("?:", at)) {
        throw new Beyond();
      }
      at += 2;
    }
    Piece inside = alternatives(depth + 1);
    if (at >= last) {
      throw new Beyond();
    }
    at++; // over the bracket that closes
    return inside;
  }

  private static Piece one(long[] characters) {
    return new One(characters[0], characters[1]);
  }

  private int fork(int to, int too) throws Beyond {
    int state = state();
    silent[state] = to;
    silentToo[state] = too;
    return state;
  }

  private int state() throws Beyond {
    if (size == MAX_STATES) {
      throw new Beyond();
    }
    if (size == next.length) {
      low = Arrays.copyOf(low, size * 2);
      high = Arrays.copyOf(high, size * 2);
      next = Arrays.copyOf(next, size * 2);
      silent = Arrays.copyOf(silent, size * 2);
      silentToo = Arrays.copyOf(silentToo, size * 2);
    }
    low[size] = 0;
    high[size] = 0;
    next[size] = NONE;
    silent[size] = NONE;
    silentToo[size] = NONE;
    return size++;
  }

  /** The characters of a class, behind its bracket. */
  private long[] characters() throws Beyond {
    boolean negated = pattern.startsWith("^", at);
    at += negated ? 1 : 0;
    long[] all = {0, 0};
    for (boolean first = true; ; first = false) {
      if (at >= last || pattern.startsWith("[:", at)) {
        throw new Beyond();
      }
      char c = pattern.charAt(at++);
      if (c == ']' && !first) {
        break;
      }
      long[] these = c == '\\' ? escaped() : set(c, c);
      boolean range = at + 1 < last && pattern.charAt(at) == '-' && pattern.charAt(at + 1) != ']';
      if (range) {
        char to = pattern.charAt(at + 1);
        if (c == '\\' || to == '\\' || to == '[') {
          throw new Beyond();
        }
        these = set(c, to);
        at += 2;
      }
      all[0] |= these[0];
      all[1] |= these[1];
    }
    return negated ? new long[] {~all[0], ~all[1]} : all;
  }

  /** What stands behind a backslash. */
  private long[] escaped() throws Beyond {
    if (at >= last) {
      throw new Beyond();
    }
    char c = pattern.charAt(at++);
    return switch (c) {
      case 'd' -> set('0', '9');
      case 'D' -> inverse(set('0', '9'));
      case 'w' -> words();
      case 'W' -> inverse(words());
      case 's' -> spaces();
      case 'S' -> inverse(spaces());
      case 't' -> set('\t', '\t');
      case 'n' -> set('\n', '\n');
      case 'r' -> set('\r', '\r');
      default -> {
        boolean letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (letter || c >= 128) {
          throw new Beyond();
        }
        yield set(c, c);
      }
    };
  }

  private static long[] words() {
    long[] letters = set('a', 'z');
    long[] capitals = set('A', 'Z');
    long[] digits = set('0', '9');
    return new long[] {digits[0], letters[1] | capitals[1] | set('_', '_')[1]};
  }

  private static long[] spaces() {
    return new long[] {(1L << '\t') | (1L << '\n') | (1L << '\f') | (1L << '\r') | (1L << ' '), 0};
  }

  private static long[] inverse(long[] set) {
    return new long[] {~set[0], ~set[1]};
  }

  /** The ASCII characters of a range. */
  private static long[] set(char from, char to) {
    long[] set = {0, 0};
    for (int c = from; c <= Math.min(to, 127); c++) {
      set[c >> 6] |= 1L << c;
    }
    return set;
  }
}
