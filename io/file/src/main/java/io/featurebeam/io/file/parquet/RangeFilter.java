package io.featurebeam.io.file.parquet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.internal.column.columnindex.ColumnIndex;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.internal.hadoop.metadata.IndexReference;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a row group can be inside all ranges, by its statistics and by those of its pages.
 * Where there are none, all can.
 */
final class RangeFilter {

  private record Test(ColumnRange range, Leaf leaf) {
    boolean wantsNulls() {
      return range.nulls() && leaf.field().nullable();
    }
  }

  private final List<Test> tests = new ArrayList<>();

  /** Checks each range against the column that it names. */
  RangeFilter(String file, ParquetSchemas schemas, List<ColumnRange> ranges) {
    for (ColumnRange range : ranges) {
      Leaf leaf = schemas.leaf(file, range.column());
      range.check(leaf.field());
      tests.add(new Test(range, leaf));
    }
  }

  /** False if the statistics of the row group prove that no row is inside. */
  boolean mayMatch(BlockMetaData group) {
    for (Test test : tests) {
      if (isOutside(test, Chunks.of(group, test.leaf()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOutside(Test test, ColumnChunkMetaData chunk) {
    Statistics<?> statistics = chunk.getStatistics();
    if (statistics == null
        || statistics.isEmpty()
        || (test.wantsNulls() && (!statistics.isNumNullsSet() || statistics.getNumNulls() > 0))) {
      return false;
    }
    if (statistics.isNumNullsSet() && statistics.getNumNulls() == chunk.getValueCount()) {
      return true;
    }
    return statistics.hasNonNullValue()
        && PhysicalBounds.isOutside(
            test.range(), test.leaf(), statistics.getMinBytes(), statistics.getMaxBytes());
  }

  /** The rows of the pages that can hold a row inside. */
  RowRanges rows(ParquetInput in, BlockMetaData group) throws IOException {
    RowRanges rows = RowRanges.all(group.getRowCount());
    for (Test test : tests) {
      ColumnChunkMetaData chunk = Chunks.of(group, test.leaf());
      OffsetIndex offsets = offsetIndex(in, chunk);
      ColumnIndex index = columnIndex(in, chunk);
      if (offsets != null && index != null) {
        rows = rows.and(rows(test, index, offsets, group.getRowCount()));
      }
    }
    return rows;
  }

  private static RowRanges rows(Test test, ColumnIndex index, OffsetIndex offsets, long rowCount) {
    List<Boolean> nullPages = index.getNullPages();
    List<Long> nulls = index.getNullCounts(); // may be left out
    List<ByteBuffer> least = index.getMinValues();
    List<ByteBuffer> most = index.getMaxValues();
    List<RowRanges.Range> kept = new ArrayList<>();
    for (int page = 0; page < offsets.getPageCount(); page++) {
      boolean mayHaveNulls = nulls == null || nulls.isEmpty() || nulls.get(page) > 0;
      boolean outside =
          nullPages.get(page)
              || PhysicalBounds.isOutside(
                  test.range(), test.leaf(), bytes(least.get(page)), bytes(most.get(page)));
      if (!outside || (test.wantsNulls() && mayHaveNulls)) {
        kept.add(
            new RowRanges.Range(
                offsets.getFirstRowIndex(page), offsets.getLastRowIndex(page, rowCount) + 1));
      }
    }
    return RowRanges.of(kept);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static @Nullable ColumnIndex columnIndex(ParquetInput in, ColumnChunkMetaData chunk)
      throws IOException {
    IndexReference reference = chunk.getColumnIndexReference();
    return reference == null
        ? null
        : ParquetMetadataConverter.fromParquetColumnIndex(
            chunk.getPrimitiveType(), parsed(in, reference, Util::readColumnIndex));
  }

  /** Where the pages of a chunk are; null if the file does not say. */
  static @Nullable OffsetIndex offsetIndex(ParquetInput in, ColumnChunkMetaData chunk)
      throws IOException {
    IndexReference reference = chunk.getOffsetIndexReference();
    return reference == null
        ? null
        : ParquetMetadataConverter.fromParquetOffsetIndex(
            parsed(in, reference, Util::readOffsetIndex));
  }

  private interface Parser<T> {
    T parse(InputStream bytes) throws IOException;
  }

  /**
   * Reads before it parses, so that a broken index is not taken for a failure of the file system.
   */
  private static <T> T parsed(ParquetInput in, IndexReference reference, Parser<T> parser)
      throws IOException {
    byte[] bytes = in.bytes(reference.getOffset(), reference.getLength());
    try {
      return parser.parse(new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new IllegalArgumentException("a broken page index: " + e.getMessage(), e);
    }
  }
}
