package io.featurebeam.io.file.write;

import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Spelling;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * Parquet as {@link ParquetBatchWriter} writes it.
 *
 * <pre>{@code
 * ParquetFormat.create().withCompression(Compression.ZSTD, 6).withRowGroupBytes(128L << 20)
 * }</pre>
 *
 * @param compression the codec of every page; zstd unless told otherwise
 * @param level zstd only: 1 (fast) to 22 (small); 1 unless told otherwise
 * @param rowGroupBytes a row group ends once its encoded and compressed pages take this many bytes;
 *     64 MiB unless told otherwise. A writer holds about this much memory.
 */
public record ParquetFormat(Compression compression, int level, long rowGroupBytes)
    implements FileFormat {

  private static final long serialVersionUID = 1L;
  private static final int DEFAULT_LEVEL = 1;
  private static final long DEFAULT_ROW_GROUP_BYTES = 64L << 20;
  private static final int MAX_LEVEL = 22;

  /** How pages are compressed. */
  public enum Compression {
    ZSTD,
    SNAPPY,
    GZIP,
    LZ4_RAW,
    UNCOMPRESSED;

    /** The codec of this name in lower case: {@code zstd}, {@code lz4_raw}. */
    public static Compression parse(String name) {
      return Arrays.stream(values())
          .filter(c -> c.name().toLowerCase(Locale.ROOT).equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "Unknown compression: '"
                          + name
                          + "'"
                          + Spelling.hint(
                              name,
                              Arrays.stream(values())
                                  .map(c -> c.name().toLowerCase(Locale.ROOT))
                                  .toList())));
    }
  }

  public ParquetFormat {
    Objects.requireNonNull(compression, "compression is null");
    if (level < 1 || level > MAX_LEVEL) {
      throw new IllegalArgumentException(
          "Invalid zstd level: " + level + " (must be 1 to " + MAX_LEVEL + ")");
    }
    if (rowGroupBytes < 1) {
      throw new IllegalArgumentException(
          "Invalid row group bytes: " + rowGroupBytes + " (must be > 0)");
    }
  }

  public static ParquetFormat create() {
    return new ParquetFormat(Compression.ZSTD, DEFAULT_LEVEL, DEFAULT_ROW_GROUP_BYTES);
  }

  public ParquetFormat withCompression(Compression newCompression) {
    return new ParquetFormat(newCompression, level, rowGroupBytes);
  }

  public ParquetFormat withLevel(int newLevel) {
    return new ParquetFormat(compression, newLevel, rowGroupBytes);
  }

  public ParquetFormat withRowGroupBytes(long newRowGroupBytes) {
    return new ParquetFormat(compression, level, newRowGroupBytes);
  }

  @Override
  public String extension() {
    return "parquet";
  }

  @Override
  public void checkSchema(RecordSchema schema) {
    if (schema.size() == 0) {
      throw new IllegalArgumentException(
          "Invalid schema: no columns (a Parquet file needs at least one)");
    }
  }

  @Override
  public BatchFileWriter open(WritableByteChannel channel, RecordSchema schema) throws IOException {
    return ParquetBatchWriter.open(channel, schema, this);
  }
}
