package io.featurebeam.expression;

import io.featurebeam.columnar.Slices;
import java.util.Arrays;

/** Three-valued logic, a word of 64 rows at a time. */
final class Logic {

  private Logic() {}

  /** False if either is false, else null if either is null. */
  static final class And extends Node.Booleans {
    private final Booleans a;
    private final Booleans b;

    And(Booleans a, Booleans b) {
      this.a = a;
      this.b = b;
    }

    @Override
    void evaluate(Frame frame) {
      a.evaluate(frame);
      b.evaluate(frame);
      long[] result = truthRoom(frame);
      for (int i = 0; i < frame.words(); i++) {
        result[i] = a.truth[i] & b.truth[i];
      }
      knownOf(frame, a, b);
      if (known != null) {
        long[] own = ownKnown(frame);
        for (int i = 0; i < frame.words(); i++) {
          long isFalse = falseBits(a, i) | falseBits(b, i);
          own[i] = (own[i] | isFalse) & rowBits(frame, i);
        }
      }
    }
  }

  /** True if either is true, else null if either is null. */
  static final class Or extends Node.Booleans {
    private final Booleans a;
    private final Booleans b;

    Or(Booleans a, Booleans b) {
      this.a = a;
      this.b = b;
    }

    @Override
    void evaluate(Frame frame) {
      a.evaluate(frame);
      b.evaluate(frame);
      long[] result = truthRoom(frame);
      for (int i = 0; i < frame.words(); i++) {
        result[i] = a.truth[i] | b.truth[i];
      }
      knownOf(frame, a, b);
      if (known != null) {
        long[] own = ownKnown(frame);
        for (int i = 0; i < frame.words(); i++) {
          own[i] |= result[i];
        }
      }
    }
  }

  private static long falseBits(Node.Booleans node, int word) {
    return (node.known == null ? -1L : node.known[word]) & ~node.truth[word];
  }

  /** The bits of a word that stand for rows. */
  private static long rowBits(Frame frame, int word) {
    int left = frame.size() - (word << 6);
    return left >= 64 ? -1L : -1L >>> (64 - left);
  }

  static final class Not extends Node.Booleans {
    private final Booleans a;

    Not(Booleans a) {
      this.a = a;
    }

    @Override
    void evaluate(Frame frame) {
      a.evaluate(frame);
      knownOf(a);
      long[] result = truthRoom(frame);
      for (int i = 0; i < frame.words(); i++) {
        result[i] = falseBits(a, i) & rowBits(frame, i);
      }
    }
  }

  /** {@code x == null}: never null itself. */
  static final class IsNull extends Node.Booleans {
    private final Node a;

    IsNull(Node a) {
      this.a = a;
    }

    @Override
    void evaluate(Frame frame) {
      a.evaluate(frame);
      long[] result = truthRoom(frame);
      if (a.known == null) {
        Arrays.fill(result, 0, frame.words(), 0);
      } else {
        for (int i = 0; i < frame.words(); i++) {
          result[i] = ~a.known[i] & rowBits(frame, i);
        }
      }
    }
  }

  /** {@code a == b} of booleans. */
  static final class Same extends Node.Booleans {
    private final Booleans a;
    private final Booleans b;

    Same(Booleans a, Booleans b) {
      this.a = a;
      this.b = b;
    }

    @Override
    void evaluate(Frame frame) {
      a.evaluate(frame);
      b.evaluate(frame);
      knownOf(frame, a, b);
      long[] result = truthRoom(frame);
      for (int i = 0; i < frame.words(); i++) {
        result[i] = ~(a.truth[i] ^ b.truth[i]) & rowBits(frame, i);
      }
      maskTruth(frame);
    }
  }

  /**
   * {@code condition ? a : b}; null where the condition is. Both branches are computed for every
   * row.
   */
  static Node choose(Node.Booleans condition, Node a, Node b) {
    return switch (a.kind) {
      case BOOLEAN -> new ChooseBoolean(condition, (Node.Booleans) a, (Node.Booleans) b);
      case INT, TIMESTAMP, DURATION -> new ChooseLong(condition, (Node.Longs) a, (Node.Longs) b);
      case DOUBLE -> new ChooseDouble(condition, (Node.Doubles) a, (Node.Doubles) b);
      case STRING, BYTES -> new ChooseText(condition, (Node.Texts) a, (Node.Texts) b);
      case LIST, NULL -> throw new UnsupportedOperationException("?: of " + a.kind);
    };
  }

  /** Known where the condition is and the branch that it takes is. */
  private static void choose(Frame frame, Node result, Node.Booleans condition, Node a, Node b) {
    condition.evaluate(frame);
    a.evaluate(frame);
    b.evaluate(frame);
    result.knownOf(condition);
    if (a.known == null && b.known == null) {
      return;
    }
    long[] own = result.ownKnown(frame);
    for (int i = 0; i < frame.words(); i++) {
      long ofA = a.known == null ? -1L : a.known[i];
      long ofB = b.known == null ? -1L : b.known[i];
      own[i] &= (condition.truth[i] & ofA) | (~condition.truth[i] & ofB);
    }
  }

  private static final class ChooseBoolean extends Node.Booleans {
    private final Booleans condition;
    private final Booleans a;
    private final Booleans b;

    ChooseBoolean(Booleans condition, Booleans a, Booleans b) {
      this.condition = condition;
      this.a = a;
      this.b = b;
    }

    @Override
    void evaluate(Frame frame) {
      choose(frame, this, condition, a, b);
      long[] result = truthRoom(frame);
      for (int i = 0; i < frame.words(); i++) {
        result[i] = (condition.truth[i] & a.truth[i]) | (~condition.truth[i] & b.truth[i]);
      }
      maskTruth(frame);
    }
  }

  private static final class ChooseLong extends Node.Longs {
    private final Booleans condition;
    private final Longs a;
    private final Longs b;

    ChooseLong(Booleans condition, Longs a, Longs b) {
      super(a.kind);
      this.condition = condition;
      this.a = a;
      this.b = b;
    }

    @Override
    void evaluate(Frame frame) {
      choose(frame, this, condition, a, b);
      long[] result = room(frame);
      for (int i = 0; i < frame.size(); i++) {
        result[i] = Words.get(condition.truth, i) ? a.values[i] : b.values[i];
      }
    }
  }

  private static final class ChooseDouble extends Node.Doubles {
    private final Booleans condition;
    private final Doubles a;
    private final Doubles b;

    ChooseDouble(Booleans condition, Doubles a, Doubles b) {
      this.condition = condition;
      this.a = a;
      this.b = b;
    }

    @Override
    void evaluate(Frame frame) {
      choose(frame, this, condition, a, b);
      double[] result = room(frame);
      for (int i = 0; i < frame.size(); i++) {
        result[i] = Words.get(condition.truth, i) ? a.values[i] : b.values[i];
      }
    }
  }

  private static final class ChooseText extends Node.Texts {
    private final Booleans condition;
    private final Texts a;
    private final Texts b;

    ChooseText(Booleans condition, Texts a, Texts b) {
      super(a.kind);
      this.condition = condition;
      this.a = a;
      this.b = b;
    }

    @Override
    void evaluate(Frame frame) {
      choose(frame, this, condition, a, b);
      Slices.Builder result = new Slices.Builder();
      for (int i = 0; i < frame.size(); i++) {
        Texts from = Words.get(condition.truth, i) ? a : b;
        int code = from.code(i);
        boolean use = isKnown(i);
        result.append(
            from.slices.data(), from.slices.start(code), use ? from.slices.length(code) : 0);
      }
      slices = result.build();
    }
  }
}
