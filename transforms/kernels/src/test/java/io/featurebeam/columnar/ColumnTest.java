package io.featurebeam.columnar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every kind of column against the same operation on a list of values. */
class ColumnTest {

  private final SplittableRandom random = new SplittableRandom(7);
  private final RandomBatches batches = new RandomBatches(random);

  @Test
  void gatherPicksValuesInOrder() {
    for (int i = 0; i < 2000; i++) {
      Column column = batches.column(batches.type(), 1 + random.nextInt(150), true);
      int[] rows = random.ints(random.nextInt(200), 0, column.size()).toArray();
      List<@Nullable Object> expected = new ArrayList<>();
      for (int row : rows) {
        expected.add(values(column).get(row));
      }
      assertEquals(expected, values(column.gather(rows)));
    }
  }

  @Test
  void sliceIsASubList() {
    for (int i = 0; i < 2000; i++) {
      Column column = batches.column(batches.type(), random.nextInt(200), true);
      int from = random.nextInt(column.size() + 1);
      int to = from + random.nextInt(column.size() - from + 1);
      Column slice = column.slice(from, to);
      assertEquals(values(column).subList(from, to), values(slice));
      assertEquals(values(slice).stream().filter(v -> v == null).count(), slice.nullCount());
    }
  }

  @Test
  void sliceOutsideIsRefusedForEveryKind() {
    for (int i = 0; i < 200; i++) {
      Column column = batches.column(batches.type(), 10, true);
      assertThrows(IndexOutOfBoundsException.class, () -> column.slice(5, 11));
      assertThrows(IndexOutOfBoundsException.class, () -> column.slice(-1, 3));
    }
  }

  @Test
  void concatIsOneAfterTheOther() {
    for (int i = 0; i < 2000; i++) {
      FieldType type = batches.type();
      List<Column> parts = new ArrayList<>();
      List<@Nullable Object> expected = new ArrayList<>();
      for (int p = 0; p <= random.nextInt(4); p++) {
        Column part = batches.column(type, random.nextInt(130), random.nextBoolean());
        parts.add(part);
        expected.addAll(values(part));
      }
      Column all = Column.concat(parts);
      assertEquals(expected, values(all));
      assertEquals(parts.stream().mapToInt(Column::nullCount).sum(), all.nullCount());
    }
  }

