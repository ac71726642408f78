package io.featurebeam.io.file.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdInputStream;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RandomBatches;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.io.file.text.BatchReader;
import io.featurebeam.io.file.text.CsvBatchReader;
import io.featurebeam.io.file.text.CsvOptions;
import io.featurebeam.io.file.text.JsonLinesBatchReader;
import io.featurebeam.io.file.text.JsonLinesOptions;
import io.featurebeam.io.file.text.Malformed;
import io.featurebeam.transforms.records.Rejects;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TextFormatTest {

  private static final Malformed NONE_IS =
      (source, position, raw, reason) -> {
        throw new AssertionError(
            reason + " in record " + position + ": " + new String(raw, StandardCharsets.UTF_8));
      };

  private static final Pattern OTHER_YEAR = Pattern.compile("\"[-+]\\d+-\\d\\d-\\d\\d");

  private static final RecordSchema SCALARS =
      RecordSchema.of(
          Field.of("flag", FieldType.BOOLEAN),
          Field.of("n", FieldType.INT64),
          Field.of("x", FieldType.FLOAT64),
          Field.of("s, \"quoted\"", FieldType.STRING),
          Field.of("b", FieldType.BYTES),
          Field.of("at", FieldType.TIMESTAMP),
          Field.of("day", FieldType.DATE),
          Field.of("time", FieldType.TIME));

  private static byte[] write(TextFormat format, RecordSchema schema, RecordBatch... batches)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BatchFileWriter writer = format.open(Channels.newChannel(bytes), schema);
    for (RecordBatch batch : batches) {
      writer.write(batch);
    }
    writer.close();
    assertEquals(bytes.size(), writer.fileBytes(), "exact after close");
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @EnumSource(TextFormat.Compression.class)
  void anAbandonedWriterClosesItsChannelEvenIfThatIsBroken(TextFormat.Compression compression)
      throws IOException {
    TextFormat format = TextFormat.csv().withCompression(compression);
    boolean[] broken = {false};
    WritableByteChannel channel =
        Channels.newChannel(
            new ByteArrayOutputStream() {
              @Override
              public synchronized void write(byte[] source, int from, int length) {
                if (broken[0]) {
                  throw new UncheckedIOException(new IOException("No space left on device"));
                }
              }
            });
    BatchFileWriter writer = format.open(channel, SCALARS);
    broken[0] = true;
    try {
      writer.abandon();
    } catch (UncheckedIOException e) {
      assertEquals("No space left on device", e.getCause().getMessage());
    }
    assertFalse(channel.isOpen());
  }

  private static String text(TextFormat format, RecordBatch batch) throws IOException {
    return new String(write(format, batch.schema(), batch), StandardCharsets.UTF_8);
  }

  private static List<List<@Nullable Object>> read(
      TextFormat format, RecordSchema schema, byte[] file) throws IOException {
    InputStream in = new ByteArrayInputStream(file);
    in =
        switch (format.compression()) {
          case NONE -> in;
          case GZIP -> new GZIPInputStream(in);
          case ZSTD -> new ZstdInputStream(in);
        };
    List<RecordBatch> batches = new ArrayList<>();
    try (BatchReader reader =
        format.kind() == TextFormat.Kind.CSV
            ? CsvBatchReader.open("f", in, CsvOptions.of(schema), NONE_IS)
            : JsonLinesBatchReader.open("f", in, JsonLinesOptions.of(schema), NONE_IS)) {
      for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
        batches.add(batch);
      }
    }
    return ParquetFiles.rows(batches);
  }

  private static RecordBatch hard() {
    return RecordBatch.builder(SCALARS)
        .add(true, 1L, 0.1, "", new byte[0], 0L, 0L, 0L)
        .add(null, null, null, null, null, null, null, null)
        .add(
            false,
            Long.MIN_VALUE,
            Double.NaN,
            "a \"b\", c\r\nd\ne",
            new byte[] {0, -1, 62, 63},
            -1L,
            -1L,
            1L)
        .add(
            true,
            Long.MAX_VALUE,
            Double.POSITIVE_INFINITY,
            " spaces ",
            "=x".getBytes(StandardCharsets.UTF_8),
            978_307_200_123_456L,
            11_323L,
            86_399_999_999L)
        .add(
            false,
            0L,
            Double.NEGATIVE_INFINITY,
            "null \u0000 \u00e9 \ud83d\ude42 \u2028",
            new byte[3],
            -62_135_596_800_000_000L,
            -719_162L,
            43_200_000_000L)
        .add(false, 0L, -0.0, "\"", new byte[1], 1_000_000L, 1L, 60_000_000L)
        .add(false, 0L, Double.MIN_VALUE, ",", new byte[1], 1000L, 1L, 1000L)
        .build();
  }

  @ParameterizedTest
  @EnumSource(TextFormat.Compression.class)
  void csvReadsBackAsWritten(TextFormat.Compression compression) throws IOException {
    TextFormat format = TextFormat.csv().withCompression(compression);
    RecordBatch batch = hard();
    List<List<@Nullable Object>> expected = ParquetFiles.rows(List.of(batch, batch));
    for (int row : new int[] {0, 7}) {
      expected.get(row).set(4, null); // our reader takes "" for the empty value of strings only
    }
    assertEquals(expected, read(format, SCALARS, write(format, SCALARS, batch, batch)));
  }

  @ParameterizedTest
  @EnumSource(TextFormat.Compression.class)
  void jsonLinesReadBackAsWritten(TextFormat.Compression compression) throws IOException {
    TextFormat format = TextFormat.jsonLines().withCompression(compression);
    RecordBatch batch = hard();
    assertEquals(
        ParquetFiles.rows(List.of(batch, batch)),
        read(format, SCALARS, write(format, SCALARS, batch, batch)));
  }

  @Test
  void nullAndTheEmptyStringDifferInCsv() throws IOException {
    RecordBatch batch =
        RecordBatch.builder(
                RecordSchema.of(
                    Field.of("a", FieldType.STRING), Field.of("b, c", FieldType.STRING)))
            .add(null, "")
            .add("x", "say \"hi\"")
            .add(" y", null)
            .build();
    assertEquals(
        "a,\"b, c\"\r\n,\"\"\r\nx,\"say \"\"hi\"\"\"\r\n\" y\",\r\n",
        text(TextFormat.csv(), batch));
  }

  @Test
  void nullInAnOnlyColumnIsARecord() throws IOException {
    RecordBatch batch =
        RecordBatch.builder(RecordSchema.of(Field.of("a", FieldType.STRING)))
            .add("x")
            .add((Object) null)
            .add("")
            .build();
    byte[] file = write(TextFormat.csv(), batch.schema(), batch);
    assertEquals(ParquetFiles.rows(List.of(batch)), read(TextFormat.csv(), batch.schema(), file));
  }

  @Test
  void valuesAsTextAre() throws IOException {
    RecordBatch batch =
        RecordBatch.builder(
                RecordSchema.of(
                    Field.of("x", FieldType.FLOAT64),
                    Field.of("b", FieldType.BYTES),
                    Field.of("at", FieldType.TIMESTAMP),
                    Field.of("tags", FieldType.listOf(FieldType.STRING))))
            .add(Double.NaN, new byte[] {1, 2}, -1L, Arrays.asList("a\"b", null, ""))
            .build();
    assertEquals(
        "{\"x\":\"NaN\",\"b\":\"AQI=\",\"at\":\"1969-12-31T23:59:59.999999Z\","
            + "\"tags\":[\"a\\\"b\",null,\"\"]}\n",
        text(TextFormat.jsonLines(), batch));
    assertEquals(
        "x,b,at,tags\r\nNaN,AQI=,1969-12-31T23:59:59.999999Z,\"[\"\"a\\\"\"b\"\",null,\"\"\"\"]\"\r\n",
        text(TextFormat.csv(), batch));
  }

  private static RecordBatch ofFourDigitYears(RecordBatch batch) {
    return batch.gather(
        IntStream.range(0, batch.size())
            .filter(row -> !OTHER_YEAR.matcher(Rejects.json(batch, row, Set.of())).find())
            .toArray());
  }

  @Test
  void randomBatchesReadBackFromJsonLines() throws IOException {
    SplittableRandom seeds = new SplittableRandom(11);
    for (int i = 0; i < 200; i++) {
      RandomBatches random = new RandomBatches(seeds.split());
      RecordSchema schema = random.schema();
      if (schema.size() == 0) {
        continue;
      }
      RecordBatch batch = ofFourDigitYears(random.batch(schema, 50));
      TextFormat format = TextFormat.jsonLines();
      assertEquals(
          ParquetFiles.rows(List.of(batch)), read(format, schema, write(format, schema, batch)));
    }
  }

  @Test
  void randomScalarsReadBackFromCsv() throws IOException {
    SplittableRandom seeds = new SplittableRandom(12);
    for (int i = 0; i < 200; i++) {
      RecordBatch batch = ofFourDigitYears(new RandomBatches(seeds.split()).batch(SCALARS, 50));
      TextFormat format = TextFormat.csv();
      List<List<@Nullable Object>> expected = ParquetFiles.rows(List.of(batch));
      expected.forEach(row -> row.set(4, "".equals(row.get(4)) ? null : row.get(4)));
      assertEquals(expected, read(format, SCALARS, write(format, SCALARS, batch)));
    }
  }

  @Test
  void fileWithoutRecordsHasAHeaderOrNothing() throws IOException {
    RecordSchema schema = RecordSchema.of(Field.of("a", FieldType.STRING));
    assertEquals("a\r\n", new String(write(TextFormat.csv(), schema), StandardCharsets.UTF_8));
    assertEquals(0, write(TextFormat.jsonLines(), schema).length);
  }

  @Test
  void growingFileKnowsAboutHowLongItIs() throws IOException {
    RecordBatch batch = hard();
    BatchFileWriter writer =
        TextFormat.jsonLines()
            .open(Channels.newChannel(new ByteArrayOutputStream()), batch.schema());
    for (int i = 0; i < 1000; i++) {
      writer.write(batch);
    }
    long before = writer.fileBytes();
    writer.close();
    assertEquals(before, writer.fileBytes());
    assertTrue(before > 500_000, "bytes: " + before);
  }

  @Test
  void extensionsSayFormatAndCompression() {
    assertEquals("csv", TextFormat.csv().extension());
    assertEquals(
        "jsonl.gz",
        TextFormat.jsonLines().withCompression(TextFormat.Compression.GZIP).extension());
    assertEquals(
        "csv.zst", TextFormat.csv().withCompression(TextFormat.Compression.ZSTD).extension());
  }
}
