package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BooleanColumn;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Booleans, a bit each. */
final class BooleanBuffer extends ColumnBuffer {

  private long[] words = new long[0];

  @Override
  void start(int capacity) {
    words = new long[Bitmap.wordCount(capacity)];
  }

  @Override
  void ensure(int capacity) {
    if (Bitmap.wordCount(capacity) > words.length) {
      words = Arrays.copyOf(words, Math.max(Bitmap.wordCount(capacity), words.length * 2));
    }
  }

  @Override
  void append(PageValues page, int at, int count) {
    page.bits(words, at, count);
  }

  @Override
  void spread(int at, int count, int present, long[] validity) {
    int source = at + present;
    for (int i = at + count - 1; i >= at; i--) {
      boolean bit = Bits.get(validity, i) && Bits.get(words, --source);
      long mask = 1L << i;
      words[i >> 6] = bit ? words[i >> 6] | mask : words[i >> 6] & ~mask;
    }
  }

  @Override
  BooleanColumn build(int size, @Nullable Bitmap validity) {
    return new BooleanColumn(Bitmap.wrap(words, size), validity);
  }
}
