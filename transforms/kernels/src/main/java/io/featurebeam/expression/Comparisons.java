package io.featurebeam.expression;

/**
 * Comparisons, 64 rows to a word of the result. {@code >} and {@code >=} are made by swapping
 * operands.
 */
final class Comparisons {

  enum Operator {
    EQUAL,
    LESS,
    LESS_OR_EQUAL
  }

  private Comparisons() {}

  /** Of two nodes of one kind: numbers, times, strings or bytes. */
  static Node.Booleans of(Operator operator, Node a, Node b) {
    if (a instanceof Node.Doubles x && b instanceof Node.Doubles y) {
      return new OfDoubles(operator, x, y);
    }
    if (a instanceof Node.Longs x && b instanceof Node.Longs y) {
      return new OfLongs(operator, x, y);
    }
    return new OfTexts(operator, (Node.Texts) a, (Node.Texts) b);
  }

  private static final class OfLongs extends Node.Booleans {
    private final Operator operator;
    private final Longs a;
    private final Longs b;

    OfLongs(Operator operator, Longs a, Longs b) {
      this.operator = operator;
      this.a = a;
      this.b = b;
    }

    @Override
    void evaluate(Frame frame) {
      a.evaluate(frame);
      b.evaluate(frame);
      knownOf(frame, a, b);
      long[] result = truthRoom(frame);
      int size = frame.size();
      for (int w = 0; w < frame.words(); w++) {
        int from = w << 6;
        int to = Math.min(from + 64, size);
        result[w] =
            switch (operator) {
              case EQUAL -> equal(a.values, b.values, from, to);
              case LESS -> less(a.values, b.values, from, to);
              case LESS_OR_EQUAL -> lessOrEqual(a.values, b.values, from, to);
            };
      }
      maskTruth(frame);
    }

    private static long equal(long[] a, long[] b, int from, int to) {
      long bits = 0;
      for (int i = from; i < to; i++) {
        bits |= (a[i] == b[i] ? 1L : 0L) << i;
      }
      return bits;
    }

    private static long less(long[] a, long[] b, int from, int to) {
      long bits = 0;
      for (int i = from; i < to; i++) {
        bits |= (a[i] < b[i] ? 1L : 0L) << i;
      }
      return bits;
    }

    private static long lessOrEqual(long[] a, long[] b, int from, int to) {
      long bits = 0;
      for (int i = from; i < to; i++) {
        bits |= (a[i] <= b[i] ? 1L : 0L) << i;
      }
      return bits;
    }
  }

  /** As IEEE 754: NaN is unequal to all, and neither less nor greater. */
  private static final class OfDoubles extends Node.Booleans {
    private final Operator operator;
    private final Doubles a;
    private final Doubles b;

    OfDoubles(Operator operator, Doubles a, Doubles b) {
      this.operator = operator;
      this.a = a;
      this.b = b;
    }

    @Override
    void evaluate(Frame frame) {
      a.evaluate(frame);
      b.evaluate(frame);
      knownOf(frame, a, b);
      long[] result = truthRoom(frame);
      int size = frame.size();
      for (int w = 0; w < frame.words(); w++) {
        int from = w << 6;
        int to = Math.min(from + 64, size);
        result[w] =
            switch (operator) {
              case EQUAL -> equal(a.values, b.values, from, to);
              case LESS -> less(a.values, b.values, from, to);
              case LESS_OR_EQUAL -> lessOrEqual(a.values, b.values, from, to);
            };
      }
      maskTruth(frame);
    }

    private static long equal(double[] a, double[] b, int from, int to) {
      long bits = 0;
      for (int i = from; i < to; i++) {
        bits |= (a[i] == b[i] ? 1L : 0L) << i;
      }
      return bits;
    }

    private static long less(double[] a, double[] b, int from, int to) {
      long bits = 0;
      for (int i = from; i < to; i++) {
        bits |= (a[i] < b[i] ? 1L : 0L) << i;
      }
      return bits;
    }

    private static long lessOrEqual(double[] a, double[] b, int from, int to) {
      long bits = 0;
      for (int i = from; i < to; i++) {
        bits |= (a[i] <= b[i] ? 1L : 0L) << i;
      }
      return bits;
    }
  }

  /** By bytes, which for UTF-8 is by code point. */
  private static final class OfTexts extends Node.Booleans {
    private final Operator operator;
    private final Texts a;
    private final Texts b;

    OfTexts(Operator operator, Texts a, Texts b) {
      this.operator = operator;
      this.a = a;
      this.b = b;
    }

    @Override
    void evaluate(Frame frame) {
      a.evaluate(frame);
      b.evaluate(frame);
      knownOf(frame, a, b);
      long[] result = truthRoom(frame);
      for (int w = 0; w < frame.words(); w++) {
        int to = Math.min((w << 6) + 64, frame.size());
        long bits = 0;
        for (int i = w << 6; i < to; i++) {
          int x = a.code(i);
          int y = b.code(i);
          boolean holds =
              switch (operator) {
                case EQUAL -> a.slices.equal(x, b.slices, y);
                case LESS -> a.slices.compare(x, b.slices, y) < 0;
                case LESS_OR_EQUAL -> a.slices.compare(x, b.slices, y) <= 0;
              };
          bits |= (holds ? 1L : 0L) << i;
        }
        result[w] = bits;
      }
      maskTruth(frame);
    }
  }
}
