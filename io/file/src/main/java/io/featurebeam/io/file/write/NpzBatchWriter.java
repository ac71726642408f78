package io.featurebeam.io.file.write;

import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the columns of its batches and writes all at the end, since an array begins with its
 * length; see {@link NumpyFormat} for how values look.
 */
final class NpzBatchWriter implements BatchFileWriter {

  /** What texts of very different lengths may cost before they are better apart. */
  private static final long MAX_PADDING = 64L << 20;

  /** What a zip file has besides, for each file in it and once, without their names. */
  private static final long ENTRY_BYTES = 30 + 46;

  private static final long END_BYTES = 22;

  /**
   * Any, so that equal records are equal bytes; but to the earliest that a zip file can say Java
   * adds one in the machine's time zone.
   */
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 2, 0, 0);

  private final NumpyFormat format;
  private final RecordSchema schema;
  private final CountingOutput file;
  private final List<NpyArrays.Source> sources;
  private final @Nullable Slices[] dictionaries;
  private long rows;
  private long memoryBytes;
  private boolean closed;

  NpzBatchWriter(NumpyFormat format, RecordSchema schema, OutputStream out) {
    this.format = format;
    this.schema = schema;
    this.file = new CountingOutput(out);
    this.sources = NpyArrays.of(schema);
    this.dictionaries = new Slices[schema.size()];
  }

  @Override
  public boolean accepts(RecordBatch batch) {
    long padding = 0;
    if (rows > 0) {
      for (NpyArrays.Source source : sources) {
        padding += source.array().padding(source.part().apply(batch.column(source.column())));
      }
    }
    return padding <= MAX_PADDING;
  }

  @Override
  public void write(RecordBatch batch) throws IOException {
    if (!batch.schema().equals(schema)) {
      throw new IllegalArgumentException(
          "Batch of schema " + batch.schema() + " for a file of schema " + schema);
    }
    for (NpyArrays.Source source : sources) {
      source.array().add(source.part().apply(batch.column(source.column())));
    }
    for (int c = 0; c < schema.size(); c++) {
      memoryBytes += held(c, batch.column(c));
    }
    rows += batch.size();
  }

  /** A dictionary counts when it first comes. */
  private long held(int c, Column column) {
    if (column instanceof BytesColumn bytes
        && bytes.isCoded()
        && bytes.slices() != dictionaries[c]) {
      dictionaries[c] = bytes.slices();
      return column.byteSize() + bytes.slices().byteSize();
    }
    return column.byteSize();
  }

  @Override
  public long memoryBytes() {
    return memoryBytes;
  }

  /** Before compression, as long as the file is not there. */
  @Override
  public long fileBytes() {
    if (closed) {
      return file.bytes();
    }
    long bytes = END_BYTES;
    for (NpyArrays.Source source : sources) {
      NpyArray array = source.array();
      int name = entryName(array).getBytes(StandardCharsets.UTF_8).length;
      bytes += array.fileBytes() + ENTRY_BYTES + 2L * name;
    }
    return bytes;
  }

  /** Does nothing: an array is written when its length is known. */
  @Override
  public void flush() {}

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (file;
        ZipOutputStream zip = new ZipOutputStream(file)) {
      for (NpyArrays.Source source : sources) {
        write(source.array(), zip);
      }
    }
  }

  private void write(NpyArray array, ZipOutputStream zip) throws IOException {
    ZipEntry entry = new ZipEntry(entryName(array));
    entry.setTimeLocal(NO_TIME);
    if (format.compression() == NumpyFormat.Compression.NONE) {
      entry.setMethod(ZipEntry.STORED);
      entry.setCrc(checksum(array));
    }
    entry.setSize(array.fileBytes());
    zip.putNextEntry(entry);
    NpyOutput out = new NpyOutput(zip::write);
    array.writeTo(out);
    out.drain();
    zip.closeEntry();
  }

  private static String entryName(NpyArray array) {
    return array.name() + ".npy";
  }

  /** Of what will be written, which an array that is not compressed has before it. */
  private static long checksum(NpyArray array) throws IOException {
    CRC32 crc = new CRC32();
    NpyOutput out = new NpyOutput(crc::update);
    array.writeTo(out);
    out.drain();
    return crc.getValue();
  }

  @Override
  public void abandon() throws IOException {
    if (!closed) {
      closed = true;
      file.close();
    }
  }
}
