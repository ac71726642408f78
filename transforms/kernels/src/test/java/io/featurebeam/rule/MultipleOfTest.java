package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MultipleOfTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.multipleOf("x", 0.1);
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.FLOAT64);
  }

  @Override
  public List<?> passing() {
    return List.of(0.0, -0.0, 0.1, 0.3, -0.7, 1e15, 2.0);
  }

  @Override
  public List<?> failing() {
    return List.of(0.05, 0.30000000000000004, 1e-300, Double.NaN, Double.POSITIVE_INFINITY);
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("multiple_of", Map.of("column", "x", "divisor", 0.1));
  }

  @Test
  void wholeDivisorsAndWholeNumbers() {
    Rule five = Rules.multipleOf("x", 5);
    assertEquals("multiple_of(x, 5)", five.id());
    assertEquals("11010", RuleLaws.check(five, schema(), 0.0, -10.0, 3.0, 1e300, 5.5));
    RecordSchema ints = RuleLaws.column(FieldType.INT64);
    assertEquals("11011", RuleLaws.check(five, ints, 0L, -10L, 3L, Long.MAX_VALUE - 2, null));
    assertEquals("011", RuleLaws.check(Rules.multipleOf("x", 2.5), ints, 1L, 5L, -10L));
  }

  @Test
  void theReasonSaysWhatIsWanted() {
    RecordBatch batch = RuleLaws.batch(schema(), List.of(0.25));
    assertEquals("x is 0.25 (must be a multiple of 0.1)", rule().bind(schema()).reason(batch, 0));
  }

  @Test
  void impossibleDivisorsAreErrorsAtOnce() {
    assertEquals(
        "Invalid divisor: 0 (must be a number > 0)",
        assertThrows(IllegalArgumentException.class, () -> Rules.multipleOf("x", 0)).getMessage());
    assertEquals(
        "Invalid divisor: NaN (must be a number > 0)",
        assertThrows(IllegalArgumentException.class, () -> Rules.multipleOf("x", Double.NaN))
            .getMessage());
  }
}