  @Test
  void concatOfOneTypeOnly() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Column.concat(List.of(DoubleColumn.of(1), LongColumn.of(FieldType.INT64, 1))));
    assertEquals("Cannot concatenate columns of types float64 and int64", e.getMessage());
  }

  @Test
  void concatOfPartsOfOneDictionaryKeepsIt() {
    BytesColumn coded = coded("x", "y");
    BytesColumn joined =
        (BytesColumn) Column.concat(List.of(coded.slice(1, 2), coded.gather(new int[] {0, 0})));
    assertSame(coded.slices(), joined.slices());
    assertEquals(List.of("y", "x", "x"), values(joined));
  }

  @Test
  void concatLeavesOutStringsThatNoRowHas() {
    BytesColumn joined =
        (BytesColumn)
            Column.concat(List.of(coded("x", "y").slice(1, 2), coded("z", "w").slice(0, 1)));
    assertEquals(List.of("y", "z"), values(joined));
    assertEquals(2, joined.slices().size());
  }

  @Test
  void concatMergesDictionariesByContent() {
    BytesColumn joined = (BytesColumn) Column.concat(List.of(coded("x", "y"), coded("y", "z")));
    assertTrue(joined.isCoded());
    assertEquals(3, joined.slices().size());
    assertEquals(joined.code(1), joined.code(2));
    assertEquals(List.of("x", "y", "y", "z"), values(joined));
  }

  @Test
  void nullsAreNullForEveryKind() {
    for (int i = 0; i < 100; i++) {
      FieldType type = batches.type();
      Column nulls = Column.nulls(type, 5);
      assertEquals(5, nulls.nullCount());
      assertEquals(type, nulls.type());
      assertEquals(Arrays.asList(null, null, null, null, null), values(nulls));
      assertEquals(0, Column.nulls(type, 0).size());
    }
  }

  @Test
  void codesAreValidAtNullRowsToo() {
    BytesColumn nulls = (BytesColumn) Column.nulls(FieldType.STRING, 3);
    assertEquals(1, nulls.slices().size());
    assertEquals(0, nulls.slices().length(nulls.code(2)));
  }

  @Test
  void compactedKeepsOnlyEntriesInUse() {
    BytesColumn column = coded("a", "b", "c", "d").gather(new int[] {3, 1, 3});
    BytesColumn compacted = column.compacted();
    assertEquals(2, compacted.slices().size());
    assertEquals(List.of("d", "b", "d"), values(compacted));
    BytesColumn all = coded("a", "b");
    assertSame(all, all.compacted());
    BytesColumn sliced = BytesColumn.ofStrings("a", "b");
    assertSame(sliced, sliced.compacted());
    assertEquals(1, coded("a", "b").slice(0, 0).compacted().slices().size());
  }

  @Test
  void compactedKeepsValues() {
    for (int i = 0; i < 500; i++) {
      BytesColumn column =
          (BytesColumn) batches.column(FieldType.STRING, random.nextInt(100), true);
      assertEquals(values(column), values(column.compacted()));
    }
  }

  @Test
  void arraysLongerThanTheColumnDoNotCount() {
    LongColumn column = new LongColumn(FieldType.DATE, new long[] {1, 2, 3, 4}, 2, null);
    assertEquals(List.of(1L, 2L), values(column));
    assertEquals(16, column.byteSize());
    assertEquals(List.of(1L, 2L, 7L), values(concat(column, LongColumn.of(FieldType.DATE, 7))));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> new DoubleColumn(new double[1], 2, null));
    assertEquals("1 values for 2 rows", e.getMessage());
  }

  @Test
  void validityMustFitTheColumn() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new DoubleColumn(new double[2], 2, Bitmap.ones(3)));
    assertEquals("Validity of 3 bits for 2 values", e.getMessage());
  }

  @Test
  void typeMustFitTheStorage() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> LongColumn.of(FieldType.FLOAT64, 1));
    assertEquals("Type float64 is not stored as LONG", e.getMessage());
  }

  @Test
  void listOffsetsMustEndWithTheElements() {
    FieldType type = FieldType.listOf(FieldType.FLOAT64);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new ListColumn(type, new int[] {0, 1}, DoubleColumn.of(1, 2), 1, null));
    assertEquals("Invalid list offsets: 2 for 1 rows and 2 elements", e.getMessage());
    e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new ListColumn(type, new int[] {0, 1}, LongColumn.of(FieldType.INT64, 1), 1, null));
    assertEquals("Elements of type int64 in a list<float64> column", e.getMessage());
  }

  @Test
  void valuesComeOutAsTheirJavaTypes() {
    assertEquals(true, BooleanColumn.of(true).value(0));
    assertEquals(5L, LongColumn.of(FieldType.TIME, 5).value(0));
    assertEquals(0.5, DoubleColumn.of(0.5).value(0));
    assertEquals("é", BytesColumn.ofStrings("é").value(0));
    assertNull(BytesColumn.ofStrings((String) null).value(0));
    ColumnBuilder bytes = ColumnBuilder.of(FieldType.BYTES);
    bytes.append(new byte[] {1, 2});
    assertArrayEquals(new byte[] {1, 2}, (byte[]) bytes.build().value(0));
    assertFalse(BytesColumn.ofStrings("a").isCoded());
    assertThrows(IllegalStateException.class, () -> BytesColumn.ofStrings("a").codes());
  }

  private static Column concat(Column... columns) {
    return Column.concat(List.of(columns));
  }

  private static BytesColumn coded(String... values) {
    List<byte[]> entries =
        Arrays.stream(values).map(v -> v.getBytes(StandardCharsets.UTF_8)).toList();
    int[] codes = new int[values.length];
    Arrays.setAll(codes, i -> i);
    return BytesColumn.coded(FieldType.STRING, Slices.of(entries), codes, codes.length, null);
  }

  /** Boxed values that can be compared: bytes as hex. */
  static List<@Nullable Object> values(Column column) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int row = 0; row < column.size(); row++) {
      values.add(comparable(column.value(row)));
    }
    return values;
  }

  private static @Nullable Object comparable(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>();
      list.forEach(v -> copy.add(comparable(v)));
      return copy;
    }
    return value;
  }
}
