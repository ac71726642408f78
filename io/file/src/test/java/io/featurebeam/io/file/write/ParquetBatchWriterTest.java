package io.featurebeam.io.file.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import io.featurebeam.io.file.write.ParquetFormat.Compression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetBatchWriterTest {

  @TempDir Path folder;

  private static final RecordSchema EVERY_TYPE =
      RecordSchema.of(
          Field.of("flag", FieldType.BOOLEAN),
          Field.required("sure", FieldType.BOOLEAN),
          Field.of("count", FieldType.INT64),
          Field.required("id", FieldType.INT64),
          Field.of("amount", FieldType.FLOAT64),
          Field.of("name", FieldType.STRING),
          Field.required("key", FieldType.STRING),
          Field.of("blob", FieldType.BYTES),
          Field.of("at", FieldType.TIMESTAMP),
          Field.of("day", FieldType.DATE),
          Field.of("time", FieldType.TIME),
          Field.of("tags", FieldType.listOf(FieldType.STRING)),
          Field.required("points", FieldType.listOf(FieldType.FLOAT64)),
          Field.of("bits", FieldType.listOf(FieldType.BOOLEAN)));

  private static RecordBatch everyType(Random random, int size, double nulls) {
    RecordBatch.Builder rows = RecordBatch.builder(EVERY_TYPE);
    for (int i = 0; i < size; i++) {
      rows.add(
          random.nextDouble() < nulls ? null : random.nextBoolean(),
          random.nextInt(10) > 0,
          random.nextDouble() < nulls ? null : (long) random.nextInt(100),
          random.nextLong(),
          random.nextDouble() < nulls ? null : random.nextGaussian(),
          random.nextDouble() < nulls ? null : "name " + random.nextInt(50),
          "key-" + random.nextLong(),
          random.nextDouble() < nulls ? null : new byte[] {(byte) i, (byte) (i >> 8)},
          random.nextDouble() < nulls ? null : random.nextLong() >> 12,
          random.nextDouble() < nulls ? null : (long) random.nextInt(40000) - 20000,
          random.nextDouble() < nulls ? null : (long) random.nextInt(1000) * 1_000_000,
          random.nextDouble() < nulls ? null : list(random, nulls, n -> "tag" + n % 7),
          list(random, nulls, n -> n / 3.0),
          random.nextDouble() < nulls ? null : list(random, nulls, n -> n % 2 == 0));
    }
    return rows.build();
  }

  private static List<Object> list(Random random, double nulls, IntFunction<Object> element) {
    List<Object> values = new ArrayList<>();
    for (int n = random.nextInt(4); n > 0; n--) {
      values.add(random.nextDouble() < nulls ? null : element.apply(random.nextInt(1000)));
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3, 1})
  void everyTypeReadsBackAsWritten(double nulls) throws IOException {
    Random random = new Random(7);
    List<RecordBatch> batches = new ArrayList<>();
    for (int size : new int[] {1, 0, 8192, 63, 8192, 8192, 8192, 8192, 30_000}) {
      batches.add(everyType(random, size, nulls));
    }
    Path path = folder.resolve("every.parquet");
    ParquetFiles.write(path, ParquetFormat.create().withRowGroupBytes(1 << 20), batches);
    assertEquals(ParquetFiles.rows(batches), ParquetFiles.read(path, EVERY_TYPE));
    try (ParquetFileReader reader = ParquetFiles.open(path)) {
      assertEquals(nulls < 1, reader.getRowGroups().size() > 1, "several row groups");
    }
  }

  @Test
  void anAbandonedWriterGivesUpItsNativeMemoryAndItsChannel() throws IOException {
    WritableByteChannel channel = Channels.newChannel(new ByteArrayOutputStream());
    ParquetBatchWriter writer =
        ParquetBatchWriter.open(channel, EVERY_TYPE, ParquetFormat.create());
    writer.write(everyType(new Random(1), 100, 0.1));
    writer.abandon();
    writer.abandon();
    writer.close();
    assertFalse(channel.isOpen());
    assertEquals(
        "Compression context is closed",
        assertThrows(IllegalStateException.class, writer::flush).getMessage());
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void everyCodecReadsBackAsWritten(Compression compression) throws IOException {
    List<RecordBatch> batches = List.of(everyType(new Random(1), 5000, 0.1));
    Path path = folder.resolve("codec.parquet");
    ParquetFiles.write(path, ParquetFormat.create().withCompression(compression), batches);
    assertEquals(ParquetFiles.rows(batches), ParquetFiles.read(path, EVERY_TYPE));
    try (ParquetFileReader reader = ParquetFiles.open(path)) {
      assertEquals(
          compression.name(), reader.getRowGroups().get(0).getColumns().get(0).getCodec().name());
    }
  }

  @Test
  void schemaHasTheLogicalTypesThatOtherReadersKnow() throws IOException {
    Path path = folder.resolve("schema.parquet");
    ParquetFiles.write(path, ParquetFormat.create(), List.of(everyType(new Random(1), 1, 0)));
    try (ParquetFileReader reader = ParquetFiles.open(path)) {
      assertEquals(
          """
          message record {
            optional boolean flag;
            required boolean sure;
            optional int64 count;
            required int64 id;
            optional double amount;
            optional binary name (STRING);
            required binary key (STRING);
            optional binary blob;
            optional int64 at (TIMESTAMP(MICROS,true));
            optional int32 day (DATE);
            optional int64 time (TIME(MICROS,true));
            optional group tags (LIST) {
              repeated group list {
                optional binary element (STRING);
              }
            }
            required group points (LIST) {
              repeated group list {
                optional double element;
              }
            }
            optional group bits (LIST) {
              repeated group list {
                optional boolean element;
              }
            }
          }
          """,
          reader.getFileMetaData().getSchema().toString());
    }
  }

  @Test
  void fileWithoutRecordsIsAFileWithASchema() throws IOException {
    Path path = folder.resolve("empty.parquet");
    ParquetFiles.write(
        path, ParquetFormat.create(), List.of(RecordBatch.builder(EVERY_TYPE).build()));
    assertEquals(List.of(), ParquetFiles.read(path, EVERY_TYPE));
  }

  private static RecordBatch doubles(int size, Function<Integer, Double> value) {
    RecordBatch.Builder rows =
        RecordBatch.builder(RecordSchema.of(Field.of("x", FieldType.FLOAT64)));
    for (int i = 0; i < size; i++) {
      rows.add(value.apply(i));
    }
    return rows.build();
  }

  private ColumnChunkMetaData onlyChunk(RecordBatch... batches) throws IOException {
    Path path = folder.resolve("chunk-" + System.nanoTime() + ".parquet");
    ParquetFiles.write(path, ParquetFormat.create(), Arrays.asList(batches));
    assertEquals(
        ParquetFiles.rows(Arrays.asList(batches)), ParquetFiles.read(path, batches[0].schema()));
    try (ParquetFileReader reader = ParquetFiles.open(path)) {
      List<BlockMetaData> groups = reader.getRowGroups();
      assertEquals(1, groups.size());
      return groups.get(0).getColumns().get(0);
    }
  }

  @Test
  void fewDistinctDoublesAreDictionaryCoded() throws IOException {
    ColumnChunkMetaData chunk = onlyChunk(doubles(100_000, i -> (i % 97) / 4.0));
    assertTrue(chunk.hasDictionaryPage());
    assertFalse(chunk.getEncodingStats().hasNonDictionaryEncodedPages());
  }

  @Test
  void distinctDoublesArePlainWithoutADictionary() throws IOException {
    ColumnChunkMetaData chunk = onlyChunk(doubles(100_000, i -> Math.sqrt(i)));
    assertFalse(chunk.hasDictionaryPage());
  }

  @Test
  void doublesThatTurnDistinctGoOnPlainBehindTheDictionary() throws IOException {
    ColumnChunkMetaData chunk =
        onlyChunk(doubles(200_000, i -> i < 50_000 ? i % 10 : Math.sqrt(i)));
    assertTrue(chunk.hasDictionaryPage());
    assertTrue(chunk.getEncodingStats().hasNonDictionaryEncodedPages());
    assertTrue(chunk.getEncodingStats().hasDictionaryEncodedPages());
  }

  @Test
  void nanKeepsItsBitsAndTheColumnHasNoStatistics() throws IOException {
    RecordBatch batch = doubles(70_000, i -> i == 40_000 ? Double.NaN : Math.sqrt(i));
    Path path = folder.resolve("nan.parquet");
    ParquetFiles.write(path, ParquetFormat.create(), List.of(batch));
    try (ParquetFileReader reader = ParquetFiles.open(path)) {
      ColumnChunkMetaData chunk = reader.getRowGroups().get(0).getColumns().get(0);
      assertFalse(chunk.getStatistics().hasNonNullValue());
      assertNull(reader.readColumnIndex(chunk));
      assertNotNull(reader.readOffsetIndex(chunk));
    }
    assertEquals(ParquetFiles.rows(List.of(batch)), ParquetFiles.read(path, batch.schema()));
  }

  @Test
  void statisticsAndPageIndexHoldTheBounds() throws IOException {
    RecordBatch batch = doubles(70_000, i -> i % 10 == 3 ? null : (double) i - 1000);
    Path path = folder.resolve("bounds.parquet");
    ParquetFiles.write(path, ParquetFormat.create(), List.of(batch));
    try (ParquetFileReader reader = ParquetFiles.open(path)) {
      ColumnChunkMetaData chunk = reader.getRowGroups().get(0).getColumns().get(0);
      assertEquals(-1000.0, chunk.getStatistics().genericGetMin());
      assertEquals(68_999.0, chunk.getStatistics().genericGetMax());
      assertEquals(7000, chunk.getStatistics().getNumNulls());
      assertEquals(3, reader.readOffsetIndex(chunk).getPageCount());
      assertEquals(32_768, reader.readOffsetIndex(chunk).getFirstRowIndex(1));
      assertEquals(3, reader.readColumnIndex(chunk).getMinValues().size());
      assertEquals(List.of(3277L, 3277L, 446L), reader.readColumnIndex(chunk).getNullCounts());
    }
  }

  @Test
  void zerosBoundAsBothZeros() throws IOException {
    ColumnChunkMetaData chunk = onlyChunk(doubles(10, i -> i < 5 ? 0.0 : -0.0));
    assertEquals("-0.0", chunk.getStatistics().genericGetMin().toString());
    assertEquals("0.0", chunk.getStatistics().genericGetMax().toString());
  }

  private static RecordBatch strings(int size, IntFunction<String> value) {
    RecordBatch.Builder rows =
        RecordBatch.builder(RecordSchema.of(Field.of("s", FieldType.STRING)));
    for (int i = 0; i < size; i++) {
      rows.add(value.apply(i));
    }
    return rows.build();
  }

  @Test
  void codedColumnsOfDifferentDictionariesShareOneInTheFile() throws IOException {
    RecordSchema schema = RecordSchema.of(Field.of("s", FieldType.STRING));
    List<RecordBatch> batches = new ArrayList<>();
    for (List<String> entries : List.of(List.of("b", "a", "unused"), List.of("c", "b", "a"))) {
      Slices dictionary =
          Slices.of(entries.stream().map(e -> e.getBytes(StandardCharsets.UTF_8)).toList());
      int[] codes = new int[5000];
      Arrays.setAll(codes, i -> i % 2);
      batches.add(
          RecordBatch.of(
              schema,
              codes.length,
              List.of(BytesColumn.coded(FieldType.STRING, dictionary, codes, codes.length, null))));
    }
    ColumnChunkMetaData chunk = onlyChunk(batches.get(0), batches.get(1), batches.get(0));
    assertTrue(chunk.hasDictionaryPage());
    assertFalse(chunk.getEncodingStats().hasNonDictionaryEncodedPages());
    assertEquals("a", chunk.getStatistics().minAsString());
    assertEquals("c", chunk.getStatistics().maxAsString());
  }

  @Test
  void distinctStringsArePlainWithoutADictionary() throws IOException {
    ColumnChunkMetaData chunk = onlyChunk(strings(50_000, i -> "value " + i));
    assertFalse(chunk.hasDictionaryPage());
    assertEquals("value 0", chunk.getStatistics().minAsString());
    assertEquals("value 9999", chunk.getStatistics().maxAsString());
  }

  @Test
  void stringsThatFillTheDictionaryGoOnPlain() throws IOException {
    ColumnChunkMetaData chunk =
        onlyChunk(strings(120_000, i -> "x".repeat(300) + (i < 40_000 ? i % 10 : i / 2)));
    assertTrue(chunk.hasDictionaryPage());
    assertTrue(chunk.getEncodingStats().hasNonDictionaryEncodedPages());
  }

  @Test
  void largeStringsEndPagesEarly() throws IOException {
    RecordBatch batch = strings(3000, i -> "y".repeat(5000) + i);
    Path path = folder.resolve("large.parquet");
    ParquetFiles.write(path, ParquetFormat.create(), List.of(batch));
    try (ParquetFileReader reader = ParquetFiles.open(path)) {
      ColumnChunkMetaData chunk = reader.getRowGroups().get(0).getColumns().get(0);
      assertTrue(reader.readOffsetIndex(chunk).getPageCount() > 2);
    }
    assertEquals(ParquetFiles.rows(List.of(batch)), ParquetFiles.read(path, batch.schema()));
  }

  @Test
  void statisticsOfStringsCompareUnsignedBytes() throws IOException {
    ColumnChunkMetaData chunk =
        onlyChunk(strings(4, i -> List.of("\u00e9t\u00e9", "zebra", "", "zebra crossing").get(i)));
    assertEquals("", chunk.getStatistics().minAsString());
    assertEquals("\u00e9t\u00e9", chunk.getStatistics().maxAsString());
  }

  @Test
  void dateBeyond32BitsIsRefusedByName() {
    RecordBatch batch =
        RecordBatch.builder(RecordSchema.of(Field.of("day", FieldType.DATE))).add(1L << 31).build();
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                ParquetFiles.write(
                    folder.resolve("date.parquet"), ParquetFormat.create(), List.of(batch)));
    assertEquals(
        "Invalid date in column 'day': day 2147483648 since 1970 (Parquet holds dates as 32 bits)",
        error.getMessage());
  }

  @Test
  void batchOfAnotherSchemaIsRefused() {
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                ParquetFiles.write(
                    folder.resolve("other.parquet"),
                    ParquetFormat.create(),
                    List.of(doubles(1, i -> 1.0), strings(1, i -> "a"))));
    assertEquals("Batch of schema (s string) for a file of schema (x float64)", error.getMessage());
  }

  @Test
  void defaultsAreZstdLevelOneAndRowGroupsOf64MiB() {
    assertEquals(new ParquetFormat(Compression.ZSTD, 1, 64L << 20), ParquetFormat.create());
  }

  @Test
  void unknownCompressionSuggestsTheNearest() {
    assertEquals(
        "Unknown compression: 'ztsd'; did you mean 'zstd'?",
        assertThrows(IllegalArgumentException.class, () -> Compression.parse("ztsd")).getMessage());
  }
}
