package io.featurebeam.io.file.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RandomBatches;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.parquet.ParquetBatchReader;
import io.featurebeam.io.file.write.ParquetFormat.Compression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.internal.column.columnindex.ColumnIndex;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random batches through the writer, read by Parquet's reader and ours, and beside Parquet's own
 * writer.
 */
class ParquetRoundTripTest {

  @TempDir Path folder;

  private static List<List<@Nullable Object>> readWithOurs(Path path) throws IOException {
    List<RecordBatch> batches = new ArrayList<>();
    try (ParquetBatchReader reader =
        ParquetBatchReader.open(path.toString(), List.of(), List.of())) {
      for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
        batches.add(batch);
      }
    }
    return ParquetFiles.rows(batches);
  }

  @Test
  void randomBatchesReadBackWithParquetsReaderAndOurs() throws IOException {
    SplittableRandom seeds = new SplittableRandom(2026);
    Compression[] codecs = Compression.values();
    for (int i = 0; i < 250; i++) {
      RandomBatches random = new RandomBatches(seeds.split());
      RecordSchema schema = random.schema();
      if (schema.size() == 0) {
        continue;
      }
      List<RecordBatch> batches = new ArrayList<>();
      for (int b = 0; b <= i % 4; b++) {
        batches.add(random.batch(schema, b == 1 ? 0 : 1 + (i * 37) % 700));
      }
      Path path = folder.resolve(i + ".parquet");
      ParquetFormat format =
          ParquetFormat.create()
              .withCompression(codecs[i % codecs.length])
              .withRowGroupBytes(i % 3 == 0 ? 1 : 1 << 20);
      ParquetFiles.write(path, format, batches);
      assertEquals(ParquetFiles.rows(batches), ParquetFiles.read(path, schema), "file " + i);
      assertEquals(ParquetFiles.rows(batches), readWithOurs(path), "file " + i);
      Files.delete(path);
    }
  }

  /**
   * Small pages of our own size need not be Parquet's, so one page each: bounds, nulls and their
   * order.
   */
  @Test
  void statisticsAndIndexesAreWhatParquetsOwnWriterWrites() throws IOException {
    SplittableRandom seeds = new SplittableRandom(7);
    RecordSchema schema =
        RecordSchema.of(
            Field.of("flag", FieldType.BOOLEAN),
            Field.of("n", FieldType.INT64),
            Field.required("at", FieldType.TIMESTAMP),
            Field.of("day", FieldType.DATE),
            Field.of("s", FieldType.STRING),
            Field.of("b", FieldType.BYTES),
            Field.of("strings", FieldType.listOf(FieldType.STRING)),
            Field.required("days", FieldType.listOf(FieldType.DATE)));
    for (int i = 0; i < 60; i++) {
      RecordBatch batch = new RandomBatches(seeds.split()).batch(schema, 1 + i * 5);
      Path ours = folder.resolve("ours" + i);
      Path theirs = folder.resolve("theirs" + i);
      ParquetFiles.write(ours, ParquetFormat.create(), List.of(batch));
      copyWithParquet(ours, theirs);
      assertSameStatistics(ours, theirs);
    }
  }

  private static void copyWithParquet(Path from, Path to) throws IOException {
    MessageType message;
    try (ParquetFileReader reader = ParquetFiles.open(from)) {
      message = reader.getFileMetaData().getSchema();
    }
    try (ParquetReader<Group> reader = ParquetFiles.groups(from);
        ParquetWriter<Group> writer =
            ExampleParquetWriter.builder(new LocalOutputFile(to))
                .withConf(new PlainParquetConfiguration())
                .withType(message)
                .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
                .build()) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        writer.write(group);
      }
    }
  }

  private static void assertSameStatistics(Path ours, Path theirs) throws IOException {
    try (ParquetFileReader a = ParquetFiles.open(ours);
        ParquetFileReader b = ParquetFiles.open(theirs)) {
      List<ColumnChunkMetaData> chunks = a.getRowGroups().get(0).getColumns();
      for (int c = 0; c < chunks.size(); c++) {
        ColumnChunkMetaData our = chunks.get(c);
        ColumnChunkMetaData their = b.getRowGroups().get(0).getColumns().get(c);
        String column = our.getPath().toDotString();
        assertEquals(their.getStatistics(), our.getStatistics(), column);
        assertEquals(their.getValueCount(), our.getValueCount(), column);
        ColumnIndex index = b.readColumnIndex(their);
        assertNotNull(index, column);
        assertEquals(index.getMinValues(), a.readColumnIndex(our).getMinValues(), column);
        assertEquals(index.getMaxValues(), a.readColumnIndex(our).getMaxValues(), column);
        assertEquals(index.getNullCounts(), a.readColumnIndex(our).getNullCounts(), column);
        assertEquals(index.getNullPages(), a.readColumnIndex(our).getNullPages(), column);
        assertEquals(
            b.readOffsetIndex(their).getFirstRowIndex(0),
            a.readOffsetIndex(our).getFirstRowIndex(0),
            column);
      }
    }
  }

  @Test
  void pagesOfNullsBetweenPagesOfValuesReadBack() throws IOException {
    RecordSchema schema =
        RecordSchema.of(
            Field.of("s", FieldType.STRING),
            Field.of("n", FieldType.INT64),
            Field.of("flag", FieldType.BOOLEAN));
    RecordBatch.Builder rows = RecordBatch.builder(schema);
    int page = ChunkWriter.PAGE_ROWS;
    for (int i = 0; i < 5 * page + 1; i++) {
      boolean none = (i / page) % 2 == 0;
      rows.add(none ? null : "v" + i % 3, none ? null : (long) (i % 5), none ? null : i % 2 == 0);
    }
    List<RecordBatch> batches = List.of(rows.build());
    Path path = folder.resolve("nulls.parquet");
    ParquetFiles.write(path, ParquetFormat.create(), batches);
    assertEquals(ParquetFiles.rows(batches), ParquetFiles.read(path, schema));
    assertEquals(ParquetFiles.rows(batches), readWithOurs(path));
  }

  @Test
  void wideAndLongValuesReadBack() throws IOException {
    RecordSchema schema =
        RecordSchema.of(
            Field.of("wide", FieldType.STRING),
            Field.required("list", FieldType.listOf(FieldType.INT64)));
    RecordBatch.Builder rows = RecordBatch.builder(schema);
    for (int i = 0; i < 40; i++) {
      List<Object> list = new ArrayList<>();
      for (long n = 0; n < (i == 7 ? 300_000 : i); n++) {
        list.add(n % 11 == 0 ? null : n * i);
      }
      rows.add(
          i % 3 == 0 ? "w".repeat(400_000 + i) : i % 3 == 1 ? "short" : "x".repeat(2 << 20), list);
    }
    List<RecordBatch> batches = List.of(rows.build());
    Path path = folder.resolve("wide.parquet");
    ParquetFiles.write(path, ParquetFormat.create().withRowGroupBytes(1 << 14), batches);
    assertEquals(ParquetFiles.rows(batches), ParquetFiles.read(path, schema));
    assertEquals(ParquetFiles.rows(batches), readWithOurs(path));
  }
}
