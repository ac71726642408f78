package io.featurebeam.expression;

import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Slices;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** int(), double(), string(), size() and the like. What cannot be converted is null. */
final class Conversions {

  private static final long SECOND = 1_000_000L;

  private Conversions() {}

  /** What a string becomes, as a long or the bits of a double; null if it has no meaning. */
  interface Parser {
    @Nullable Long parse(String text);
  }

  /** A number per string, made once per dictionary entry. */
  static final class ParsedLongs extends Node.Longs {
    private final PerSlice perSlice;

    ParsedLongs(Kind kind, Texts text, Parser parser) {
      super(kind);
      this.perSlice = new PerSlice(text, parser);
    }

    @Override
    void evaluate(Frame frame) {
      perSlice.evaluate(frame, this, room(frame));
    }
  }

  /** A float64 per string, made once per dictionary entry. */
  static final class ParsedDoubles extends Node.Doubles {
    private final PerSlice perSlice;
    private long[] bits = {};

    ParsedDoubles(Texts text, Parser parser) {
      this.perSlice = new PerSlice(text, parser);
    }

    @Override
    void evaluate(Frame frame) {
      bits = Words.room(bits, frame.size());
      perSlice.evaluate(frame, this, bits);
      double[] result = room(frame);
      for (int i = 0; i < frame.size(); i++) {
        result[i] = Double.longBitsToDouble(bits[i]);
      }
    }
  }

  private static final class PerSlice {
    private final Node.Texts text;
    private final Parser parser;
    private @Nullable Slices remembered;
    private long[] values = {};
    private long[] parsed = {};

    PerSlice(Node.Texts text, Parser parser) {
      this.text = text;
      this.parser = parser;
    }

    void evaluate(Frame frame, Node node, long[] result) {
      text.evaluate(frame);
      node.knownOf(text);
      if (remembered != text.slices) {
        parseAll(text.slices);
        remembered = text.slices;
      }
      for (int i = 0; i < frame.size(); i++) {
        int code = text.code(i);
        result[i] = values[code];
        if (!Words.get(parsed, code)) {
          Words.clear(node.ownKnown(frame), i);
        }
      }
    }

    private void parseAll(Slices slices) {
      values = new long[slices.size()];
      parsed = new long[Bitmap.wordCount(slices.size())];
      for (int i = 0; i < slices.size(); i++) {
        Long value = parser.parse(slices.string(i));
        if (value != null) {
          values[i] = value;
          parsed[i >> 6] |= 1L << i;
        }
      }
    }
  }

  /** The code points of a string, the bytes of bytes. */
  static final class SizeOfText extends Node.Longs {
    private final Texts text;

    SizeOfText(Texts text) {
      super(Kind.INT);
      this.text = text;
    }

    @Override
    void evaluate(Frame frame) {
      text.evaluate(frame);
      knownOf(text);
      long[] result = room(frame);
      byte[] data = text.slices.data();
      boolean codePoints = text.kind == Kind.STRING;
      for (int i = 0; i < frame.size(); i++) {
        int code = text.code(i);
        int size = text.slices.length(code);
        if (codePoints) {
          for (int at = text.slices.start(code); at < text.slices.end(code); at++) {
            size -= (data[at] & 0xC0) == 0x80 ? 1 : 0;
          }
        }
        result[i] = size;
      }
    }
  }

  /** {@code double(x)} of int64, rounded to the nearest. */
  static final class LongToDouble extends Node.Doubles {
    private final Longs a;

    LongToDouble(Longs a) {
      this.a = a;
    }

    @Override
    void evaluate(Frame frame) {
      a.evaluate(frame);
      knownOf(a);
      double[] result = room(frame);
      for (int i = 0; i < frame.size(); i++) {
        result[i] = a.values[i];
      }
    }
  }

  /** {@code int(x)} of float64, towards zero; null if NaN or beyond int64. */
  static final class DoubleToLong extends Node.Longs {
    private final Doubles a;

    DoubleToLong(Doubles a) {
      super(Kind.INT);
      this.a = a;
    }

    @Override
    void evaluate(Frame frame) {
      a.evaluate(frame);
      knownOf(a);
      long[] result = room(frame);
      for (int i = 0; i < frame.size(); i++) {
        double value = a.values[i];
        result[i] = (long) value;
        if (!(value > -0x1p63 && value < 0x1p63)) {
          Words.clear(ownKnown(frame), i);
        }
      }
    }
  }

  /** {@code int(timestamp)}: whole seconds, by floor. */
  static final class TimestampToSeconds extends Node.Longs {
    private final Longs a;

    TimestampToSeconds(Longs a) {
      super(Kind.INT);
      this.a = a;
    }

    @Override
    void evaluate(Frame frame) {
      a.evaluate(frame);
      knownOf(a);
      long[] result = room(frame);
      for (int i = 0; i < frame.size(); i++) {
        result[i] = Math.floorDiv(a.values[i], SECOND);
      }
    }
  }

  /** {@code string(x)} of numbers, booleans and timestamps. */
  static final class ToText extends Node.Texts {
    private final Node a;

    ToText(Node a) {
      super(Kind.STRING);
      this.a = a;
    }

    @Override
    void evaluate(Frame frame) {
      a.evaluate(frame);
      knownOf(a);
      Slices.Builder result = new Slices.Builder();
      for (int i = 0; i < frame.size(); i++) {
        byte[] text = isKnown(i) ? text(i).getBytes(StandardCharsets.UTF_8) : new byte[0];
        result.append(text, 0, text.length);
      }
      slices = result.build();
    }

    private String text(int row) {
      if (a instanceof Longs longs) {
        return a.kind == Kind.TIMESTAMP
            ? BatchPrinter.timestamp(longs.values[row])
            : Long.toString(longs.values[row]);
      }
      if (a instanceof Doubles doubles) {
        return Double.toString(doubles.values[row]);
      }
      return Boolean.toString(Words.get(((Booleans) a).truth, row));
    }
  }
}
