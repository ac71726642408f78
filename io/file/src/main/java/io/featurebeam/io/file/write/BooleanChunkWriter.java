package io.featurebeam.io.file.write;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.Column;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.BooleanStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/** Booleans, one bit each. */
final class BooleanChunkWriter extends ChunkWriter {

  private long[] words = new long[2];
  private int count;
  private int trues;

  BooleanChunkWriter(ColumnDescriptor descriptor, PageWriter pages) {
    super(descriptor, pages);
  }

  @Override
  boolean isSteady() {
    return true;
  }

  @Override
  void addValues(Column column, int from, int to) {
    Bitmap values = ((BooleanColumn) column).values();
    int needed = Bitmap.wordCount(count + to - from) + 1;
    if (needed > words.length) {
      words = Arrays.copyOf(words, Math.max(needed, 2 * words.length));
    }
    Bitmap validity = column.validity();
    if (validity == null) {
      trues += Levels.copyBits(values, from, to, words, count);
      count += to - from;
      return;
    }
    for (int i = from; i < to; i++) {
      if (validity.get(i)) {
        if (values.get(i)) {
          words[count >> 6] |= 1L << count;
          trues++;
        }
        count++;
      }
    }
  }

  @Override
  long pageBytes() {
    return count / 8L;
  }

  @Override
  Encoding encodeValues(PageBuffer out) {
    out.putBits(words, count);
    Arrays.fill(words, 0L);
    count = 0;
    trues = 0;
    return Encoding.PLAIN;
  }

  @Override
  boolean describe(Statistics<?> statistics) {
    ((BooleanStatistics) statistics).setMinMax(trues == count, trues > 0);
    return true;
  }

  @Override
  @Nullable DictionaryPage takeDictionary() {
    return null;
  }

  @Override
  long memoryBytes() {
    return super.memoryBytes() + 8L * words.length;
  }
}
