package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NonPositiveTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.nonPositive("x");
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.FLOAT64);
  }

  @Override
  public List<?> passing() {
    return List.of(0.0, -0.0, -1.0, Double.NEGATIVE_INFINITY);
  }

  @Override
  public List<?> failing() {
    return List.of(Double.MIN_VALUE, 1.0, Double.NaN);
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("non_positive", Map.of("column", "x"));
  }

  @Test
  void wholeNumbersToo() {
    RecordSchema ints = RuleLaws.column(FieldType.INT64);
    assertEquals(
        "11001", RuleLaws.check(rule(), ints, Long.MIN_VALUE, 0L, 1L, Long.MAX_VALUE, null));
    assertEquals("must be 0 or below", rule().bind(ints).requirement());
  }

  @Test
  void anotherTypeIsAnErrorWhenBound() {
    assertEquals(
        "Rule non_positive(x) cannot judge column 'x' of string (must be a number)",
        assertThrows(
                IllegalArgumentException.class,
                () -> rule().bind(RuleLaws.column(FieldType.STRING)))
            .getMessage());
  }
}
