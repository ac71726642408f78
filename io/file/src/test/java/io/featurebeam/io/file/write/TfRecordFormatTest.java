package io.featurebeam.io.file.write;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RandomBatches;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.Example;
import org.tensorflow.proto.Feature;
import org.tensorflow.proto.Features;
import org.tensorflow.proto.Int64List;

/** What is written, by TensorFlow's own reader of the framing and its own messages. */
class TfRecordFormatTest {

  private static final RecordSchema ALL =
      RecordSchema.of(
          Field.of("flag", FieldType.BOOLEAN),
          Field.of("n", FieldType.INT64),
          Field.of("x", FieldType.FLOAT64),
          Field.of("s", FieldType.STRING),
          Field.of("b", FieldType.BYTES),
          Field.of("at", FieldType.TIMESTAMP),
          Field.of("day", FieldType.DATE),
          Field.of("time", FieldType.TIME),
          Field.of("tags", FieldType.listOf(FieldType.STRING)),
          Field.of("ns", FieldType.listOf(FieldType.INT64)),
          Field.of("xs", FieldType.listOf(FieldType.FLOAT64)));

  private static byte[] write(TfRecordFormat format, RecordSchema schema, RecordBatch... batches)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BatchFileWriter writer = format.open(Channels.newChannel(bytes), schema);
    for (RecordBatch batch : batches) {
      writer.write(batch);
    }
    writer.close();
    assertEquals(bytes.size(), writer.fileBytes());
    return bytes.toByteArray();
  }

  private static byte[] write(RecordSchema schema, RecordBatch... batches) throws IOException {
    return write(TfRecordFormat.create(), schema, batches);
  }

  @Test
  void eachTypeIsTheListThatItsDocumentationSays() throws IOException {
    RecordBatch batch =
        RecordBatch.builder(ALL)
            .add(
                true,
                -5L,
                0.1,
                "é🙂",
                new byte[] {0, -1},
                -1L,
                -2L,
                3L,
                List.of("a", ""),
                List.of(1L, Long.MIN_VALUE),
                Arrays.asList(1.5, null, Double.NaN))
            .build();

    Map<String, List<?>> record = TfRecords.read(write(ALL, batch)).get(0);

    assertEquals(ALL.names(), List.copyOf(record.keySet()));
    assertEquals(List.of(1L), record.get("flag"));
    assertEquals(List.of(-5L), record.get("n"));
    assertEquals(List.of(0.1f), record.get("x"));
    assertEquals(List.of("é🙂"), texts(record.get("s")));
    assertArrayEquals(new byte[] {0, -1}, (byte[]) record.get("b").get(0));
    assertEquals(List.of(-1L), record.get("at"));
    assertEquals(List.of(-2L), record.get("day"));
    assertEquals(List.of(3L), record.get("time"));
    assertEquals(List.of("a", ""), texts(record.get("tags")));
    assertEquals(List.of(1L, Long.MIN_VALUE), record.get("ns"));
    assertEquals(List.of(1.5f, Float.NaN, Float.NaN), record.get("xs"));
  }

  private static List<String> texts(List<?> values) {
    return values.stream().map(value -> new String((byte[]) value, UTF_8)).toList();
  }

  @Test
  void aNullIsAbsentAndAnEmptyListIsEmpty() throws IOException {
    @Nullable Object[] nulls = new Object[ALL.size()];
    @Nullable Object[] empty = nulls.clone();
    Arrays.fill(empty, ALL.size() - 3, ALL.size(), List.of());

    List<Map<String, List<?>>> records =
        TfRecords.read(write(ALL, RecordBatch.builder(ALL).add(nulls).add(empty).build()));

    assertEquals(
        List.of(Map.of(), Map.of("tags", List.of(), "ns", List.of(), "xs", List.of())), records);
  }

  @Test
  void numbersBeyondFloat32AreInfiniteAndSmallOnesZero() throws IOException {
    RecordSchema schema = RecordSchema.of(Field.of("xs", FieldType.listOf(FieldType.FLOAT64)));
    RecordBatch batch =
        RecordBatch.builder(schema)
            .add(List.of(1e300, -1e300, 1e-300, -0.0, 16_777_217.0, Double.POSITIVE_INFINITY))
            .build();

    assertEquals(
        List.of(
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            0f,
            -0f,
            16_777_216f,
            Float.POSITIVE_INFINITY),
        TfRecords.read(write(schema, batch)).get(0).get("xs"));
  }

  /** As its own classes write it, whose bytes an independent encoder need not, but does, equal. */
  @Test
  void aMessageHasTheBytesOfTensorFlowsOwn() throws IOException {
    RecordSchema schema = RecordSchema.of(Field.of("x", FieldType.INT64));
    Example example =
        Example.newBuilder()
            .setFeatures(
                Features.newBuilder()
                    .putFeature(
                        "x",
                        Feature.newBuilder()
                            .setInt64List(Int64List.newBuilder().addValue(-5))
                            .build()))
            .build();

    byte[] file = write(schema, RecordBatch.builder(schema).add(-5L).build());

    assertArrayEquals(example.toByteArray(), Arrays.copyOfRange(file, 12, file.length - 4));
    assertEquals("1700000000000000", HexFormat.of().formatHex(file, 0, 8));
  }

  @Test
  void aFlippedBitIsSeenByTheReader() throws IOException {
    RecordSchema schema = RecordSchema.of(Field.of("x", FieldType.INT64));
    byte[] file = write(schema, RecordBatch.builder(schema).add(-5L).build());
    for (int at : new int[] {8, 20, file.length - 1}) {
      byte[] damaged = file.clone();
      damaged[at] ^= 1;
      assertThrows(IOException.class, () -> TfRecords.read(damaged), "byte " + at);
    }
  }

  @Test
  void gzipCompressesTheWholeFile() throws IOException {
    RecordSchema schema = RecordSchema.of(Field.of("x", FieldType.INT64));
    RecordBatch batch = RecordBatch.builder(schema).add(1L).add(2L).build();
    TfRecordFormat format =
        TfRecordFormat.create().withCompression(TfRecordFormat.Compression.GZIP);

    byte[] file = write(format, schema, batch);

    assertEquals("tfrecord.gz", format.extension());
    assertEquals("tfrecord", TfRecordFormat.create().extension());
    assertArrayEquals(
        write(schema, batch), new GZIPInputStream(new ByteArrayInputStream(file)).readAllBytes());
  }

  @Test
  void noRecordsAreAnEmptyFile() throws IOException {
    assertEquals(0, write(ALL).length);
    assertEquals(0, write(ALL, RecordBatch.builder(ALL).build()).length);
  }

  @Test
  void valuesLargerThanBuffersAreRead() throws IOException {
    RecordSchema schema =
        RecordSchema.of(
            Field.of("s".repeat(300), FieldType.STRING),
            Field.of("ns", FieldType.listOf(FieldType.INT64)));
    RecordBatch.Builder rows = RecordBatch.builder(schema);
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      int length = i == 7 ? 20 << 20 : i * 1_500;
      lengths.add(length);
      rows.add("w".repeat(length), Collections.nCopies(i * 100, (long) i << i));
    }

    List<Map<String, List<?>>> records = TfRecords.read(write(schema, rows.build()));

    assertEquals(
        lengths,
        records.stream().map(r -> ((byte[]) r.get("s".repeat(300)).get(0)).length).toList());
    assertEquals(Collections.nCopies(5_900, 59L << 59), records.get(59).get("ns"));
  }

  @Test
  void randomBatchesReadBack() throws IOException {
    SplittableRandom seeds = new SplittableRandom(2026);
    int rows = 0;
    for (int i = 0; i < 300; i++) {
      RandomBatches random = new RandomBatches(seeds.split());
      RecordSchema schema = random.schema();
      RecordBatch batch = random.batch(schema, i % 7 == 0 ? 0 : i);
      List<List<String>> expected = new ArrayList<>();
      for (int row = 0; row < batch.size(); row++) {
        expected.add(expected(batch, row));
      }
      if (hasNullInAListOfNoFloats(batch)) {
        assertThrows(IllegalArgumentException.class, () -> write(schema, batch));
        continue;
      }
      rows += batch.size();
      assertEquals(
          expected,
          TfRecords.read(write(schema, batch)).stream().map(TfRecordFormatTest::shown).toList(),
          "batch " + i);
    }
    assertTrue(rows > 5_000, rows + " rows");
  }

  private static boolean hasNullInAListOfNoFloats(RecordBatch batch) {
    for (Field field : batch.schema().fields()) {
      if (field.type().kind() == FieldType.Kind.LIST
          && field.type().element().kind() != FieldType.Kind.FLOAT64) {
        for (int row = 0; row < batch.size(); row++) {
          if (batch.value(row, field.name()) instanceof List<?> list && list.contains(null)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static List<String> expected(RecordBatch batch, int row) {
    Map<String, List<?>> features = new LinkedHashMap<>();
    for (Field field : batch.schema().fields()) {
      Column column = batch.column(field.name());
      Object value = column.value(row);
      if (value != null) {
        features.put(
            field.name(),
            (value instanceof List<?> list ? list : List.of(value))
                .stream().map(TfRecordFormatTest::inExample).toList());
      }
    }
    return shown(features);
  }

  private static Object inExample(@Nullable Object value) {
    if (value == null) {
      return Float.NaN;
    } else if (value instanceof Boolean flag) {
      return flag ? 1L : 0L;
    } else if (value instanceof Double number) {
      return number.floatValue();
    }
    return value instanceof String text ? text.getBytes(UTF_8) : value;
  }

  private static List<String> shown(Map<String, List<?>> features) {
    return features.entrySet().stream()
        .map(entry -> entry.getKey() + Arrays.deepToString(entry.getValue().toArray()))
        .toList();
  }

  @Test
  void aNullWithinAListIsRefused() {
    RecordSchema schema = RecordSchema.of(Field.of("tags", FieldType.listOf(FieldType.STRING)));
    RecordBatch batch = RecordBatch.builder(schema).add(Arrays.asList("a", null)).build();

    assertEquals(
        "Column 'tags' has a null within a list (a list of tf.Example holds none; leave the column"
            + " out, or write parquet)",
        assertThrows(IllegalArgumentException.class, () -> write(schema, batch)).getMessage());
  }

  @Test
  void aBatchOfAnotherSchemaIsRefused() {
    RecordSchema schema = RecordSchema.of(Field.of("x", FieldType.INT64));
    RecordSchema other = RecordSchema.of(Field.of("y", FieldType.INT64));

    assertEquals(
        "Batch of schema (y int64) for a file of schema (x int64)",
        assertThrows(
                IllegalArgumentException.class,
                () -> write(schema, RecordBatch.builder(other).add(1L).build()))
            .getMessage());
  }

  @Test
  void anAbandonedWriterClosesItsChannel() throws IOException {
    for (TfRecordFormat.Compression compression : TfRecordFormat.Compression.values()) {
      var channel = Channels.newChannel(new ByteArrayOutputStream());
      BatchFileWriter writer =
          TfRecordFormat.create().withCompression(compression).open(channel, ALL);
      writer.abandon();
      assertTrue(!channel.isOpen());
    }
  }
}
