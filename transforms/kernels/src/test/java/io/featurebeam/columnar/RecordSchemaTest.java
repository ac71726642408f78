package io.featurebeam.columnar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RecordSchemaTest {

  private static final Field A = Field.of("a", FieldType.INT64);
  private static final Field B = Field.required("b", FieldType.listOf(FieldType.STRING));

  @Test
  void namesAreUnique() {
    assertRefused(
        "Duplicate column name: 'a' (names must be unique)", () -> RecordSchema.of(A, B, A));
    assertRefused(
        "Invalid column name: '' (must not be empty)", () -> Field.of("", FieldType.INT64));
  }

  @Test
  void printsAsPeopleReadIt() {
    assertEquals("(a int64, b list<string> not null)", RecordSchema.of(A, B).toString());
  }

  @Test
  void unknownColumnSuggestsTheNearestOrLists() {
    RecordSchema schema = RecordSchema.of(A, Field.of("origin", FieldType.STRING));
    assertRefused("Unknown column: 'orgin'; did you mean 'origin'?", () -> schema.indexOf("orgin"));
    assertRefused("Unknown column: 'x1234'; known: a, origin", () -> schema.indexOf("x1234"));
    assertTrue(schema.contains("origin"));
    assertFalse(schema.contains("Origin"));
  }

  @Test
  void projectAndWith() {
    RecordSchema schema = RecordSchema.of(A, B);
    assertEquals(RecordSchema.of(B), schema.project(List.of("b")));
    Field wider = Field.of("a", FieldType.FLOAT64);
    Field c = Field.of("c", FieldType.DATE);
    assertEquals(RecordSchema.of(wider, B, c), schema.with(c, wider));
  }

  @Test
  void everyTypeIsParsedFromItsName() {
    for (FieldType type :
        List.of(
            FieldType.BOOLEAN,
            FieldType.INT64,
            FieldType.FLOAT64,
            FieldType.STRING,
            FieldType.BYTES,
            FieldType.TIMESTAMP,
            FieldType.DATE,
            FieldType.TIME)) {
      assertEquals(type, FieldType.parse(type.toString()));
      FieldType list = FieldType.listOf(type);
      assertEquals(list, FieldType.parse(list.toString()));
      assertEquals(list.hashCode(), FieldType.parse(list.toString()).hashCode());
    }
    assertRefused(
        "Unknown type: 'int' (must be boolean, int64, float64, string, bytes, timestamp, date,"
            + " time or list<type>)",
        () -> FieldType.parse("int"));
    assertRefused(
        "Invalid list element type: list (lists do not nest)",
        () -> FieldType.parse("list<list<int64>>"));
    assertThrows(IllegalStateException.class, () -> FieldType.INT64.element());
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
