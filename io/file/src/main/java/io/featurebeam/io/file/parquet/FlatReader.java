package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;

/** A column of one value or null per row. */
final class FlatReader extends LeafReader {

  private final int[] scratch = new int[1024];
  private long[] validity = new long[0];

  FlatReader(ParquetInput in, FileWindow window, Leaf leaf, ColumnChunkMetaData first) {
    super(in, window, leaf, first);
  }

  @Override
  Column readRows(int rows) throws IOException {
    buffer.start(rows);
    clearValidity(rows);
    int allPresent = 0;
    for (int at = 0; at < rows; ) {
      int n = nextRows(rows - at);
      int present = present(at, n);
      buffer.append(values, at, present);
      if (present < n) {
        buffer.spread(at, n, present, validity);
      }
      allPresent += present;
      at += n;
    }
    return buffer.build(rows, validity(validity, rows, allPresent));
  }

  @Override
  void skipRows(int rows) throws IOException {
    clearValidity(rows);
    for (int at = 0; at < rows; ) {
      int n = nextRows(rows - at);
      values.skip(present(at, n));
      at += n;
    }
  }

  /** How many of the wanted rows the current page gives: at least one. */
  private int nextRows(int wanted) throws IOException {
    if (left == 0 && !nextPage()) {
      throw missingRows();
    }
    int n = Math.min(wanted, left);
    left -= n;
    return n;
  }

  /** Reads the levels of {@code count} rows: how many are not null. */
  private int present(int at, int count) {
    return leaf.maxDefinition() == 0
        ? count
        : definitions.match(leaf.maxDefinition(), validity, at, count, scratch);
  }

  private void clearValidity(int rows) {
    if (leaf.maxDefinition() == 0) {
      return;
    }
    int words = Bitmap.wordCount(rows);
    if (words > validity.length) {
      validity = new long[words];
    } else {
      Arrays.fill(validity, 0, words, 0L);
    }
  }
}
