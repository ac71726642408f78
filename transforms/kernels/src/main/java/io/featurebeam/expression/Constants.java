package io.featurebeam.expression;

import io.featurebeam.columnar.Slices;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Literals, as arrays that are filled once and grow with the largest batch. */
final class Constants {

  private Constants() {}

  static final class LongConstant extends Node.Longs {
    final long value;

    LongConstant(Kind kind, long value) {
      super(kind);
      this.value = value;
    }

    @Override
    void evaluate(Frame frame) {
      if (values.length < frame.size()) {
        Arrays.fill(room(frame), value);
      }
    }

    @Override
    boolean isConstant() {
      return true;
    }
  }

  static final class DoubleConstant extends Node.Doubles {
    final double value;

    DoubleConstant(double value) {
      this.value = value;
    }

    @Override
    void evaluate(Frame frame) {
      if (values.length < frame.size()) {
        Arrays.fill(room(frame), value);
      }
    }

    @Override
    boolean isConstant() {
      return true;
    }
  }

  static final class BooleanConstant extends Node.Booleans {
    final boolean value;

    BooleanConstant(boolean value) {
      this.value = value;
    }

    @Override
    void evaluate(Frame frame) {
      long[] result = truthRoom(frame);
      if (value) {
        Words.fill(result, frame.size());
      } else {
        Arrays.fill(result, 0, frame.words(), 0);
      }
    }

    @Override
    boolean isConstant() {
      return true;
    }
  }

  /** A dictionary of one entry that every row holds. */
  static final class TextConstant extends Node.Texts {
    final byte[] value;

    TextConstant(Kind kind, byte[] value) {
      super(kind);
      this.value = value;
      this.slices = Slices.of(List.of(value));
      this.codes = new int[0];
    }

    static TextConstant of(String text) {
      return new TextConstant(Kind.STRING, text.getBytes(StandardCharsets.UTF_8));
    }

    String string() {
      return new String(value, StandardCharsets.UTF_8);
    }

    @Override
    void evaluate(Frame frame) {
      if (codes == null || codes.length < frame.size()) {
        codes = new int[frame.size()];
      }
    }

    @Override
    boolean isConstant() {
      return true;
    }
  }

  /** Nulls of a kind: what {@code null} is in {@code late ? delay : null}. */
  static Node nulls(Node like) {
    return switch (like.kind) {
      case INT, TIMESTAMP, DURATION -> new NullLongs(like.kind);
      case DOUBLE -> new NullDoubles();
      case BOOLEAN -> new NullBooleans();
      case STRING, BYTES -> new NullTexts(like.kind);
      case LIST, NULL -> like;
    };
  }

  private static final class NullLongs extends Node.Longs {
    NullLongs(Kind kind) {
      super(kind);
    }

    @Override
    void evaluate(Frame frame) {
      room(frame);
      allNull(frame);
    }
  }

  private static final class NullDoubles extends Node.Doubles {
    @Override
    void evaluate(Frame frame) {
      room(frame);
      allNull(frame);
    }
  }

  private static final class NullBooleans extends Node.Booleans {
    @Override
    void evaluate(Frame frame) {
      Arrays.fill(truthRoom(frame), 0, frame.words(), 0);
      allNull(frame);
    }
  }

  private static final class NullTexts extends Node.Texts {
    NullTexts(Kind kind) {
      super(kind);
      slices = Slices.of(List.of(new byte[0]));
      codes = new int[0];
    }

    @Override
    void evaluate(Frame frame) {
      if (codes == null || codes.length < frame.size()) {
        codes = new int[frame.size()];
      }
      allNull(frame);
    }
  }
}
