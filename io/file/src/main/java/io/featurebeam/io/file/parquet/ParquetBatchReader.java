package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.text.Malformed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
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
 * try (ParquetBatchReader reader = ParquetBatchReader.open(file, List.of("date", "delay"), List.of())) {
 *   for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
 *     ...
 *   }
 * }
 * }</pre>
 *
 * <p>A batch is a stretch of consecutive rows of one row group, at most {@link
 * RecordBatch#TARGET_SIZE} of them (fewer if they are wide), and knows the file and the number of
 * its first row in it, counted from 0. String columns that the file holds as a dictionary come
 * coded over one dictionary per row group. Not safe for use by two threads at once.
 *
 * <p>A string that is not UTF-8 makes its record malformed. A file that is damaged gives a {@link
 * ParquetFormatException} with its name, the column and the row; a failure of the file system an
 * {@link IOException}.
 */
public final class ParquetBatchReader implements AutoCloseable {

  /**
   * Wide rows make smaller batches: this many uncompressed bytes at most, by the footer's account.
   */
  private static final long BATCH_BYTES = 64L << 20;

  private final ParquetInput in;
  private final ParquetFooter footer;
  private final List<Leaf> leaves;
  private final RecordSchema schema;
  private final RangeFilter filter;
  private final int endGroup;
  private final int targetSize;
  private final LeafReader[] readers;
  private final @Nullable Utf8Check[] checks;
  private final Malformed malformed;

  /** The row group that is read, and the rows of it that are wanted and still to come. */
  private int group;

  private List<RowRanges.Range> ranges = List.of();
  private int range;
  private long groupRow;
  private int batchRows;

  private ParquetBatchReader(
      ParquetInput in,
      ParquetFooter footer,
      List<Leaf> leaves,
      RecordSchema schema,
      RangeFilter filter,
      int firstGroup,
      int endGroup,
      int targetSize,
      Malformed malformed) {
    this.in = in;
    this.footer = footer;
    this.leaves = leaves;
    this.schema = schema;
    this.filter = filter;
    this.group = firstGroup - 1;
    this.endGroup = endGroup;
    this.targetSize = targetSize;
    this.readers = new LeafReader[leaves.size()];
    this.checks = leaves.stream().map(Utf8Check::of).toArray(Utf8Check[]::new);
    this.malformed = malformed;
  }

  /**
   * Opens a whole file.
   *
   * @param file as Beam's file systems name it
   * @param columns in the order of the batches; none means every column that can be read
   * @param ranges rows outside any of them may be left out
   */
  public static ParquetBatchReader open(
      String file, Collection<String> columns, List<ColumnRange> ranges) throws IOException {
    Objects.requireNonNull(columns, "columns is null");
    Objects.requireNonNull(ranges, "ranges is null");
    return open(file, columns, ranges, RecordBatch.TARGET_SIZE);
  }

  static ParquetBatchReader open(
      String file, Collection<String> columns, List<ColumnRange> ranges, int targetSize)
      throws IOException {
    ParquetInput in = ParquetInput.open(file);
    try {
      ParquetFooter footer = ParquetFooter.read(in);
      ParquetSchemas schemas = ParquetSchemas.of(footer.schema());
      List<Leaf> leaves = schemas.leaves(file, columns);
      return new ParquetBatchReader(
          in,
          footer,
          leaves,
          ParquetSchemas.schemaOf(leaves),
          new RangeFilter(file, schemas, ranges),
          0,
          footer.rowGroups().size(),
          targetSize,
          ParquetBatchReader::refuse);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private static void refuse(String file, long row, byte[] raw, String reason) {
    throw new ParquetFormatException("Invalid value in " + file + ", row " + row + ", " + reason);
  }

  /** Opens one split of {@link ParquetSplits}, in which no record may be malformed. */
  public static ParquetBatchReader open(
      ParquetSplit split, RecordSchema schema, List<ColumnRange> ranges) throws IOException {
    return open(split, schema, ranges, ParquetBatchReader::refuse);
  }

  /**
   * Opens one split of {@link ParquetSplits}; batches have {@code schema}, a part of the splits'
   * own or all of it.
   *
   * @param malformed takes records with a string that is not UTF-8, of which it gets the bytes
   */
  public static ParquetBatchReader open(
      ParquetSplit split, RecordSchema schema, List<ColumnRange> ranges, Malformed malformed)
      throws IOException {
    Objects.requireNonNull(schema, "schema is null");
    Objects.requireNonNull(ranges, "ranges is null");
    String file = split.file();
    ParquetInput in = ParquetInput.open(file);
    try {
      if (in.length() != split.fileBytes()) {
        throw new ParquetFormatException(
            "File changed while it was read: "
                + file
                + " had "
                + split.fileBytes()
                + " bytes and now has "
                + in.length()
                + " (start again, and keep inputs unchanged during a run)");
      }
      ParquetFooter footer = ParquetFooter.read(in);
      ParquetSchemas schemas = ParquetSchemas.of(footer.schema());
      List<Leaf> leaves = schemas.leaves(file, schema.names());
      for (int i = 0; i < leaves.size(); i++) {
        Field field = schema.field(i);
        if (!leaves.get(i).type().equals(field.type())) {
          throw new IllegalArgumentException(
              "Column '"
                  + field.name()
                  + "' of "
                  + file
                  + " is "
                  + leaves.get(i).type()
                  + " (must be "
                  + field.type()
                  + ")");
        }
      }
      return new ParquetBatchReader(
          in,
          footer,
          leaves,
          schema,
          new RangeFilter(file, schemas, ranges),
          split.firstRowGroup(),
          Math.min(split.endRowGroup(), footer.rowGroups().size()),
          RecordBatch.TARGET_SIZE,
          malformed);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** The columns of the batches. */
  public RecordSchema schema() {
    return schema;
  }

  /** The next batch, without rows if all were malformed, or null behind the last. */
  public @Nullable RecordBatch next() throws IOException {
    while (range == ranges.size()) {
      if (group + 1 >= endGroup) {
        return null;
      }
      group++;
      startGroup();
    }
    RowRanges.Range current = ranges.get(range);
    groupRow = Math.max(groupRow, current.from());
    int rows = (int) Math.min(batchRows, current.to() - groupRow);
    List<Column> columns = new ArrayList<>(readers.length);
    for (LeafReader reader : readers) {
      columns.add(read(reader, rows, current.to()));
    }
    long firstRow = footer.firstRow(group) + groupRow;
    groupRow += rows;
    if (groupRow == current.to()) {
      range++;
    }
    return checked(
        RecordBatch.of(schema, rows, columns, Positions.contiguous(in.name(), firstRow)));
  }

  /** The records whose strings are all UTF-8; the others are malformed. */
  private RecordBatch checked(RecordBatch batch) {
    BitSet bad = null;
    for (int c = 0; c < checks.length; c++) {
      Utf8Check check = checks[c];
      BitSet found = check == null ? null : check.badRows(batch.column(c));
      if (check == null || found == null) {
        continue;
      }
      bad = bad == null ? new BitSet() : bad;
      for (int row = found.nextSetBit(0); row >= 0; row = found.nextSetBit(row + 1)) {
        if (!bad.get(row)) {
          malformed.add(
              in.name(),
              batch.positions().place(row),
              check.raw(batch.column(c), row),
              check.reason(batch.column(c), row));
        }
      }
      bad.or(found);
    }
    BitSet rejected = bad;
    return rejected == null
        ? batch
        : batch.select(Bitmap.of(batch.size(), row -> !rejected.get(row)));
  }

  private Column read(LeafReader reader, int rows, long until) throws IOException {
    try {
      reader.moveTo(groupRow, until);
      return reader.read(rows);
    } catch (ColumnBuffer.BadValue e) {
      throw new InvalidValueException(
          "Invalid value in "
              + in.name()
              + ", row "
              + (footer.firstRow(group) + reader.rowOf(e.index()))
              + ", column '"
              + reader.leaf.name()
              + "'",
          reader.leaf.name(),
          e);
    } catch (ParquetFormatException e) {
      throw e;
    } catch (RuntimeException e) {
      // Everything else that the decoders throw says that the bytes are not what they should be.
      throw damaged(
          "column '" + reader.leaf.name() + "', row " + (footer.firstRow(group) + groupRow), e);
    }
  }

  private ParquetFormatException damaged(String where, RuntimeException e) {
    return new ParquetFormatException(
        "Damaged Parquet file: "
            + in.name()
            + ", row group "
            + group
            + ", "
            + where
            + ": "
            + e.getMessage()
            + " ("
            + ParquetFooter.WAY_OUT
            + ")",
        e);
  }

  private void startGroup() throws IOException {
    BlockMetaData block = footer.rowGroups().get(group);
    groupRow = 0;
    range = 0;
    ranges = List.of();
    try {
      if (!filter.mayMatch(block)) {
        return;
      }
      RowRanges rows = filter.rows(in, block);
      boolean skips = rows.rows() < block.getRowCount();
      long bytes = 0;
      for (int i = 0; i < readers.length; i++) {
        ColumnChunkMetaData chunk = Chunks.of(block, leaves.get(i));
        bytes += chunk.getTotalUncompressedSize();
        if (readers[i] == null) {
          FileWindow window = new FileWindow(in, readers.length);
          readers[i] = LeafReader.of(in, window, leaves.get(i), chunk);
        }
        readers[i].start(chunk, skips ? RangeFilter.offsetIndex(in, chunk) : null);
      }
      long fitting = BATCH_BYTES / Math.max(1, bytes / Math.max(1, block.getRowCount()));
      batchRows = (int) Math.max(1, Math.min(targetSize, fitting));
      ranges = rows.ranges();
    } catch (ParquetFormatException e) {
      throw e;
    } catch (RuntimeException e) {
      throw damaged("its description", e);
    }
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
