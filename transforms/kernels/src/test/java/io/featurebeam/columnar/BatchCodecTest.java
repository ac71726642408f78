package io.featurebeam.columnar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class BatchCodecTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.required("t", FieldType.TIMESTAMP),
          Field.of("d", FieldType.FLOAT64),
          Field.of("s", FieldType.STRING),
          Field.of("b", FieldType.BOOLEAN),
          Field.of("l", FieldType.listOf(FieldType.INT64)));

  private static RecordBatch sample() {
    return RecordBatch.builder(SCHEMA)
        .add(1000L, 0.5, "ab", true, List.of(1L, 2L))
        .add(1300L, null, null, null, null)
        .add(1001L, -0.0, "", false, Arrays.asList((Long) null))
        .build(Positions.contiguous("f", 7));
  }

  /** The form of version 1, byte by byte: a change here needs a new version. */
  private static final String GOLDEN =
      "464201030501740500016402010173030101620001016c0801010101016607000000000000000002"
          + "e80300000000000000002c01010001050000000000000000000000000000e03f0000000000000000"
          + "00000000000000800105000000000000000001000000000000000002000061620105000000000000"
          + "00010000000000000001050000000000000001000000000000000002000101030000000000000001"
          + "0100000000000000000100";

  @Test
  void versionOneIsTheseBytes() {
    assertEquals(GOLDEN, HexFormat.of().formatHex(BatchCodec.encode(sample())));
    assertEquals(sample(), BatchCodec.decode(HexFormat.of().parseHex(GOLDEN)));
  }

  @Property(tries = 1500)
  void decodeIsTheInverseOfEncode(@ForAll long seed) {
    RecordBatch batch = new RandomBatches(new SplittableRandom(seed)).batch();
    byte[] bytes = BatchCodec.encode(batch);
    RecordBatch decoded = BatchCodec.decode(bytes);
    assertEquals(batch, decoded);
    assertEquals(batch, BatchCodec.decode(BatchCodec.encode(decoded)));
  }

  @Test
  void aSliceIsNoLargerThanItsRecords() {
    RecordSchema schema = RecordSchema.of(Field.of("s", FieldType.STRING));
    String[] values = new String[10_000];
    Arrays.setAll(values, i -> "value number " + i);
    RecordBatch big = RecordBatch.of(schema, values.length, List.of(BytesColumn.ofStrings(values)));
    assertTrue(BatchCodec.encode(big.slice(5000, 5003)).length < 100);
  }

  @Test
  void whatNullRowsHeldDoesNotLeave() {
    Bitmap validity = Bitmap.of(true, false, true);
    Slices slices = BytesColumn.ofStrings("ab", "SECRET", "cd").slices();
    RecordSchema schema =
        RecordSchema.of(
            Field.of("sliced", FieldType.STRING),
            Field.of("coded", FieldType.STRING),
            Field.of("nothing", FieldType.STRING),
            Field.of("d", FieldType.FLOAT64),
            Field.of("b", FieldType.BOOLEAN));
    RecordBatch batch =
        RecordBatch.of(
            schema,
            3,
            List.of(
                BytesColumn.sliced(FieldType.STRING, slices, validity),
                BytesColumn.coded(FieldType.STRING, slices, new int[] {0, 1, 2}, 3, validity),
                BytesColumn.sliced(FieldType.STRING, slices, Bitmap.zeros(3)),
                new DoubleColumn(new double[] {1, 4711.5, 2}, 3, validity),
                new BooleanColumn(Bitmap.ones(3), validity)));
    byte[] bytes = BatchCodec.encode(batch);
    assertFalse(new String(bytes, StandardCharsets.ISO_8859_1).contains("SECRET"));
    RecordBatch decoded = BatchCodec.decode(bytes);
    assertEquals(batch, decoded);
    assertEquals(0.0, decoded.doubles("d").get(1));
    assertFalse(((BooleanColumn) decoded.column("b")).get(1));
  }

  @Test
  void numbersTakeAsManyBytesAsTheirRange() {
    RecordSchema schema = RecordSchema.of(Field.of("n", FieldType.INT64));
    long[] values = new long[1000];
    Arrays.setAll(values, i -> 1_700_000_000_000_000L + i % 256);
    RecordBatch batch =
        RecordBatch.of(schema, 1000, List.of(LongColumn.of(FieldType.INT64, values)));
    assertEquals(1000 + 21, BatchCodec.encode(batch).length);
  }

  @Test
  void aListMayHoldMoreElementsThanABatchMayHoldRecords() {
    int count = BatchCodec.MAX_ROWS + 1;
    FieldType type = FieldType.listOf(FieldType.INT64);
    LongColumn elements = new LongColumn(FieldType.INT64, new long[count], count, null);
    RecordBatch batch =
        RecordBatch.of(
            RecordSchema.of(Field.of("l", type)),
            1,
            List.of(new ListColumn(type, new int[] {0, count}, elements, 1, null)));
    RecordBatch decoded = BatchCodec.decode(BatchCodec.encode(batch));
    assertEquals(count, ((ListColumn) decoded.column(0)).end(0));
  }

  @Test
  void tooManyRecordsAreRefused() {
    RecordBatch batch = RecordBatch.of(RecordSchema.of(), BatchCodec.MAX_ROWS + 1, List.of());
    assertEquals(
        "Batch of 4194305 records is too large to encode (at most 4194304)",
        assertThrows(IllegalArgumentException.class, () -> BatchCodec.encode(batch)).getMessage());
  }

  @Test
  void foreignBytesAreNamed() {
    assertRefused(
        "Invalid record batch at byte 0 of 0: it does not start with the mark of a record batch",
        new byte[0]);
    byte[] bytes = BatchCodec.encode(sample());
    bytes[2] = 9;
    assertRefused(
        "Invalid record batch at byte 3 of "
            + bytes.length
            + ": its version is 9 (this release reads 1)",
        bytes);
    byte[] longer = Arrays.copyOf(BatchCodec.encode(sample()), bytes.length + 2);
    assertRefused(
        "Invalid record batch at byte "
            + bytes.length
            + " of "
            + longer.length
            + ": 2 bytes are left over",
        longer);
  }

  private static void assertRefused(String message, byte[] bytes) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> BatchCodec.decode(bytes)).getMessage());
  }
}
