package io.featurebeam.rule;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import org.jspecify.annotations.Nullable;

/**
 * Where the checker of a rule over one string column starts: a subclass judges slices, which where
 * rows hold codes happens once per dictionary, however many batches share it.
 */
public abstract class TextChecker extends ColumnChecker {

  private @Nullable Slices remembered;
  private long[] bySlice = {};

  protected TextChecker(RecordSchema schema, String column, String requirement) {
    super(schema, column, requirement);
  }

  /** Sets the bit of each slice that satisfies the rule; all are zero. */
  protected abstract void test(Slices values, long[] passes);

  @Override
  protected final void test(Column values, long[] passes) {
    BytesColumn text = (BytesColumn) values;
    if (!text.isCoded()) {
      test(text.slices(), passes);
      return;
    }
    if (remembered != text.slices()) {
      bySlice = new long[Bitmap.wordCount(text.slices().size())];
      test(text.slices(), bySlice);
      remembered = text.slices();
    }
    int[] codes = text.codes();
    for (int w = 0; w < passes.length; w++) {
      int to = Math.min((w << 6) + 64, text.size());
      long bits = 0;
      for (int i = w << 6; i < to; i++) {
        int code = codes[i];
        bits |= ((bySlice[code >> 6] >>> code) & 1L) << i;
      }
      passes[w] = bits;
    }
  }
}
