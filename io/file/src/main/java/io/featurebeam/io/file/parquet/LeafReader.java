package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.jspecify.annotations.Nullable;

/**
 * Reads one column of a file, row group after row group, so many rows at a time. Lists and other
 * columns differ in how levels become rows; the rest is here: pages, dictionary, levels, position.
 */
abstract class LeafReader implements AutoCloseable {

  final Leaf leaf;
  final ColumnBuffer buffer;
  final ChunkPages pages;
  final HybridDecoder definitions = new HybridDecoder();
  final HybridDecoder repetitions = new HybridDecoder();

  /** Levels of the current page that are not read yet, and its values. */
  int left;

  PageValues values;

  private final PageDecoders decoders;
  private final int maxRepetition;

  /** The row in the row group that is next. */
  private long row;

  private @Nullable OffsetIndex index;
  private int pageOrdinal;

  LeafReader(ParquetInput in, FileWindow window, Leaf leaf, ColumnChunkMetaData first) {
    this.leaf = leaf;
    this.buffer = ColumnBuffer.of(leaf);
    this.pages = new ChunkPages(in, window, first, leaf.name());
    this.decoders = new PageDecoders(leaf);
    this.values = decoders.none();
    this.maxRepetition = leaf.isList() ? 1 : 0;
  }

  static LeafReader of(ParquetInput in, FileWindow window, Leaf leaf, ColumnChunkMetaData first) {
    return leaf.isList()
        ? new ListReader(in, window, leaf, first)
        : new FlatReader(in, window, leaf, first);
  }

  /**
   * Starts on a row group.
   *
   * @param offsets where its pages are, to skip whole ones; null if not known
   */
  void start(ColumnChunkMetaData chunk, @Nullable OffsetIndex offsets) throws IOException {
    pages.start(chunk, leaf.name());
    decoders.forgetDictionary();
    index = offsets;
    pageOrdinal = -1;
    left = 0;
    row = 0;
    endPage();
  }

  /** The next {@code rows} rows as a column. */
  final Column read(int rows) throws IOException {
    Column column = readRows(rows);
    row += rows;
    return column;
  }

  abstract Column readRows(int rows) throws IOException;

  abstract void skipRows(int rows) throws IOException;

  /**
   * Moves on to a later row of the row group, over whole pages where their places are known.
   *
   * @param until where the rows end that are wanted for now
   */
  final void moveTo(long target, long until) throws IOException {
    if (index != null) {
      int current = Math.max(pageOrdinal, 0);
      int first = pageOf(index, target, current);
      int last = pageOf(index, until - 1, first);
      pages.readUntil(last + 1 < index.getPageCount() ? index.getOffset(last + 1) : Long.MAX_VALUE);
      if (first > pageOrdinal && index.getFirstRowIndex(first) > row) {
        if (pageOrdinal < 0) {
          readDictionary();
        }
        pages.moveTo(index.getOffset(first));
        pageOrdinal = first - 1;
        left = 0;
        endPage();
        row = index.getFirstRowIndex(first);
      }
    }
    while (row < target) {
      int n = (int) Math.min(target - row, 1 << 13);
      skipRows(n);
      row += n;
    }
  }

  private static int pageOf(OffsetIndex index, long row, int from) {
    int page = from;
    while (page + 1 < index.getPageCount() && index.getFirstRowIndex(page + 1) <= row) {
      page++;
    }
    return page;
  }

  /** What was read ahead of the current page is void. */
  void endPage() {}

  /** The dictionary page, if the chunk has one: it is the first page. */
  private void readDictionary() throws IOException {
    long start = pages.position();
    PageHeader header = pages.nextHeader();
    if (header.isSetDictionary_page_header()) {
      pages.dictionary(header);
      decoders.dictionary(header.getDictionary_page_header(), pages);
    } else {
      pages.moveTo(start);
    }
  }

  /** Goes to the next page that has values; false at the end of the chunk. */
  final boolean nextPage() throws IOException {
    left = 0;
    while (left == 0) {
      if (!pages.hasNext()) {
        return false;
      }
      PageHeader header = pages.nextHeader();
      if (header.isSetDictionary_page_header()) {
        pages.dictionary(header);
        decoders.dictionary(header.getDictionary_page_header(), pages);
      } else if (header.isSetData_page_header() || header.isSetData_page_header_v2()) {
        pages.data(header, maxRepetition, leaf.maxDefinition());
        pageOrdinal++;
        left = pages.valueCount();
        startLevels();
        values = decoders.start(pages);
      }
    }
    return true;
  }

  private void startLevels() {
    byte[] bytes = pages.levelBytes();
    if (maxRepetition > 0) {
      repetitions.start(bytes, pages.repetitionFrom(), pages.repetitionTo(), 1);
    }
    int width = 32 - Integer.numberOfLeadingZeros(leaf.maxDefinition());
    definitions.start(bytes, pages.definitionFrom(), pages.definitionTo(), width);
  }

  static IndexOutOfBoundsException missingRows() {
    return new IndexOutOfBoundsException("the column has fewer rows than its row group");
  }

  /** The row of a value that {@link ColumnBuffer.BadValue} names, counted in the row group. */
  long rowOf(int valueIndex) {
    return row + valueIndex;
  }

  final long row() {
    return row;
  }

  /** Null if all of the first {@code size} bits are set, else a bitmap of a copy of them. */
  static @Nullable Bitmap validity(long[] bits, int size, int present) {
    return present == size ? null : Bitmap.wrap(Arrays.copyOf(bits, Bitmap.wordCount(size)), size);
  }

  @Override
  public void close() {
    pages.close();
  }
}
