package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.jspecify.annotations.Nullable;

/**
 * Reads row groups of a Parquet file as record batches.
 *
 * <pre>{@code
 * try (ParquetBatchReader reader = ParquetBatchReader.open(file, List.of("date", "delay"))) {
 *   for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
 *     ...
 *   }
 * }
 * }</pre>
 *
 * <p>A batch lies within one row group, has at most {@link RecordBatch#TARGET_SIZE} rows (fewer if they
 * are wide) and knows the file and the number of its first row, counted from 0. String columns that the
 * file holds as a dictionary come coded over one dictionary per row group. Not safe for use by two threads
 * at once.
 *
 * <p>A file that is damaged gives a {@link ParquetFormatException} with its name, the column and the
 * row; a failure of the file system an {@link IOException}.
 */
public final class ParquetBatchReader implements AutoCloseable {

  /** Wide rows make smaller batches: this many uncompressed bytes at most, by the footer's account. */
  private static final long BATCH_BYTES = 64L << 20;

  private final ParquetInput in;
  private final ParquetFooter footer;
  private final List<Leaf> leaves;
  private final RecordSchema schema;
  private final int endGroup;
  private final LeafReader[] readers;
  private final int targetSize;

  private int group;
  private long groupRow;
  private long groupRows;
  private int batchRows;

  private ParquetBatchReader(
      ParquetInput in, ParquetFooter footer, List<Leaf> leaves, int firstGroup, int endGroup, int targetSize) {
    this.in = in;
    this.footer = footer;
    this.leaves = leaves;
    this.schema = ParquetSchemas.schemaOf(leaves);
    this.group = firstGroup - 1;
    this.endGroup = endGroup;
    this.readers = new LeafReader[leaves.size()];
    this.targetSize = targetSize;
  }

  /** Opens a whole file; no columns means all that can be read. */
  public static ParquetBatchReader open(String file, Collection<String> columns) throws IOException {
    return open(file, columns, 0, Integer.MAX_VALUE, RecordBatch.TARGET_SIZE);
  }

  static ParquetBatchReader open(
      String file, Collection<String> columns, int firstGroup, int endGroup, int targetSize)
      throws IOException {
    Objects.requireNonNull(columns, "columns is null");
    ParquetInput in = ParquetInput.open(file);
    try {
      ParquetFooter footer = ParquetFooter.read(in);
      ParquetSchemas schemas = ParquetSchemas.of(footer.schema());
      List<Leaf> leaves =
          columns.isEmpty()
              ? schemas.leaves()
              : columns.stream().map(c -> schemas.leaf(file, c)).toList();
      int end = Math.min(endGroup, footer.rowGroups().size());
      return new ParquetBatchReader(in, footer, leaves, firstGroup, end, targetSize);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** The columns of the batches. */
  public RecordSchema schema() {
    return schema;
  }

  /** The next batch, or null behind the last. */
  public @Nullable RecordBatch next() throws IOException {
    while (groupRow == groupRows) {
      if (group + 1 >= endGroup) {
        return null;
      }
      startGroup(++group);
    }
    int rows = (int) Math.min(batchRows, groupRows - groupRow);
    List<Column> columns = new ArrayList<>(readers.length);
    for (LeafReader reader : readers) {
      columns.add(read(reader, rows));
    }
    long firstRow = footer.firstRows()[group] + groupRow;
    groupRow += rows;
    return RecordBatch.of(schema, rows, columns, Positions.contiguous(in.name(), firstRow));
  }

  private Column read(LeafReader reader, int rows) throws IOException {
    try {
      return reader.read(rows);
    } catch (ColumnBuffer.BadValue e) {
      throw new ParquetFormatException(
          "Invalid value in " + in.name() + ", row " + (footer.firstRows()[group] + reader.rowOf(e.index))
              + ", column '" + reader.leaf.name() + "': " + e.getMessage());
    } catch (ParquetFormatException e) {
      throw e;
    } catch (RuntimeException e) {
      throw damaged(reader.leaf, e);
    }
  }

  private ParquetFormatException damaged(Leaf leaf, RuntimeException e) {
    return new ParquetFormatException(
        "Damaged Parquet file: " + in.name() + ", row group " + group + ", column '" + leaf.name()
            + "', at row " + (footer.firstRows()[group] + groupRow) + ": " + e.getMessage(),
        e);
  }

  private void startGroup(int ordinal) throws IOException {
    BlockMetaData block = footer.rowGroups().get(ordinal);
    groupRow = 0;
    groupRows = block.getRowCount();
    long bytes = 0;
    for (int i = 0; i < readers.length; i++) {
      Leaf leaf = leaves.get(i);
      ColumnChunkMetaData chunk = chunk(block, leaf);
      bytes += chunk.getTotalUncompressedSize();
      try {
        if (readers[i] == null) {
          readers[i] = LeafReader.of(in, leaf, chunk);
        }
        readers[i].start(chunk, null);
      } catch (ParquetFormatException e) {
        throw e;
      } catch (RuntimeException e) {
        throw damaged(leaf, e);
      }
    }
    long fitting = groupRows == 0 ? 1 : BATCH_BYTES / Math.max(1, bytes / groupRows);
    batchRows = (int) Math.max(1, Math.min(targetSize, fitting));
  }

  private ColumnChunkMetaData chunk(BlockMetaData block, Leaf leaf) {
    for (ColumnChunkMetaData chunk : block.getColumns()) {
      if (chunk.getPath().equals(leaf.path())) {
        return chunk;
      }
    }
    throw new ParquetFormatException(
        "Damaged Parquet file: " + in.name() + ", row group " + group + " has no column '" + leaf.name() + "'");
  }

  @Override
  public void close() throws IOException {
    for (LeafReader reader : readers) {
      if (reader != null) {
        reader.close();
      }
    }
    in.close();
  }
}
