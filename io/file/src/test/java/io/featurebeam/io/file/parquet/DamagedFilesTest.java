package io.featurebeam.io.file.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.columnar.RecordBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever happened to a file's bytes, reading it ends: with rows, or with an exception that names
 * it. More by hand: {@code -Dparquet.damages=20000 -Dparquet.seed=1}.
 */
class DamagedFilesTest {

  private static final int DAMAGES = Integer.getInteger("parquet.damages", 250);

  private static final int SEED = Integer.getInteger("parquet.seed", 0);

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "PARQUET_1_0, true, UNCOMPRESSED",
    "PARQUET_2_0, false, UNCOMPRESSED",
    "PARQUET_1_0, false, SNAPPY",
    "PARQUET_2_0, true, ZSTD",
    "PARQUET_1_0, true, GZIP",
    "PARQUET_2_0, false, LZ4_RAW",
    "PARQUET_1_0, false, LZ4"
  })
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void damagedFileReadsOrIsRefusedByName(
      WriterVersion version, boolean dictionary, CompressionCodecName codec) throws IOException {
    byte[] whole =
        Files.readAllBytes(
            Samples.write(
                directory.resolve("whole.parquet"),
                Samples.rows(Samples.ALL_TYPES, 60, 11, dictionary),
                b ->
                    b.withWriterVersion(version)
                        .withDictionaryEncoding(dictionary)
                        .withCompressionCodec(codec)
                        .withPageRowCountLimit(25)
                        .withPageWriteChecksumEnabled(false))); // so that decoders see it
    Path file = directory.resolve("damaged.parquet");
    int refused = 0;
    for (int i = 0; i < DAMAGES; i++) {
      long seed = SEED * 1_000_003L + i;
      Files.write(file, damage(whole, new Random(seed)));
      refused += isRefused(file, seed) ? 1 : 0;
    }
    assertTrue(refused > DAMAGES / 20, "only " + refused + " of " + DAMAGES + " were refused");
  }

  @Test
  void pageHeaderThatNestsWithoutEndIsRefused() throws IOException {
    Path file =
        Samples.write(
            directory.resolve("nested.parquet"),
            Samples.rows(Samples.ALL_TYPES, 20_000, 11, false),
            b -> b.withCompressionCodec(CompressionCodecName.UNCOMPRESSED));
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 4, bytes.length * 3 / 4, (byte) 0x5A); // a set in a set in a set
    Files.write(file, bytes);
    try (ParquetBatchReader reader =
        ParquetBatchReader.open(file.toString(), List.of("i64"), List.of())) {
      String message = assertThrows(ParquetFormatException.class, reader::next).getMessage();
      assertTrue(message.contains("row 0: a broken page header: nested without end ("), message);
      assertTrue(message.startsWith("Damaged Parquet file: " + file + ", row group 0"), message);
    }
  }

  @ParameterizedTest
  @EnumSource(WriterVersion.class)
  void pageWhoseBytesChangedIsRefused(WriterVersion version) throws IOException {
    Path file =
        Samples.write(
            directory.resolve("checked.parquet"),
            Samples.rows(Samples.ALL_TYPES, 20_000, 11, false),
            b ->
                b.withWriterVersion(version)
                    .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
                    .withDictionaryEncoding(false));
    byte[] bytes = Files.readAllBytes(file);
    long page;
    try (ParquetFileReader footer = ParquetFileReader.open(new LocalInputFile(file))) {
      page =
          footer.getRowGroups().get(0).getColumns().stream()
              .filter(column -> column.getPath().toDotString().equals("i64"))
              .findFirst()
              .orElseThrow()
              .getStartingPos();
    }
    bytes[(int) page + 1000] ^= 1; // well behind the header, among the numbers
    Files.write(file, bytes);
    try (ParquetBatchReader reader =
        ParquetBatchReader.open(file.toString(), List.of("i64"), List.of())) {
      assertEquals(
          "Damaged Parquet file: "
              + file
              + ", row group 0, column 'i64', row 0: a page whose checksum (CRC-32) is wrong"
              + " (write it again, or leave it out)",
          assertThrows(ParquetFormatException.class, reader::next).getMessage());
    }
  }

  private static byte[] damage(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    int kind = random.nextInt(10);
    if (kind == 0) {
      return Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }
    int footer = LittleEndian.intAt(bytes, bytes.length - 8);
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times; i++) {
      // The footer is smaller than the data but worth as many trials.
      int at =
          kind < 4
              ? bytes.length - 1 - random.nextInt(footer + 8)
              : random.nextInt(bytes.length - footer);
      bytes[at] =
          (byte) (random.nextBoolean() ? bytes[at] ^ (1 << random.nextInt(8)) : random.nextInt());
    }
    return bytes;
  }

  private static boolean isRefused(Path file, long seed) throws IOException {
    try (ParquetBatchReader reader =
        ParquetBatchReader.open(
            file.toString(),
            List.of(),
            seed % 3 == 0 ? List.of(ColumnRange.of("i64", 0L, 1L << 40)) : List.of())) {
      for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
        assertTrue(batch.size() > 0);
        assertTrue(BatchPrinter.print(batch, 3).length() > 0);
      }
      return false;
    } catch (ParquetFormatException | IllegalArgumentException e) {
      // A damaged name or type in the footer is a schema without the column, or of other types.
      String message = String.valueOf(e.getMessage());
      boolean named = message.contains(file.toString()) || message.contains("column");
      assertTrue(named, "seed " + seed + ": " + e);
      return true;
    }
  }
}
