package io.featurebeam.io.lookup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RandomBatches;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code -Dfuzz.inputs=1000000} sets how many inputs are tried, {@code -Dfuzz.seed} which. */
class RowCodecTest {

  private static final int INPUTS = Integer.getInteger("fuzz.inputs", 50_000);
  private static final long SEED = Long.getLong("fuzz.seed", 1L);

  private static final RecordSchema EVERY_TYPE =
      RecordSchema.of(
          Field.of("b", FieldType.BOOLEAN),
          Field.of("i", FieldType.INT64),
          Field.of("f", FieldType.FLOAT64),
          Field.of("s", FieldType.STRING),
          Field.of("x", FieldType.BYTES),
          Field.of("t", FieldType.TIMESTAMP),
          Field.of("d", FieldType.DATE),
          Field.of("c", FieldType.TIME),
          Field.of("l", FieldType.listOf(FieldType.INT64)),
          Field.of("n", FieldType.STRING));

  @Test
  void everyTypeHasTheBytesOfTheDocumentation() {
    byte[] bytes = {9};
    RecordBatch batch =
        RecordBatch.builder(EVERY_TYPE)
            .add(true, -1L, 1.5, "é", bytes, 300L, 1L, 0L, Arrays.asList(1L, null, 2L), null)
            .build();
    assertEquals(
        "ff01" // all but the last
            + "01"
            + "01" // zigzag of -1
            + "000000000000f83f"
            + "02c3a9"
            + "0109"
            + "d804" // zigzag of 300 in two bytes
            + "02"
            + "00"
            + "03050204", // three elements, the first and the third there
        HexFormat.of().formatHex(encode(batch, 0)));
  }

  @Test
  void nanIsKeptAndHasOneForm() {
    RecordSchema schema = RecordSchema.of(Field.of("f", FieldType.FLOAT64));
    RecordBatch batch =
        RecordBatch.builder(schema).add(Double.longBitsToDouble(0x7ff8000000000123L)).build();
    assertEquals("01" + "000000000000f87f", HexFormat.of().formatHex(encode(batch, 0)));
    assertArrayEquals(
        new Object[] {Double.NaN}, RowCodec.decode(schema.fields(), encode(batch, 0), 0));
  }

  @Test
  void whateverBatchIsReadBackRowByRow() {
    SplittableRandom random = new SplittableRandom(SEED);
    RandomBatches batches = new RandomBatches(random);
    for (int i = 0; i < 300; i++) {
      RecordBatch batch = batches.batch();
      for (int row = 0; row < batch.size(); row++) {
        int r = row;
        assertTrue(
            Arrays.deepEquals(
                unlisted(batch.columns().stream().map(c -> c.value(r)).toArray()),
                unlisted(RowCodec.decode(batch.schema().fields(), encode(batch, row), 0))),
            batch.schema() + " row " + row);
      }
    }
  }

  @Test
  void damagedBytesDecodeOrAreRefused() {
    SplittableRandom random = new SplittableRandom(SEED);
    RandomBatches batches = new RandomBatches(random);
    int refused = 0;
    int decoded = 0;
    RecordBatch batch = batches.batch(EVERY_TYPE, 40);
    for (int i = 0; i < INPUTS; i++) {
      if (i % 20 == 0) {
        batch = batches.batch(batches.schema(), 1);
      }
      byte[] input = damaged(encode(batch, 0), random);
      try {
        assertEquals(
            batch.schema().size(), RowCodec.decode(batch.schema().fields(), input, 0).length);
        decoded++;
      } catch (IllegalArgumentException e) {
        assertTrue(e.getMessage().startsWith("Invalid row at byte "), e.getMessage());
        refused++;
      }
    }
    assertEquals(INPUTS, decoded + refused);
    assertTrue(decoded > 0, "some damage is harmless");
    assertTrue(refused > INPUTS / 4, "most damage is found: " + refused);
  }

  @Test
  void noLengthIsBelieved() {
    List<Field> text = List.of(Field.of("s", FieldType.STRING));
    List<Field> list = List.of(Field.of("l", FieldType.listOf(FieldType.INT64)));
    assertEquals("Invalid row at byte 6: a length is 2147483647", refusal(text, "01ffffffff07"));
    assertEquals("Invalid row at byte 6: a length is 2147483647", refusal(list, "01ffffffff07"));
    assertEquals(
        "Invalid row at byte 11: a number has more than ten bytes",
        refusal(list, "01ffffffffffffffffffff01"));
    assertEquals("Invalid row at byte 0: it ends before its last column", refusal(text, ""));
    assertEquals(
        "Invalid row at byte 1: 1 bytes are left behind its last column", refusal(text, "0000"));
  }

  private static String refusal(List<Field> fields, String hex) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> RowCodec.decode(fields, HexFormat.of().parseHex(hex), 0))
        .getMessage();
  }

  private static byte[] encode(RecordBatch batch, int row) {
    RowCodec.Writer out = new RowCodec.Writer();
    out.row(batch.columns(), row);
    return out.copy();
  }

  /** Lists of byte arrays are equal by content only as arrays. */
  private static @Nullable Object[] unlisted(@Nullable Object[] values) {
    return Arrays.stream(values).map(v -> v instanceof List<?> list ? list.toArray() : v).toArray();
  }

  private static byte[] damaged(byte[] valid, SplittableRandom random) {
    byte[] input = valid.clone();
    switch (random.nextInt(3)) {
      case 0 -> {
        input = new byte[random.nextInt(32)];
        random.nextBytes(input);
      }
      case 1 -> input = Arrays.copyOf(input, random.nextInt(input.length + 4));
      default -> {
        for (int flips = 1 + random.nextInt(4); flips > 0 && input.length > 0; flips--) {
          input[random.nextInt(input.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
    }
    return input;
  }
}
