package io.featurebeam.expression;

/**
 * Arithmetic. Of int64 (and times, which are int64 microseconds) exact: an overflow or a division
 * by zero is null. Of float64 as IEEE 754: they give infinities and NaN.
 */
final class Arithmetic {

  enum Operator {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    REMAINDER
  }

  private Arithmetic() {}

  static final class OfLongs extends Node.Longs {
    private final Operator operator;
    private final Longs a;
    private final Longs b;

    OfLongs(Operator operator, Kind kind, Longs a, Longs b) {
      super(kind);
      this.operator = operator;
      this.a = a;
      this.b = b;
    }

    @Override
    void evaluate(Frame frame) {
      a.evaluate(frame);
      b.evaluate(frame);
      knownOf(frame, a, b);
      long[] result = room(frame);
      boolean failed =
          switch (operator) {
            case ADD -> add(a.values, b.values, result, frame.size());
            case SUBTRACT -> subtract(a.values, b.values, result, frame.size());
            case MULTIPLY -> multiply(a.values, b.values, result, frame.size());
            case DIVIDE, REMAINDER -> divide(a.values, b.values, result, frame.size());
          };
      if (failed) {
        long[] own = ownKnown(frame);
        for (int i = 0; i < frame.size(); i++) {
          if (fails(a.values[i], b.values[i])) {
            Words.clear(own, i);
          }
        }
      }
    }

    // Each loop notes whether any row failed; which rows did is found in a second pass, seldom
    // needed.

    private static boolean add(long[] a, long[] b, long[] result, int size) {
      long overflow = 0;
      for (int i = 0; i < size; i++) {
        long sum = a[i] + b[i];
        overflow |= (a[i] ^ sum) & (b[i] ^ sum);
        result[i] = sum;
      }
      return overflow < 0;
    }

    private static boolean subtract(long[] a, long[] b, long[] result, int size) {
      long overflow = 0;
      for (int i = 0; i < size; i++) {
        long difference = a[i] - b[i];
        overflow |= (a[i] ^ b[i]) & (a[i] ^ difference);
        result[i] = difference;
      }
      return overflow < 0;
    }

    private static boolean multiply(long[] a, long[] b, long[] result, int size) {
      long overflow = 0;
      for (int i = 0; i < size; i++) {
        long product = a[i] * b[i];
        overflow |= Math.multiplyHigh(a[i], b[i]) ^ (product >> 63);
        result[i] = product;
      }
      return overflow != 0;
    }

    private boolean divide(long[] a, long[] b, long[] result, int size) {
      boolean failed = false;
      for (int i = 0; i < size; i++) {
        if (fails(a[i], b[i])) {
          failed = true;
        } else {
          result[i] = operator == Operator.DIVIDE ? a[i] / b[i] : a[i] % b[i];
        }
      }
      return failed;
    }

    private boolean fails(long x, long y) {
      return switch (operator) {
        case ADD -> ((x ^ (x + y)) & (y ^ (x + y))) < 0;
        case SUBTRACT -> ((x ^ y) & (x ^ (x - y))) < 0;
        case MULTIPLY -> Math.multiplyHigh(x, y) != ((x * y) >> 63);
        case DIVIDE -> y == 0 || (x == Long.MIN_VALUE && y == -1);
        case REMAINDER -> y == 0;
      };
    }
  }

  static final class OfDoubles extends Node.Doubles {
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
      compute(a.values, b.values, room(frame), frame.size());
    }

    private void compute(double[] x, double[] y, double[] result, int size) {
      switch (operator) {
        case ADD -> {
          for (int i = 0; i < size; i++) {
            result[i] = x[i] + y[i];
          }
        }
        case SUBTRACT -> {
          for (int i = 0; i < size; i++) {
            result[i] = x[i] - y[i];
          }
        }
        case MULTIPLY -> {
          for (int i = 0; i < size; i++) {
            result[i] = x[i] * y[i];
          }
        }
        case DIVIDE -> {
          for (int i = 0; i < size; i++) {
            result[i] = x[i] / y[i];
          }
        }
        case REMAINDER -> throw new IllegalStateException("No remainder of float64 in CEL");
      }
    }
  }

  /** {@code -x} of float64, which also turns the sign of zero. */
  static final class NegateDoubles extends Node.Doubles {
    private final Doubles a;

    NegateDoubles(Doubles a) {
      this.a = a;
    }

    @Override
    void evaluate(Frame frame) {
      a.evaluate(frame);
      knownOf(a);
      double[] result = room(frame);
      for (int i = 0; i < frame.size(); i++) {
        result[i] = -a.values[i];
      }
    }
  }
}
