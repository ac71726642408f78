package io.featurebeam.expression;

import io.featurebeam.columnar.Slices;
import org.jspecify.annotations.Nullable;

/**
 * {@code a + b} of strings or bytes; where only one side varies and is coded, once per dictionary.
 */
final class Concatenation extends Node.Texts {

  private final Texts a;
  private final Texts b;
  private @Nullable Slices rememberedA;
  private @Nullable Slices rememberedB;

  Concatenation(Texts a, Texts b) {
    super(a.kind);
    this.a = a;
    this.b = b;
  }

  @Override
  void evaluate(Frame frame) {
    a.evaluate(frame);
    b.evaluate(frame);
    knownOf(frame, a, b);
    Texts varying = a.isConstant() ? b : a;
    if (varying.codes != null && (a.isConstant() || b.isConstant())) {
      if (rememberedA != a.slices || rememberedB != b.slices) {
        slices = join(varying.slices.size());
        rememberedA = a.slices;
        rememberedB = b.slices;
      }
      codes = varying.codes;
      return;
    }
    Slices.Builder result = new Slices.Builder();
    byte[] joined = new byte[64];
    for (int i = 0; i < frame.size(); i++) {
      joined = append(result, joined, a.code(i), b.code(i), isKnown(i));
    }
    slices = result.build();
    codes = null;
    rememberedA = null; // what was joined for a dictionary is overwritten
    rememberedB = null;
  }

  /** The constant with each entry of the other side's dictionary. */
  private Slices join(int size) {
    Slices.Builder result = new Slices.Builder();
    byte[] joined = new byte[64];
    for (int i = 0; i < size; i++) {
      joined = append(result, joined, a.isConstant() ? 0 : i, b.isConstant() ? 0 : i, true);
    }
    return result.build();
  }

  private byte[] append(Slices.Builder result, byte[] buffer, int x, int y, boolean use) {
    if (!use) {
      result.append(buffer, 0, 0);
      return buffer;
    }
    int length = Math.addExact(a.slices.length(x), b.slices.length(y));
    byte[] joined =
        buffer.length >= length ? buffer : new byte[Math.max(length, 2 * buffer.length)];
    System.arraycopy(a.slices.data(), a.slices.start(x), joined, 0, a.slices.length(x));
    System.arraycopy(
        b.slices.data(), b.slices.start(y), joined, a.slices.length(x), b.slices.length(y));
    result.append(joined, 0, length);
    return joined;
  }
}
