package io.featurebeam.io.file.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.Slices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ParquetBatchReaderTest {

  @TempDir Path directory;

  static List<RecordBatch> batches(Path file, List<String> columns, int size) throws IOException {
    List<RecordBatch> batches = new ArrayList<>();
    try (ParquetBatchReader reader =
        ParquetBatchReader.open(file.toString(), columns, List.of(), size)) {
      for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
        batches.add(batch);
      }
    }
    return batches;
  }

  /**
   * Reads all columns and compares every value, and its position, with parquet-java's record
   * reader.
   */
  static void assertReadsLikeOracle(Path file, int batchSize) throws IOException {
    List<Group> expected = GroupOracle.read(file);
    int row = 0;
    for (RecordBatch batch : batches(file, List.of(), batchSize)) {
      assertTrue(batch.size() <= batchSize);
      for (int i = 0; i < batch.size(); i++, row++) {
        assertEquals(row, batch.positions().place(i));
        assertEquals(file.toString(), batch.positions().source(i));
        for (int c = 0; c < batch.columns().size(); c++) {
          String name = batch.schema().field(c).name();
          assertSameValue(
              GroupOracle.value(expected.get(row), name),
              batch.columns().get(c).value(i),
              name + " of row " + row);
        }
      }
    }
    assertEquals(expected.size(), row);
  }

  private static void assertSameValue(
      @Nullable Object expected, @Nullable Object actual, String where) {
    if (expected instanceof byte[] bytes) {
      assertArrayEquals(bytes, (byte[]) actual, where);
    } else if (expected instanceof List<?> list) {
      List<?> other = (List<?>) actual;
      assertEquals(list.size(), other == null ? -1 : other.size(), where);
      for (int i = 0; i < list.size(); i++) {
        assertSameValue(list.get(i), other == null ? null : other.get(i), where);
      }
    } else {
      assertEquals(expected, actual, where);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PARQUET_1_0, true, true, false",
    "PARQUET_1_0, true, false, false",
    "PARQUET_1_0, false, false, false",
    "PARQUET_2_0, true, true, false",
    "PARQUET_2_0, false, false, false",
    "PARQUET_1_0, false, false, true",
    "PARQUET_2_0, false, true, true"
  })
  void everyTypeReadsLikeTheRecordReader(
      WriterVersion version, boolean dictionary, boolean few, boolean byteStreamSplit)
      throws IOException {
    List<Group> rows = Samples.rows(Samples.ALL_TYPES, 1000, 7, few);
    Path file =
        Samples.write(
            directory.resolve("all.parquet"),
            rows,
            b ->
                b.withWriterVersion(version)
                    .withDictionaryEncoding(dictionary)
                    .withByteStreamSplitEncoding(byteStreamSplit)
                    .withCompressionCodec(CompressionCodecName.ZSTD));
    assertReadsLikeOracle(file, 300);
    assertReadsLikeOracle(file, 7);
  }

  @ParameterizedTest
  @EnumSource(
      value = CompressionCodecName.class,
      names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4", "LZ4_RAW"})
  void everyCodecReadsLikeTheRecordReader(CompressionCodecName codec) throws IOException {
    List<Group> rows = Samples.rows(Samples.ALL_TYPES, 400, 8, true);
    for (WriterVersion version : WriterVersion.values()) {
      Path file =
          Samples.write(
              directory.resolve(version + ".parquet"),
              rows,
              b -> b.withCompressionCodec(codec).withWriterVersion(version));
      assertReadsLikeOracle(file, 128);
    }
  }

  @Test
  void unsupportedCodecIsRefusedByName() throws IOException {
    ParquetFormatException e =
        assertThrows(
            ParquetFormatException.class,
            () -> Decompressor.of(CompressionCodecName.BROTLI, "a.parquet", "delay"));
    assertEquals(
        "Cannot read column 'delay' of a.parquet: it is compressed with BROTLI (supported: zstd,"
            + " snappy, gzip, lz4, lz4_raw, uncompressed; write the file with one of these)",
        e.getMessage());
  }

  private static final MessageType WORDS =
      MessageTypeParser.parseMessageType(
          "message m { required int64 n; optional binary word (STRING); }");

  /** Rows whose word is one of 20 at first, and from row {@code alike} on another in each row. */
  private Path words(int count, int alike, UnaryOperator<ExampleParquetWriter.Builder> options)
      throws IOException {
    List<Group> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Group row = new SimpleGroup(WORDS).append("n", (long) i);
      if (i % 10 != 3) {
        row.append("word", "word-" + (i < alike ? i % 20 : i));
      }
      rows.add(row);
    }
    return Samples.write(directory.resolve("words.parquet"), rows, options);
  }

  @Test
  void dictionaryIsSharedByTheBatchesOfARowGroupAndNotBeyond() throws IOException {
    Path file = words(4000, 4000, b -> Samples.rowGroups(b, 2000));
    Set<Slices> dictionaries = new HashSet<>();
    List<RecordBatch> batches = batches(file, List.of("word"), 500);
    for (RecordBatch batch : batches) {
      BytesColumn column = (BytesColumn) batch.column("word");
      assertTrue(column.isCoded());
      dictionaries.add(column.slices());
    }
    assertEquals(8, batches.size());
    assertEquals(2, dictionaries.size());
    assertSame(slices(batches.get(0)), slices(batches.get(3)));
    assertNotSame(slices(batches.get(3)), slices(batches.get(4)));
  }

  private static Slices slices(RecordBatch batch) {
    return ((BytesColumn) batch.columns().get(0)).slices();
  }

  @Test
  void columnThatGivesItsDictionaryUpTurnsFromCodedToSliced() throws IOException {
    Path file =
        words(6000, 2000, b -> b.withDictionaryPageSize(4096).withMinRowCountForPageSizeCheck(10));
    List<Boolean> coded = new ArrayList<>();
    for (RecordBatch batch : batches(file, List.of("word"), 100)) {
      coded.add(((BytesColumn) batch.column("word")).isCoded());
    }
    assertTrue(coded.get(0));
    int firstSliced = coded.indexOf(false);
    assertTrue(firstSliced > 0);
    assertEquals(coded.size() - 1, coded.lastIndexOf(false));
    assertEquals(firstSliced, coded.lastIndexOf(true) + 1);
    // Batches that do not end where the pages do: one of them holds both.
    assertReadsLikeOracle(file, 613);
  }

  @Test
  void columnsComeInTheOrderAskedFor() throws IOException {
    Path file = words(10, 10, b -> b);
    RecordBatch batch = batches(file, List.of("word", "n"), 8192).get(0);
    assertEquals("(word string, n int64 not null)", batch.schema().toString());
    assertEquals("word-2", batch.column("word").value(2));
    assertEquals(9L, batch.column("n").value(9));
  }

  @Test
  void columnOfNullsOnlyReads() throws IOException {
    List<Group> rows = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      rows.add(new SimpleGroup(WORDS).append("n", 1L));
    }
    for (WriterVersion version : WriterVersion.values()) {
      Path file =
          Samples.write(
              directory.resolve(version + ".parquet"), rows, b -> b.withWriterVersion(version));
      for (RecordBatch batch : batches(file, List.of("word"), 64)) {
        assertEquals(batch.size(), batch.column("word").nullCount());
      }
    }
  }

  @Test
  void unsignedLongAboveTheSignedRangeIsAnErrorWithItsRow() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType("message m { optional int64 big (INTEGER(64,false)); }");
    List<Group> rows = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      rows.add(new SimpleGroup(schema).append("big", i == 71 ? -1L : i));
    }
    Path file = Samples.write(directory.resolve("big.parquet"), rows, b -> b);
    ParquetFormatException e =
        assertThrows(ParquetFormatException.class, () -> batches(file, List.of(), 40));
    assertEquals(
        "Invalid value in "
            + file
            + ", row 71, column 'big': uint64 value 18446744073709551615 is too"
            + " large (at most 9223372036854775807)",
        e.getMessage());
  }

  @Test
  void millisecondsBeyondTheRangeOfMicrosecondsAreAnErrorWithTheRowOfTheirList()
      throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { repeated int64 at (TIMESTAMP(MILLIS,true)); }");
    List<Group> rows = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      Group row = new SimpleGroup(schema);
      for (int j = 0; j < i % 4; j++) {
        row.append("at", i == 7 && j == 2 ? Long.MIN_VALUE : j);
      }
      rows.add(row);
    }
    Path file = Samples.write(directory.resolve("at.parquet"), rows, b -> b);
    ParquetFormatException e =
        assertThrows(ParquetFormatException.class, () -> batches(file, List.of(), 5));
    assertEquals(
        "Invalid value in "
            + file
            + ", row 7, column 'at': timestamp -9223372036854775808 ms is out of"
            + " range (in microseconds)",
        e.getMessage());
  }

  @Test
  void wideRowsMakeSmallBatches() throws IOException {
    MessageType schema = MessageTypeParser.parseMessageType("message m { required binary blob; }");
    List<Group> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rows.add(
          new SimpleGroup(schema).append("blob", Binary.fromConstantByteArray(new byte[4 << 20])));
    }
    Path file =
        Samples.write(
            directory.resolve("wide.parquet"),
            rows,
            b -> b.withDictionaryEncoding(false).withCompressionCodec(CompressionCodecName.ZSTD));
    int total = 0;
    for (RecordBatch batch : batches(file, List.of(), 8192)) {
      assertTrue(batch.size() <= 16, "batch of " + batch.size());
      total += batch.size();
      for (Column column : batch.columns()) {
        assertEquals(4L << 20, ((BytesColumn) column).slices().length(0));
      }
    }
    assertEquals(40, total);
  }
}
