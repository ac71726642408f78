package io.featurebeam.columnar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RecordBatchTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.required("date", FieldType.TIMESTAMP),
          Field.of("delay", FieldType.FLOAT64),
          Field.of("origin", FieldType.STRING));

  private static RecordBatch flights() {
    return RecordBatch.builder(SCHEMA)
        .add(10L, 1.5, "SFO")
        .add(20L, null, "LAX")
        .add(30L, -3.0, null)
        .build(Positions.contiguous("f.csv", 100));
  }

  @Test
  void columnsAreFoundByName() {
    RecordBatch batch = flights();
    assertEquals(20, batch.longs("date").get(1));
    assertEquals(1.5, batch.doubles("delay").get(0));
    assertEquals("LAX", batch.bytes("origin").string(1));
    assertEquals("SFO", batch.value(0, "origin"));
    assertRefused("Unknown column: 'dely'; did you mean 'delay'?", () -> batch.column("dely"));
    assertRefused(
        "Column 'delay' is float64 (must be int64, timestamp, date or time)",
        () -> batch.longs("delay"));
  }

  @Test
  void selectKeepsOrderValuesAndPositions() {
    RecordBatch picked = flights().select(Bitmap.of(true, false, true));
    assertEquals(
        RecordBatch.builder(SCHEMA)
            .add(10L, 1.5, "SFO")
            .add(30L, -3.0, null)
            .build(Positions.of("f.csv", new long[] {100, 102})),
        picked);
    RecordBatch all = flights();
    assertSame(all, all.select(Bitmap.ones(3)));
    assertRefused("Mask of 2 bits for 3 records", () -> all.select(Bitmap.ones(2)));
  }

  @Test
  void sliceKeepsPositionsAndRefusesOutside() {
    RecordBatch tail = flights().slice(1, 3);
    assertEquals(101, tail.positions().place(0));
    assertEquals(flights().gather(new int[] {1, 2}), tail);
    RecordBatch noColumns = RecordBatch.of(RecordSchema.of(), 3, List.of());
    assertThrows(IndexOutOfBoundsException.class, () -> noColumns.slice(0, 4));
  }

  @Test
  void projectAndWithChangeColumnsOnly() {
    RecordBatch batch = flights();
    assertEquals(List.of("origin", "date"), project(batch).schema().names());
    assertSame(batch.column("date"), project(batch).column(1));
    Field risk = Field.of("risk", FieldType.FLOAT64);
    RecordBatch wider = batch.with(risk, DoubleColumn.of(1, 2, 3));
    assertEquals(List.of("date", "delay", "origin", "risk"), wider.schema().names());
    RecordBatch replaced =
        wider.with(Field.of("delay", FieldType.INT64), LongColumn.of(FieldType.INT64, 7, 8, 9));
    assertEquals(List.of("date", "delay", "origin", "risk"), replaced.schema().names());
    assertEquals(8L, replaced.value(1, "delay"));
    assertRefused(
        "Column 'risk' has 2 rows (must be 3)", () -> batch.with(risk, DoubleColumn.of(1, 2)));
  }

  private static RecordBatch project(RecordBatch batch) {
    return batch.project(List.of("origin", "date"));
  }

  @Test
  void columnsMustFitTheSchema() {
    RecordSchema schema = RecordSchema.of(Field.required("a", FieldType.FLOAT64));
    assertRefused(
        "0 columns for a schema of 1: (a float64 not null)",
        () -> RecordBatch.of(schema, 0, List.of()));
    assertRefused(
        "Column 'a' is int64 (must be float64)",
        () -> RecordBatch.of(schema, 1, List.of(LongColumn.of(FieldType.INT64, 1))));
    assertRefused(
        "Column 'a' has 2 nulls (must have none)",
        () -> RecordBatch.of(schema, 2, List.of(Column.nulls(FieldType.FLOAT64, 2))));
    assertRefused(
        "Positions of 1 records for 2",
        () ->
            RecordBatch.of(
                schema, 2, List.of(DoubleColumn.of(1, 2)), Positions.of("f", new long[1])));
  }

  @Test
  void concatEqualsRecordByRecord() {
    SplittableRandom random = new SplittableRandom(21);
    RandomBatches batches = new RandomBatches(random);
    for (int i = 0; i < 300; i++) {
      RecordBatch whole = batches.batch();
      List<RecordBatch> parts = new ArrayList<>();
      int from = 0;
      while (from < whole.size()) {
        int to = from + 1 + random.nextInt(whole.size() - from);
        parts.add(whole.slice(from, to));
        from = to;
      }
      if (!parts.isEmpty()) {
        assertEquals(whole, RecordBatch.concat(parts));
      }
    }
  }

  @Test
  void concatOfOtherSchemaIsRefused() {
    assertRefused(
        "Cannot concatenate batches of schemas () and (date timestamp not null, delay float64,"
            + " origin string)",
        () ->
            RecordBatch.concat(
                List.of(RecordBatch.of(RecordSchema.of(), 0, List.of()), flights())));
  }

  @Test
  void equalityIsByContentNotByForm() {
    RecordSchema schema = RecordSchema.of(Field.of("s", FieldType.STRING));
    RecordBatch sliced = RecordBatch.of(schema, 2, List.of(BytesColumn.ofStrings("x", "x")));
    Slices dictionary = BytesColumn.ofStrings("y", "x").slices();
    RecordBatch coded =
        RecordBatch.of(
            schema,
            2,
            List.of(BytesColumn.coded(FieldType.STRING, dictionary, new int[] {1, 1}, 2, null)));
    assertEquals(sliced, coded);
    assertEquals(sliced.hashCode(), coded.hashCode());
    assertNotEquals(sliced, coded.withPositions(Positions.contiguous("f", 0)));
    assertNotEquals(sliced, coded.slice(0, 1));
  }

  @Test
  void listsOfBytesAreEqualByContent() {
    RecordSchema schema = RecordSchema.of(Field.of("l", FieldType.listOf(FieldType.BYTES)));
    RecordBatch a = RecordBatch.builder(schema).add(List.of(new byte[] {1})).build();
    RecordBatch b = RecordBatch.builder(schema).add(List.of(new byte[] {1})).build();
    RecordBatch c = RecordBatch.builder(schema).add(List.of(new byte[] {2})).build();
    assertEquals(a, b);
    assertNotEquals(a, c);
  }

  @Test
  void nanEqualsNanAndZeroIsNotMinusZero() {
    RecordSchema schema = RecordSchema.of(Field.of("d", FieldType.FLOAT64));
    RecordBatch nan = RecordBatch.of(schema, 1, List.of(DoubleColumn.of(Double.NaN)));
    assertEquals(nan, RecordBatch.of(schema, 1, List.of(DoubleColumn.of(Double.NaN))));
    assertFalse(
        RecordBatch.of(schema, 1, List.of(DoubleColumn.of(0.0)))
            .equals(RecordBatch.of(schema, 1, List.of(DoubleColumn.of(-0.0)))));
  }

  @Test
  void builderDropsTheRecordBegun() {
    RecordBatch.Builder builder = RecordBatch.builder(SCHEMA).add(1L, 1.0, "a");
    builder.column(0).appendLong(2);
    builder.column(1).appendNull();
    builder.dropRecord();
    builder.add(3L, null, "c");
    assertEquals(2, builder.size());
    assertEquals(
        RecordBatch.builder(SCHEMA).add(1L, 1.0, "a").add(3L, null, "c").build(), builder.build());
    assertEquals(0, builder.build().size());
  }

  @Test
  void builderWantsOneValuePerColumn() {
    assertRefused("1 values for 3 columns: " + SCHEMA, () -> RecordBatch.builder(SCHEMA).add(1L));
  }

  @Test
  void byteSizeCountsWhatRowsTake() {
    assertTrue(flights().byteSize() >= 3 * (8 + 8 + 4));
    assertEquals(0, flights().slice(0, 0).byteSize());
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
