package io.featurebeam.io.file.write;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.schema.MessageType;

/**
 * Writes batches into one Parquet file, column by column from the batches' own arrays.
 *
 * <pre>{@code
 * try (ParquetBatchWriter writer = ParquetBatchWriter.open(channel, schema, ParquetFormat.create())) {
 *   writer.write(batch);
 * }
 * }</pre>
 *
 * <p>Strings that repeat are dictionary-coded, a coded column straight from its codes; numbers are
 * where the first page of a row group shows that they repeat. Statistics and page indexes are
 * written, except for a column with NaN, whose order readers disagree on. Nulls are Parquet nulls,
 * NaN keeps its bits. Memory: about {@link ParquetFormat#rowGroupBytes()} and up to 2 MiB per
 * column for pages in the making.
 *
 * <p>Every batch must have the schema that the writer was opened with, else {@link
 * IllegalArgumentException}.
 */
public final class ParquetBatchWriter implements BatchFileWriter {

  private static final int INDEX_TRUNCATE_LENGTH = 64;
  private static final int STATISTICS_TRUNCATE_LENGTH = Integer.MAX_VALUE;
  private static final long NO_ALIGNMENT = 1L << 27;
  private static final int NO_PADDING = 0;

  private final RecordSchema schema;
  private final ParquetFormat format;
  private final MessageType message;
  private final ChannelOutput output;
  private final ParquetFileWriter file;
  private final PageCompressor compressor;
  private final List<ChunkWriter> chunks = new ArrayList<>();
  private ColumnChunkPageWriteStore pages;
  private long storedBytes;
  private long rows;
  private boolean closed;

  private ParquetBatchWriter(
      RecordSchema schema, ParquetFormat format, ChannelOutput output, ParquetFileWriter file) {
    this.schema = schema;
    this.format = format;
    this.message = ParquetTypes.message(schema);
    this.output = output;
    this.file = file;
    this.compressor = PageCompressor.of(format);
    this.pages = newPageStore();
    for (int i = 0; i < schema.size(); i++) {
      ColumnDescriptor descriptor = message.getColumns().get(i);
      chunks.add(
          ChunkWriter.of(schema.field(i).type(), descriptor, pages.getPageWriter(descriptor)));
    }
  }

  /** Begins a file; the writer owns the channel. */
  public static ParquetBatchWriter open(
      WritableByteChannel channel, RecordSchema schema, ParquetFormat format) throws IOException {
    format.checkSchema(schema);
    ChannelOutput output = new ChannelOutput(channel);
    ParquetFileWriter file =
        new ParquetFileWriter(
            output,
            ParquetTypes.message(schema),
            ParquetFileWriter.Mode.CREATE,
            NO_ALIGNMENT,
            NO_PADDING,
            INDEX_TRUNCATE_LENGTH,
            STATISTICS_TRUNCATE_LENGTH,
            true);
    file.start();
    return new ParquetBatchWriter(schema, format, output, file);
  }

  private ColumnChunkPageWriteStore newPageStore() {
    return new ColumnChunkPageWriteStore(
        compressor, message, HeapByteBufferAllocator.getInstance(), INDEX_TRUNCATE_LENGTH, true);
  }

  @Override
  public void write(RecordBatch batch) throws IOException {
    if (!batch.schema().equals(schema)) {
      throw new IllegalArgumentException(
          "Batch of schema " + batch.schema() + " for a file of schema " + schema);
    }
    for (int from = 0; from < batch.size(); from += ChunkWriter.PAGE_ROWS) {
      int to = Math.min(batch.size(), from + ChunkWriter.PAGE_ROWS);
      long inPages = 0;
      for (int c = 0; c < chunks.size(); c++) {
        ChunkWriter chunk = chunks.get(c);
        chunk.append(batch.column(c), from, to);
        inPages += chunk.storedBytes();
      }
      rows += to - from;
      storedBytes = inPages;
      if (inPages >= format.rowGroupBytes()) {
        flush();
      }
    }
  }

  @Override
  public long memoryBytes() {
    long total = storedBytes;
    for (ChunkWriter chunk : chunks) {
      total += chunk.memoryBytes();
    }
    return total;
  }

  @Override
  public long fileBytes() {
    return output.getPos() + storedBytes;
  }

  /** Ends the row group. */
  @Override
  public void flush() throws IOException {
    if (rows == 0) {
      return;
    }
    for (ChunkWriter chunk : chunks) {
      chunk.finishChunk();
    }
    file.startBlock(rows);
    pages.flushToFileWriter(file);
    file.endBlock();
    pages.close();
    rows = 0;
    storedBytes = 0;
    pages = newPageStore();
    for (ChunkWriter chunk : chunks) {
      chunk.startChunk(pages.getPageWriter(chunk.descriptor));
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      flush();
      file.end(Map.of());
    } finally {
      release();
    }
  }

  @Override
  public void abandon() throws IOException {
    if (!closed) {
      closed = true;
      release();
    }
  }

  private void release() throws IOException {
    compressor.close();
    output.close();
  }
}
