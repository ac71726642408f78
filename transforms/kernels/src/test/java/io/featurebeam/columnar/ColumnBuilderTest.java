package io.featurebeam.columnar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ColumnBuilderTest {

  @Test
  void appendOfBoxedValuesIsTheInverseOfValue() {
    RandomBatches batches = new RandomBatches(new SplittableRandom(11));
    for (int i = 0; i < 1000; i++) {
      Column column = batches.column(batches.type(), i % 120, true);
      ColumnBuilder builder = ColumnBuilder.of(column.type());
      for (int row = 0; row < column.size(); row++) {
        builder.append(column.value(row));
      }
      assertEquals(ColumnTest.values(column), ColumnTest.values(builder.build()));
    }
  }

  @Test
  void buildStartsAnew() {
    for (FieldType type :
        List.of(FieldType.BOOLEAN, FieldType.STRING, FieldType.listOf(FieldType.BYTES))) {
      ColumnBuilder builder = ColumnBuilder.of(type);
      builder.appendNull();
      assertEquals(1, builder.build().nullCount());
      assertEquals(0, builder.size());
      Column empty = builder.build();
      assertEquals(0, empty.size());
      assertNull(empty.validity());
    }
  }

  @Test
  void severalNumbersAreAppendedAsOneByOne() {
    ColumnBuilder builder = ColumnBuilder.of(FieldType.INT64);
    builder.appendLongs(new long[] {1, 2, 3}, 1, 2);
    builder.appendLongs(new long[0], 0, 0);
    builder.appendNull();
    builder.appendLongs(new long[] {4, 5}, 0, 2);
    builder.appendLongs(new long[40], 0, 40);
    Column column = builder.build();
    assertEquals(Arrays.asList(2L, 3L, null, 4L, 5L), ColumnTest.values(column).subList(0, 5));
    assertEquals(45, column.size());
    assertEquals(1, column.nullCount());
  }

  @Test
  void integersWidenAndFloatsBecomeFloat64() {
    ColumnBuilder doubles = ColumnBuilder.of(FieldType.FLOAT64);
    doubles.append(1);
    doubles.append(2L);
    doubles.append(0.5f);
    assertEquals(List.of(1.0, 2.0, 0.5), ColumnTest.values(doubles.build()));
    ColumnBuilder longs = ColumnBuilder.of(FieldType.INT64);
    longs.append(3);
    assertEquals(List.of(3L), ColumnTest.values(longs.build()));
  }

  @Test
  void valueOfAnotherKindIsRefusedByName() {
    assertEquals("Cannot put a float64 into a column of int64", refusal(FieldType.INT64, 1.5));
    assertEquals(
        "Cannot put an int64, timestamp, date or time into a column of string",
        refusal(FieldType.STRING, 1L));
    assertEquals("Cannot put a boolean into a column of date", refusal(FieldType.DATE, true));
    assertEquals(
        "Cannot put a string or bytes into a column of float64", refusal(FieldType.FLOAT64, "1"));
    assertEquals("Cannot put a list into a column of int64", refusal(FieldType.INT64, List.of()));
    assertEquals(
        "Cannot put a java.math.BigDecimal into a column of int64",
        refusal(FieldType.INT64, java.math.BigDecimal.ONE));
  }

  @Test
  void aRefusedValueLeavesTheColumnAsItWas() {
    ColumnBuilder builder = ColumnBuilder.of(FieldType.INT64);
    builder.append(1L);
    assertThrows(IllegalArgumentException.class, () -> builder.append("x"));
    builder.append(2L);
    assertEquals(List.of(1L, 2L), ColumnTest.values(builder.build()));
  }

  @Test
  void listsWithNullsAndEmptyListsStayApart() {
    ColumnBuilder lists = ColumnBuilder.of(FieldType.listOf(FieldType.STRING));
    lists.append(List.of());
    lists.appendNull();
    lists.append(Arrays.asList("a", null));
    assertEquals(
        Arrays.asList(List.of(), null, Arrays.asList("a", null)), ColumnTest.values(lists.build()));
  }

  @Test
  void truncateTakesBackRowsOfEveryKind() {
    SplittableRandom random = new SplittableRandom(12);
    RandomBatches batches = new RandomBatches(random);
    for (int i = 0; i < 1000; i++) {
      Column column = batches.column(batches.type(), 1 + random.nextInt(150), true);
      Column tail = batches.column(column.type(), random.nextInt(100), true);
      ColumnBuilder builder = ColumnBuilder.of(column.type());
      for (int row = 0; row < column.size(); row++) {
        builder.append(column.value(row));
      }
      int kept = random.nextInt(column.size() + 1);
      builder.truncate(kept);
      for (int row = 0; row < tail.size(); row++) {
        builder.append(tail.value(row));
      }
      Column expected = Column.concat(List.of(column.slice(0, kept), tail));
      assertEquals(ColumnTest.values(expected), ColumnTest.values(builder.build()));
    }
  }

  @Test
  void theValueAppendedLastCanBeSeen() {
    ColumnBuilder longs = ColumnBuilder.of(FieldType.TIMESTAMP);
    longs.appendLong(7);
    assertEquals(7, longs.lastLong());
    assertFalse(longs.endsWithNull());
    longs.appendNull();
    assertTrue(longs.endsWithNull());
    longs.appendLong(8);
    assertEquals(8, longs.lastLong());
    assertFalse(longs.endsWithNull());
    longs.truncate(2);
    assertTrue(longs.endsWithNull());
    longs.truncate(0);
    assertFalse(longs.endsWithNull());
    ColumnBuilder texts = ColumnBuilder.of(FieldType.STRING);
    texts.append("a");
    assertEquals(
        "Cannot put an int64, timestamp, date or time into a column of string",
        assertThrows(IllegalArgumentException.class, texts::lastLong).getMessage());
  }

  private static String refusal(FieldType type, Object value) {
    ColumnBuilder builder = ColumnBuilder.of(type);
    return assertThrows(IllegalArgumentException.class, () -> builder.append(value)).getMessage();
  }
}
