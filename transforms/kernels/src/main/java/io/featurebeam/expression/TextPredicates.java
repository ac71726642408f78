package io.featurebeam.expression;

import com.google.re2j.Pattern;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Slices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Predicates of one string against constants: computed for every slice, and where rows hold codes
 * into a dictionary, once per dictionary, however many batches share it.
 */
abstract class TextPredicates extends Node.Booleans {

  private final Texts text;
  private @Nullable Slices remembered;
  private long[] bySlice = {};

  private TextPredicates(Texts text) {
    this.text = text;
  }

  /** Sets the bit of each slice that satisfies the predicate; the words are zero. */
  abstract void test(Slices slices, long[] result);

  @Override
  final void evaluate(Frame frame) {
    text.evaluate(frame);
    knownOf(text);
    if (text.codes == null) {
      long[] result = truthRoom(frame);
      Arrays.fill(result, 0, frame.words(), 0);
      test(text.slices, result);
    } else {
      if (remembered != text.slices) {
        bySlice = new long[Bitmap.wordCount(text.slices.size())];
        test(text.slices, bySlice);
        remembered = text.slices;
      }
      spread(text.codes, bySlice, truthRoom(frame), frame.size());
    }
    maskTruth(frame);
  }

  /** The bit of its slice for each row. */
  static void spread(int[] codes, long[] bySlice, long[] result, int size) {
    for (int w = 0; w < Bitmap.wordCount(size); w++) {
      int to = Math.min((w << 6) + 64, size);
      long bits = 0;
      for (int i = w << 6; i < to; i++) {
        int code = codes[i];
        bits |= ((bySlice[code >> 6] >>> code) & 1L) << i;
      }
      result[w] = bits;
    }
  }

  /** {@code text in ['a', 'b']}, and with one value {@code text == 'a'}. */
  static final class In extends TextPredicates {
    private final Slices values;
    private final int[] table;

    In(Texts text, Collection<byte[]> values) {
      super(text);
      this.values = Slices.of(new ArrayList<>(values));
      this.table = new int[Integer.highestOneBit(Math.max(1, values.size())) * 4];
      for (int v = 0; v < this.values.size(); v++) {
        int at = (int) this.values.hash(v) & (table.length - 1);
        while (table[at] != 0) {
          at = (at + 1) & (table.length - 1);
        }
        table[at] = v + 1;
      }
    }

    @Override
    void test(Slices slices, long[] result) {
      for (int i = 0; i < slices.size(); i++) {
        int at = (int) slices.hash(i) & (table.length - 1);
        while (table[at] != 0) {
          if (slices.equal(i, values, table[at] - 1)) {
            result[i >> 6] |= 1L << i;
            break;
          }
          at = (at + 1) & (table.length - 1);
        }
      }
    }
  }

  static final class StartsWith extends TextPredicates {
    private final byte[] prefix;

    StartsWith(Texts text, byte[] prefix) {
      super(text);
      this.prefix = prefix;
    }

    @Override
    void test(Slices slices, long[] result) {
      byte[] data = slices.data();
      for (int i = 0; i < slices.size(); i++) {
        int from = slices.start(i);
        if (slices.length(i) >= prefix.length
            && Arrays.equals(data, from, from + prefix.length, prefix, 0, prefix.length)) {
          result[i >> 6] |= 1L << i;
        }
      }
    }
  }

  static final class EndsWith extends TextPredicates {
    private final byte[] suffix;

    EndsWith(Texts text, byte[] suffix) {
      super(text);
      this.suffix = suffix;
    }

    @Override
    void test(Slices slices, long[] result) {
      byte[] data = slices.data();
      for (int i = 0; i < slices.size(); i++) {
        int to = slices.end(i);
        if (slices.length(i) >= suffix.length
            && Arrays.equals(data, to - suffix.length, to, suffix, 0, suffix.length)) {
          result[i >> 6] |= 1L << i;
        }
      }
    }
  }

  static final class Contains extends TextPredicates {
    private final byte[] part;

    Contains(Texts text, byte[] part) {
      super(text);
      this.part = part;
    }

    @Override
    void test(Slices slices, long[] result) {
      byte[] data = slices.data();
      for (int i = 0; i < slices.size(); i++) {
        int last = slices.end(i) - part.length;
        for (int at = slices.start(i); at <= last; at++) {
          if (Arrays.equals(data, at, at + part.length, part, 0, part.length)) {
            result[i >> 6] |= 1L << i;
            break;
          }
        }
      }
    }
  }

  /** Whether the pattern is found anywhere. */
  static final class Matches extends TextPredicates {
    private final Pattern pattern;

    Matches(Texts text, Pattern pattern) {
      super(text);
      this.pattern = pattern;
    }

    @Override
    void test(Slices slices, long[] result) {
      for (int i = 0; i < slices.size(); i++) {
        if (pattern.matcher(slices.bytes(i)).find()) {
          result[i >> 6] |= 1L << i;
        }
      }
    }
  }

  static TextPredicates equal(Texts text, byte[] value) {
    return new In(text, List.of(value));
  }
}
