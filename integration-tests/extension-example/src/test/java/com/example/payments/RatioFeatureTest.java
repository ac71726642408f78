package com.example.payments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import org.junit.jupiter.api.Test;

class RatioFeatureTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(
          Field.of("amount", FieldType.FLOAT64),
          Field.of("limit", FieldType.FLOAT64),
          Field.of("shop", FieldType.STRING));

  private static final RatioFeature RATIO = new RatioFeature("amount", "limit");

  private static Column map(RecordBatch batch) {
    return RATIO.bind(SCHEMA, null).map(batch).get(0);
  }

  private static Object ratio(Double amount, Double limit) {
    return map(RecordBatch.builder(SCHEMA).add(amount, limit, null).build()).value(0);
  }

  @Test
  void oneIsDividedByTheOther() {
    assertEquals(0.25, ratio(25.0, 100.0));
    assertEquals(-2.0, ratio(-1.0, 0.5));
  }

  @Test
  void nullInEitherGivesNull() {
    assertNull(ratio(null, 100.0));
    assertNull(ratio(25.0, null));
    assertNull(ratio(null, null));
  }

  @Test
  void nullsOfBothColumnsMeetInOneBatch() {
    Column ratios =
        map(
            RecordBatch.builder(SCHEMA)
                .add(1.0, 2.0, null)
                .add(null, 2.0, null)
                .add(1.0, null, null)
                .build());
    assertEquals(0.5, ratios.value(0));
    assertNull(ratios.value(1));
    assertNull(ratios.value(2));
  }

  @Test
  void zeroAndNaNAreAsIeee754Says() {
    assertEquals(Double.POSITIVE_INFINITY, ratio(1.0, 0.0));
    assertEquals(Double.NEGATIVE_INFINITY, ratio(1.0, -0.0));
    assertEquals(Double.NaN, ratio(0.0, 0.0));
    assertEquals(Double.NaN, ratio(Double.NaN, 1.0));
  }

  @Test
  void columnHasTheDeclaredNameAndType() {
    assertEquals(List.of(Field.of("use", FieldType.FLOAT64)), RATIO.outputs("use", SCHEMA, null));
    assertEquals("ratio(amount, limit)", RATIO.id());
  }

  @Test
  void textIsRefused() {
    assertEquals(
        "Invalid column for ratio: 'shop' is string (must be float64)",
        assertThrows(
                IllegalArgumentException.class,
                () -> new RatioFeature("amount", "shop").outputs("use", SCHEMA, null))
            .getMessage());
  }
}
