package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NonNegativeTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.nonNegative("x");
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.FLOAT64);
  }

  @Override
  public List<?> passing() {
    return List.of(0.0, -0.0, 1.0, Double.POSITIVE_INFINITY);
  }

  @Override
  public List<?> failing() {
    return List.of(-Double.MIN_VALUE, -1.0, Double.NaN);
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("non_negative", Map.of("column", "x"));
  }

  @Test
  void wholeNumbersToo() {
    RecordSchema ints = RuleLaws.column(FieldType.INT64);
    assertEquals(
        "01111", RuleLaws.check(rule(), ints, Long.MIN_VALUE, 0L, 1L, Long.MAX_VALUE, null));
    assertEquals("must be 0 or above", rule().bind(ints).requirement());
  }

  @Test
  void anotherTypeIsAnErrorWhenBound() {
    assertEquals(
        "Rule non_negative(x) cannot judge column 'x' of string (must be a number)",
        assertThrows(
                IllegalArgumentException.class,
                () -> rule().bind(RuleLaws.column(FieldType.STRING)))
            .getMessage());
  }
}
