package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.jspecify.annotations.Nullable;

/** Puts neighbouring row groups of a file together to splits of about one size. */
final class SplitCutter {

  private SplitCutter() {}

  /**
   * The splits of a file in the order of its rows; row groups that the ranges rule out are in none.
   */
  static List<ParquetSplit> cut(
      ParquetFooter footer, RecordSchema schema, List<ColumnRange> ranges, long targetBytes) {
    List<ParquetSplit> into = new ArrayList<>();
    ParquetSchemas schemas = ParquetSchemas.of(footer.schema());
    RangeFilter filter = new RangeFilter(footer.file(), schemas, ranges);
    List<Leaf> leaves = schemas.leaves(footer.file(), schema.names());
    ParquetSplit open = null;
    for (int g = 0; g < footer.rowGroups().size(); g++) {
      BlockMetaData group = footer.rowGroups().get(g);
      ParquetSplit next = null;
      try {
        if (group.getRowCount() > 0 && filter.mayMatch(group)) {
          next = split(footer, g, group, leaves);
        }
      } catch (RuntimeException e) {
        throw new ParquetFormatException(
            "Damaged Parquet file: " + footer.file() + ", row group " + g + ": " + e.getMessage(),
            e);
      }
      if (open != null
          && next != null
          && open.uncompressedBytes() + next.uncompressedBytes() <= targetBytes) {
        open = joined(open, next);
      } else {
        add(open, into);
        open = next;
      }
    }
    add(open, into);
    return into;
  }

  private static void add(@Nullable ParquetSplit split, List<ParquetSplit> into) {
    if (split != null) {
      into.add(split);
    }
  }

  private static ParquetSplit split(
      ParquetFooter footer, int ordinal, BlockMetaData group, List<Leaf> leaves) {
    long compressed = 0;
    long uncompressed = 0;
    Map<String, ParquetSplit.Bounds> bounds = new HashMap<>();
    for (Leaf leaf : leaves) {
      ColumnChunkMetaData chunk = Chunks.of(group, leaf);
      compressed += chunk.getTotalSize();
      uncompressed += chunk.getTotalUncompressedSize();
      ParquetSplit.Bounds known = bounds(leaf, chunk.getStatistics());
      if (!known.equals(ParquetSplit.Bounds.unknown())) {
        bounds.put(leaf.name(), known);
      }
    }
    return new ParquetSplit(
        footer.file(),
        footer.length(),
        ordinal,
        ordinal + 1,
        footer.firstRow(ordinal),
        group.getRowCount(),
        compressed,
        uncompressed,
        bounds);
  }

  private static ParquetSplit.Bounds bounds(Leaf leaf, @Nullable Statistics<?> statistics) {
    if (leaf.isList() || statistics == null || statistics.isEmpty()) {
      return ParquetSplit.Bounds.unknown();
    }
    long nulls = statistics.isNumNullsSet() ? statistics.getNumNulls() : -1;
    return statistics.hasNonNullValue()
        ? new ParquetSplit.Bounds(
            PhysicalBounds.value(leaf, statistics.getMinBytes()),
            PhysicalBounds.value(leaf, statistics.getMaxBytes()),
            nulls)
        : new ParquetSplit.Bounds(null, null, nulls);
  }

  private static ParquetSplit joined(ParquetSplit a, ParquetSplit b) {
    Map<String, ParquetSplit.Bounds> bounds = new HashMap<>(a.bounds());
    bounds.keySet().retainAll(b.bounds().keySet());
    bounds.replaceAll((column, known) -> known.and(b.bounds().get(column)));
    return new ParquetSplit(
        a.file(),
        a.fileBytes(),
        a.firstRowGroup(),
        b.endRowGroup(),
        a.firstRow(),
        a.rows() + b.rows(),
        a.compressedBytes() + b.compressedBytes(),
        a.uncompressedBytes() + b.uncompressedBytes(),
        bounds);
  }
}
