package io.featurebeam.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

class ConditionTest {

  private static final RecordSchema SCHEMA =
      RecordSchema.of(Field.of("card", FieldType.STRING), Field.of("amount", FieldType.FLOAT64));

  private static final RecordBatch PAYMENTS =
      RecordBatch.builder(SCHEMA).add("a", 5.0).add("b", null).add("c", 0.5).add(null, 7.0).build();

  @Test
  void rowsForWhichItIsTrueAreKeptInTheirOrder() {
    assertEquals(
        RecordBatch.builder(SCHEMA).add("a", 5.0).add(null, 7.0).build(),
        Condition.of("amount > 1.0", SCHEMA).keep(PAYMENTS));
  }

  @Test
  void aRowForWhichItIsNullIsNotKept() {
    assertEquals(
        RecordBatch.builder(SCHEMA).add("c", 0.5).build(),
        Condition.of("!(amount > 1.0)", SCHEMA).keep(PAYMENTS));
  }

  @Test
  void aBatchOfWhichAllIsWantedStaysAsItIs() {
    assertSame(PAYMENTS, Condition.of("amount == null || amount > 0.0", SCHEMA).keep(PAYMENTS));
  }

  @Test
  void itKeepsTheSameAfterAJourneyToAWorker() throws IOException, ClassNotFoundException {
    Condition condition = Condition.of("card == 'c'", SCHEMA);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(condition);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertEquals(
          RecordBatch.builder(SCHEMA).add("c", 0.5).build(),
          ((Condition) in.readObject()).keep(PAYMENTS));
    }
  }

  @Test
  void whatIsNoConditionIsRefused() {
    assertEquals(
        "Invalid where: 'amount + 1.0' is float64 (must be boolean)",
        assertThrows(IllegalArgumentException.class, () -> Condition.of("amount + 1.0", SCHEMA))
            .getMessage());
  }
}
