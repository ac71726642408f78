package io.featurebeam.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaChangeTest {

  private static List<String> changes(List<Field> before, List<Field> after) {
    return SchemaChange.between(RecordSchema.of(before), RecordSchema.of(after)).stream()
        .map(SchemaChange::toString)
        .toList();
  }

  @Test
  void breakingChangesComeFirst() {
    assertEquals(
        List.of(
            "breaking: amount was float64 and is string",
            "breaking: shop_id (int64) is gone; new of that type: shopId",
            "breaking: card was never null and may be",
            "compatible: fee was int64 and is float64",
            "compatible: at may no longer be null",
            "compatible: shopId is new (int64)",
            "compatible: country is new (string, never null)"),
        changes(
            List.of(
                Field.of("fee", FieldType.INT64),
                Field.of("amount", FieldType.FLOAT64),
                Field.of("at", FieldType.TIMESTAMP),
                Field.of("shop_id", FieldType.INT64),
                Field.required("card", FieldType.STRING)),
            List.of(
                Field.of("card", FieldType.STRING),
                Field.of("shopId", FieldType.INT64),
                Field.of("fee", FieldType.FLOAT64),
                Field.of("amount", FieldType.STRING),
                Field.required("at", FieldType.TIMESTAMP),
                Field.required("country", FieldType.STRING))));
  }

  @Test
  void orderIsNoChange() {
    Field a = Field.of("a", FieldType.INT64);
    Field b = Field.of("b", FieldType.INT64);

    assertEquals(List.of(), changes(List.of(a, b), List.of(b, a)));
  }

  @Test
  void fromFloatsToWholeNumbersAndBetweenListsReadersBreak() {
    assertEquals(
        List.of(
            "breaking: x was float64 and is int64",
            "breaking: y was list<int64> and is list<float64>"),
        changes(
            List.of(
                Field.of("x", FieldType.FLOAT64), Field.of("y", FieldType.listOf(FieldType.INT64))),
            List.of(
                Field.of("x", FieldType.INT64),
                Field.of("y", FieldType.listOf(FieldType.FLOAT64)))));
  }
}
