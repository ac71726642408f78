package io.featurebeam.expression;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.Slices;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One operator of a compiled expression. {@link #evaluate} computes a value for every row of a
 * frame into the fields of the node, which hold until the next call and may be longer than the
 * frame. Not thread-safe.
 */
abstract class Node {

  final Kind kind;

  /**
   * Set bits are the rows that are not null, with none behind the last row; null if no row is null.
   */
  long @Nullable [] known;

  private long[] knownBuffer = {};

  Node(Kind kind) {
    this.kind = kind;
  }

  abstract void evaluate(Frame frame);

  /** Whether every row has the same value, whatever the frame. */
  boolean isConstant() {
    return false;
  }

  final boolean isKnown(int row) {
    return known == null || Words.get(known, row);
  }

  /** Known where the operand is; shares its words. */
  final void knownOf(Node operand) {
    known = operand.known;
  }

  /** Known where both are; shares words where it can. */
  final void knownOf(Frame frame, Node a, Node b) {
    if (a.known == null || b.known == null) {
      known = a.known == null ? b.known : a.known;
      return;
    }
    int words = frame.words();
    knownBuffer = Words.room(knownBuffer, words);
    for (int i = 0; i < words; i++) {
      knownBuffer[i] = a.known[i] & b.known[i];
    }
    known = knownBuffer;
  }

  /** The known bits as words of this node, so that rows can be made null. */
  final long[] ownKnown(Frame frame) {
    if (known == knownBuffer && knownBuffer.length >= frame.words()) {
      return knownBuffer;
    }
    knownBuffer = Words.room(knownBuffer, frame.words());
    if (known == null) {
      Words.fill(knownBuffer, frame.size());
    } else {
      System.arraycopy(known, 0, knownBuffer, 0, frame.words());
    }
    known = knownBuffer;
    return knownBuffer;
  }

  final void allNull(Frame frame) {
    known = null;
    Arrays.fill(ownKnown(frame), 0, frame.words(), 0);
  }

  /** A node whose values are bits. */
  abstract static class Booleans extends Node {
    /**
     * Set bits are the rows that are true; a null row is not set, nor any bit behind the last row.
     */
    long[] truth = {};

    Booleans() {
      super(Kind.BOOLEAN);
    }

    final long[] truthRoom(Frame frame) {
      truth = Words.room(truth, frame.words());
      return truth;
    }

    /** Takes away the bits of null rows. */
    final void maskTruth(Frame frame) {
      if (known != null) {
        for (int i = 0; i < frame.words(); i++) {
          truth[i] &= known[i];
        }
      }
    }
  }

  /** A node whose values are int64, timestamps or durations. */
  abstract static class Longs extends Node {
    long[] values = {};

    Longs(Kind kind) {
      super(kind);
    }

    final long[] room(Frame frame) {
      if (values.length < frame.size()) {
        values = new long[frame.size()];
      }
      return values;
    }
  }

  /** A node whose values are float64. */
  abstract static class Doubles extends Node {
    double[] values = {};

    Doubles() {
      super(Kind.DOUBLE);
    }

    final double[] room(Frame frame) {
      if (values.length < frame.size()) {
        values = new double[frame.size()];
      }
      return values;
    }
  }

  /** A node whose values are strings or bytes. */
  abstract static class Texts extends Node {
    Slices slices = Slices.wrap(new byte[0], new int[1], 0);

    /** Which slice each row holds; null if row i holds slice i. */
    int @Nullable [] codes;

    Texts(Kind kind) {
      super(kind);
    }

    final int code(int row) {
      return codes == null ? row : codes[row];
    }
  }

  /** A node whose values are lists. */
  abstract static class Lists extends Node {
    final FieldType elementType;
    private @Nullable ListColumn column;

    Lists(FieldType elementType) {
      super(Kind.LIST);
      this.elementType = elementType;
    }

    final void set(ListColumn lists) {
      column = lists;
      known = Node.words(lists.validity());
    }

    final ListColumn column() {
      if (column == null) {
        throw new IllegalStateException("Not evaluated yet");
      }
      return column;
    }
  }

  /** The literal {@code null}, which only {@code ==}, {@code !=} and {@code ?:} take. */
  static final class Null extends Node {
    Null() {
      super(Kind.NULL);
    }

    @Override
    void evaluate(Frame frame) {
      allNull(frame);
    }
  }

  static long @Nullable [] words(@Nullable Bitmap validity) {
    return validity == null ? null : validity.words();
  }
}
