package io.featurebeam.io.file.avro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroBatchReaderTest {

  private static final int INPUTS = Integer.getInteger("fuzz.inputs", 20_000);
  private static final long SEED = Long.getLong("fuzz.seed", 1L);

  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type":"record","name":"E","fields":[
                {"name":"i","type":"int"},
                {"name":"skip","type":{"type":"map","values":["null","string","long"]}},
                {"name":"l","type":["null","long"]},
                {"name":"f","type":"float"},
                {"name":"b","type":["boolean","null"]},
                {"name":"s","type":"string"},
                {"name":"e","type":{"type":"enum","name":"C","symbols":["RED","BLUE"]}},
                {"name":"t","type":{"type":"long","logicalType":"timestamp-millis"}},
                {"name":"d","type":{"type":"int","logicalType":"date"}},
                {"name":"m","type":{"type":"bytes","logicalType":"decimal","precision":15,"scale":2}},
                {"name":"long","type":{"type":"fixed","name":"L","size":7,
                  "logicalType":"decimal","precision":16,"scale":2}},
                {"name":"u","type":["null",{"type":"record","name":"U","fields":[
                  {"name":"x","type":{"type":"fixed","name":"X","size":2}},
                  {"name":"tags","type":{"type":"array","items":["null","string"]}}]}]}]}
              """);
  private static final RecordSchema COLUMNS =
      RecordSchema.of(
          Field.of("u.tags", FieldType.listOf(FieldType.STRING)),
          Field.required("i", FieldType.INT64),
          Field.of("l", FieldType.INT64),
          Field.of("f", FieldType.FLOAT64),
          Field.of("b", FieldType.BOOLEAN),
          Field.of("s", FieldType.STRING),
          Field.of("e", FieldType.STRING),
          Field.of("t", FieldType.TIMESTAMP),
          Field.of("d", FieldType.DATE),
          Field.of("m", FieldType.FLOAT64),
          Field.of("long", FieldType.STRING),
          Field.of("u.x", FieldType.BYTES));

  private static GenericRecord event(int i, boolean full) {
    GenericRecord record = new GenericData.Record(SCHEMA);
    record.put("i", i);
    record.put("skip", full ? Map.of("k", "v") : Map.of());
    record.put("l", full ? Long.MIN_VALUE : null);
    record.put("f", 0.5f);
    record.put("b", full ? true : null);
    record.put("s", full ? "é" : "");
    record.put("e", new GenericData.EnumSymbol(SCHEMA.getField("e").schema(), "BLUE"));
    record.put("t", -1L);
    record.put("d", -1);
    record.put("m", ByteBuffer.wrap(new byte[] {-1, 106})); // -150
    record.put(
        "long",
        new GenericData.Fixed(
            SCHEMA.getField("long").schema(), new byte[] {-1, -1, -1, -1, -1, -1, 106}));
    if (full) {
      Schema nested = SCHEMA.getField("u").schema().getTypes().get(1);
      GenericRecord u = new GenericData.Record(nested);
      u.put("x", new GenericData.Fixed(nested.getField("x").schema(), new byte[] {1, 2}));
      u.put("tags", Arrays.asList("a", null));
      record.put("u", u);
    }
    return record;
  }

  private static byte[] file(String codec, int records, int perBlock) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(SCHEMA))) {
      writer.setCodec(CodecFactory.fromString(codec)).create(SCHEMA, bytes, new byte[16]);
      for (int i = 0; i < records; i++) {
        writer.append(event(i, i % 2 == 0));
        if (i % perBlock == perBlock - 1) {
          writer.sync();
        }
      }
    }
    return bytes.toByteArray();
  }

  private static RecordBatch expected(int i, boolean full) {
    return RecordBatch.builder(COLUMNS)
        .add(
            full ? Arrays.asList("a", null) : null,
            (long) i,
            full ? Long.MIN_VALUE : null,
            0.5,
            full ? true : null,
            full ? "é" : "",
            "BLUE",
            -1000L,
            -1L,
            -1.5,
            "-1.50",
            full ? new byte[] {1, 2} : null)
        .build();
  }

  private final List<String> malformed = new ArrayList<>();

  private List<RecordBatch> read(byte[] bytes, @Nullable RecordSchema columns) throws IOException {
    List<RecordBatch> rows = new ArrayList<>();
    try (AvroBatchReader reader =
        AvroBatchReader.open(
            "f",
            new ByteArrayInputStream(bytes),
            columns,
            (source, position, raw, reason) ->
                malformed.add(source + ":" + position + " " + reason))) {
      for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
        for (int row = 0; row < batch.size(); row++) {
          rows.add(batch.slice(row, row + 1));
        }
      }
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "deflate", "zstandard", "snappy"})
  void everyTypeIsReadInEveryPacking(String codec) throws IOException {
    List<RecordBatch> rows = read(file(codec, 5, 2), COLUMNS);
    assertEquals(5, rows.size());
    for (int i = 0; i < 5; i++) {
      assertEquals(i, rows.get(i).positions().place(0));
      assertEquals(expected(i, i % 2 == 0).toString(), rows.get(i).toString());
    }
    assertEquals(List.of(), malformed);
  }

  @Test
  void decimalsOfUpToFifteenDigitsAreTheNearestDoublesHoweverLongTheirBytes() throws IOException {
    String schema =
        """
        {"type":"record","name":"R","fields":[{"name":"m","type":
          {"type":"bytes","logicalType":"decimal","precision":15,"scale":3}}]}
        """;
    RecordSchema columns = RecordSchema.of(Field.required("m", FieldType.FLOAT64));
    byte[] digits = BigInteger.valueOf(-999_999_999_999_999L).toByteArray();
    byte[] wide = new byte[12];
    Arrays.fill(wide, (byte) -1);
    System.arraycopy(digits, 0, wide, wide.length - digits.length, digits.length);
    for (byte[] value : List.of(digits, wide)) {
      ByteArrayOutputStream block = new ByteArrayOutputStream();
      block.write(2 * value.length);
      block.write(value);
      List<RecordBatch> rows = read(blocks(schema, "null", 1, 1, block.toByteArray()), columns);
      assertEquals(-999_999_999_999.999, rows.get(0).value(0, "m"));
    }
  }

  @Test
  void aDamagedBlockCostsItsRecordsOnly() throws IOException {
    byte[] bytes = file("null", 6, 2);
    bytes[indexOf(bytes, new byte[] {4, 2, 2, 'k'}) + 1] = 0x7F; // an absurd count of map items
    List<RecordBatch> rows = read(bytes, COLUMNS);
    assertEquals(List.of(0L, 1L, 4L, 5L), rows.stream().map(r -> r.positions().place(0)).toList());
    assertEquals(2, malformed.size());
    assertTrue(malformed.get(0).startsWith("f:2 the record cannot be decoded: "), malformed.get(0));
    assertEquals("f:3 lost with record 2 of its block", malformed.get(1));
  }

  /** Blocks of these records and bytes behind a header of that schema and packing. */
  private static byte[] blocks(String schema, String codec, int blocks, long count, byte[] data)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    encoder.writeFixed(new byte[] {'O', 'b', 'j', 1});
    encoder.writeMapStart();
    encoder.setItemCount(2);
    encoder.writeString("avro.schema");
    encoder.writeBytes(schema.getBytes(StandardCharsets.UTF_8));
    encoder.writeString("avro.codec");
    encoder.writeBytes(codec.getBytes(StandardCharsets.UTF_8));
    encoder.writeMapEnd();
    encoder.writeFixed(new byte[16]);
    for (int i = 0; i < blocks; i++) {
      encoder.writeLong(count);
      encoder.writeBytes(data);
      encoder.writeFixed(new byte[16]);
    }
    encoder.flush();
    return out.toByteArray();
  }

  private static final String ONE_DOUBLE =
      "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"d\",\"type\":\"double\"}]}";

  private static final RecordSchema D = RecordSchema.of(Field.required("d", FieldType.FLOAT64));

  @Test
  void aBlockThatClaimsMoreRecordsThanItsBytesHoldIsRefused() throws IOException {
    byte[] full = blocks(ONE_DOUBLE, "null", 2, 2, new byte[16]);
    assertEquals(4, read(full, D).size());
    byte[] false1 = blocks(ONE_DOUBLE, "null", 100, 3, new byte[16]);
    assertEquals(
        "File f is damaged: a block of 3 records in 16 bytes (a record takes 8 or more)",
        assertThrows(IOException.class, () -> read(false1, D)).getMessage());
    byte[] nulls =
        blocks(
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"n\",\"type\":\"null\"}]}",
            "null",
            100,
            1 << 20,
            new byte[0]);
    assertEquals(
        "File f is damaged: a block of 1048576 records in 0 bytes (a record takes 1 or more)",
        assertThrows(IOException.class, () -> read(nulls, RecordSchema.of())).getMessage());
    assertEquals(List.of(), malformed);
  }

  @Test
  void aBlockThatDoesNotUnpackMayClaimNoMoreThanPackingMakesPossible() throws IOException {
    byte[] most =
        blocks(ONE_DOUBLE, "deflate", 1, 1250, new byte[] {-1, -1, -1, -1, 1, 1, 1, 1, 1, 1});
    assertEquals(0, read(most, D).size());
    assertEquals(1250, malformed.size());
    assertTrue(malformed.get(0).startsWith("f:0 the block cannot be unpacked: "), malformed.get(0));
    assertEquals("f:1249 lost with record 0 of its block", malformed.get(1249));
    byte[] more =
        blocks(ONE_DOUBLE, "deflate", 1, 1251, new byte[] {-1, -1, -1, -1, 1, 1, 1, 1, 1, 1});
    assertEquals(
        "File f is damaged: a block of 1251 records in 10000 bytes packed in 10 (a record takes 8 or more)",
        assertThrows(IOException.class, () -> read(more, D)).getMessage());
  }

  @Test
  void recordsOfADamagedBlockEndABatchLikeGoodOnes() throws IOException {
    byte[] bytes = new byte[5001];
    Arrays.fill(bytes, (byte) 2); // 2 is no boolean
    byte[] file =
        blocks(
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"b\",\"type\":\"boolean\"}]}",
            "null",
            1,
            5001,
            bytes);
    List<Integer> atOnce = new ArrayList<>();
    int[] count = {0};
    try (AvroBatchReader reader =
        AvroBatchReader.open(
            "f",
            new ByteArrayInputStream(file),
            null,
            (source, position, raw, reason) -> count[0]++)) {
      for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
        atOnce.add(count[0]);
        count[0] = 0;
      }
    }
    assertEquals(List.of(1000, 1000, 1000, 1000, 1000, 1), atOnce);
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int i = indexOfHeaderEnd(bytes); i < bytes.length - part.length; i++) {
      if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    return -1;
  }

  /** The header ends with the mark, sixteen zeros here. */
  private static int indexOfHeaderEnd(byte[] bytes) {
    for (int i = 0; ; i++) {
      if (Arrays.equals(bytes, i, i + 16, new byte[16], 0, 16)) {
        return i + 16;
      }
    }
  }

  @Test
  void whatIsWrongWithTheWholeFileIsAnError() throws IOException {
    byte[] bytes = file("null", 4, 2);
    assertEquals(
        "File f is not an Avro container (it does not start with Obj 1)",
        assertThrows(IOException.class, () -> read(new byte[3], COLUMNS)).getMessage());
    byte[] cut = Arrays.copyOf(bytes, bytes.length - 20);
    assertTrue(
        assertThrows(IOException.class, () -> read(cut, COLUMNS))
            .getMessage()
            .startsWith("File f ends early: "));
    byte[] unmarked = bytes.clone();
    unmarked[bytes.length - 1] = 9;
    assertEquals(
        "File f is damaged: a block does not end with the file's mark",
        assertThrows(IOException.class, () -> read(unmarked, COLUMNS)).getMessage());
  }

  @Test
  void columnsMustBeInTheFileWithTheirTypes() throws IOException {
    byte[] bytes = file("null", 1, 1);
    assertEquals(
        "Column 'i' of f is int64 (must be string)",
        refusal(bytes, Field.of("i", FieldType.STRING)));
    assertEquals(
        "Column 'l' of f may be null (declare it nullable)",
        refusal(bytes, Field.required("l", FieldType.INT64)));
    assertEquals(
        "File f: Field 'skip' is a MAP, which no column can hold (leave it out)",
        refusal(bytes, Field.of("skip", FieldType.STRING)));
    assertTrue(
        refusal(bytes, Field.of("zz", FieldType.STRING)).startsWith("File f has no column 'zz'"));
  }

  private String refusal(byte[] bytes, Field field) {
    return assertThrows(IllegalArgumentException.class, () -> read(bytes, RecordSchema.of(field)))
        .getMessage();
  }

  /** Whatever the bytes, records come out or are rejected, or the file is an error. */
  @Test
  void damagedFilesAreReadRejectedOrRefused() throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (String codec : List.of("null", "deflate", "snappy", "zstandard")) {
      files.add(file(codec, 4, 2));
    }
    SplittableRandom random = new SplittableRandom(SEED);
    long read = 0;
    long refused = 0;
    for (int i = 0; i < INPUTS; i++) {
      byte[] input = files.get(i % files.size()).clone();
      int from = random.nextInt(4) == 0 ? 0 : indexOfHeaderEnd(input);
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        input[from + random.nextInt(input.length - from)] ^= (byte) (1 << random.nextInt(8));
      }
      if (random.nextInt(5) == 0) {
        input = Arrays.copyOf(input, random.nextInt(input.length));
      }
      malformed.clear();
      try {
        read += read(input, COLUMNS).size();
      } catch (IOException | IllegalArgumentException e) {
        refused++;
        assertTrue(e.getMessage() != null && !e.getMessage().isEmpty());
      }
    }
    assertTrue(read > 0 && refused > 0);
  }
}
