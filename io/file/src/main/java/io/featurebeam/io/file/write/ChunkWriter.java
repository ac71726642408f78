package io.featurebeam.io.file.write;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.ListColumn;
import java.io.IOException;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * One column's part of a row group: gathers values into pages and hands each page, encoded, to
 * Parquet's page store. A page ends with {@value #PAGE_ROWS} rows or about {@value #PAGE_BYTES}
 * bytes, at a row.
 */
abstract class ChunkWriter {

  /** Rows of a full page: the grain at which a reader can skip. */
  static final int PAGE_ROWS = 1 << 15;

  static final int PAGE_BYTES = 1 << 20;

  /**
   * A dictionary is given up beyond this many bytes of entries: a reader should have it in its
   * cache.
   */
  static final int DICTIONARY_BYTES = 1 << 20;

  /** Rows of which a step may look at the page's size only once. */
  private static final int STEP = 1 << 7;

  final ColumnDescriptor descriptor;
  final Levels levels;
  private final boolean list;
  private final PageBuffer page = new PageBuffer();
  private PageWriter pages;

  ChunkWriter(ColumnDescriptor descriptor, PageWriter pages) {
    this.descriptor = descriptor;
    this.list = descriptor.getMaxRepetitionLevel() > 0;
    this.levels = new Levels(list, descriptor.getMaxDefinitionLevel());
    this.pages = pages;
  }

  static ChunkWriter of(FieldType type, ColumnDescriptor descriptor, PageWriter pages) {
    FieldType leaf = type.kind() == FieldType.Kind.LIST ? type.element() : type;
    return switch (leaf.storage()) {
      case LONG, DOUBLE -> new NumberChunkWriter(leaf, descriptor, pages);
      case BOOLEAN -> new BooleanChunkWriter(descriptor, pages);
      case BYTES -> new BytesChunkWriter(descriptor, pages);
      case LIST -> throw new IllegalArgumentException("Lists do not nest: " + type);
    };
  }

  /** Rows {@code from} (inclusive) to {@code to} (exclusive) of this column. */
  final void append(Column column, int from, int to) throws IOException {
    for (int at = from; at < to; ) {
      int end = Math.min(to, at + PAGE_ROWS - levels.rows());
      end = isSteady() && !list ? end : Math.min(end, at + STEP);
      if (list) {
        ListColumn lists = (ListColumn) column;
        levels.addLists(lists, at, end);
        addElements(lists, at, end);
      } else {
        levels.add(column, at, end);
        addValues(column, at, end);
      }
      at = end;
      if (levels.rows() == PAGE_ROWS || pageBytes() >= PAGE_BYTES) {
        finishPage();
      }
    }
  }

  /** What a null list may hold beneath is no value. */
  private void addElements(ListColumn lists, int from, int to) {
    int start = lists.start(from);
    for (int row = from; lists.validity() != null && row < to; row++) {
      if (lists.isNull(row) && lists.start(row) < lists.end(row)) {
        addValues(lists.elements(), start, lists.start(row));
        start = lists.end(row);
      }
    }
    addValues(lists.elements(), start, lists.start(to));
  }

  /** Whether a page's rows alone bound its size. */
  abstract boolean isSteady();

  /** The values at the places that are not null. */
  abstract void addValues(Column column, int from, int to);

  /** About how long the page's values would be if it ended now. */
  abstract long pageBytes();

  /** Appends the page's values and forgets them; the encoding it chose. */
  abstract Encoding encodeValues(PageBuffer out);

  /**
   * Sets minimum and maximum of the page's values, of which there is at least one; false if they
   * have none that every reader understands. Called before they are encoded.
   */
  abstract boolean describe(Statistics<?> statistics);

  /**
   * The dictionary that pages of this row group use, forgotten with this call; null if none does.
   */
  abstract @Nullable DictionaryPage takeDictionary();

  /** Memory that this writer holds beside the page store. */
  long memoryBytes() {
    return page.capacity() + levels.memoryBytes();
  }

  /** Bytes of finished pages that wait in the page store. */
  final long storedBytes() {
    return pages.getMemSize();
  }

  private void finishPage() throws IOException {
    Statistics<?> statistics = statistics().withNumNulls(levels.nulls()).build();
    if (levels.nulls() < levels.entries() && !describe(statistics)) {
      statistics =
          statistics().build(); // without a null count too: else it passes for a page of nulls
    }
    page.clear();
    levels.encode(page);
    Encoding encoding = encodeValues(page);
    pages.writePage(
        page.toBytesInput(),
        levels.entries(),
        levels.rows(),
        statistics,
        Encoding.RLE,
        Encoding.RLE,
        encoding);
    levels.clear();
  }

  private Statistics.Builder statistics() {
    return Statistics.getBuilderForReading(descriptor.getPrimitiveType());
  }

  /** Ends the part of this row group. */
  final void finishChunk() throws IOException {
    if (levels.rows() > 0) {
      finishPage();
    }
    DictionaryPage dictionary = takeDictionary();
    if (dictionary != null) {
      pages.writeDictionaryPage(dictionary);
    }
  }

  /** Begins the part of the next row group. */
  final void startChunk(PageWriter next) {
    pages = next;
  }
}
