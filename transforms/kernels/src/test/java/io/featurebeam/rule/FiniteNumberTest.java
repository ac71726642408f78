package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FiniteNumberTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.finite("x");
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.FLOAT64);
  }

  @Override
  public List<?> passing() {
    return List.of(0.0, -0.0, Double.MAX_VALUE, Double.MIN_VALUE);
  }

  @Override
  public List<?> failing() {
    return List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("finite", Map.of("column", "x"));
  }

  @Test
  void everyWholeNumberIs() {
    assertEquals("11", RuleLaws.check(rule(), RuleLaws.column(FieldType.INT64), 1L, null));
  }

  @Test
  void theReasonSaysWhatIsWanted() {
    RecordBatch batch = RuleLaws.batch(schema(), List.of(Double.NaN));
    assertEquals("x is NaN (must be finite)", rule().bind(schema()).reason(batch, 0));
  }

  @Test
  void anotherTypeIsAnErrorWhenBound() {
    assertEquals(
        "Rule finite(x) cannot judge column 'x' of string (must be a number)",
        assertThrows(
                IllegalArgumentException.class,
                () -> rule().bind(RuleLaws.column(FieldType.STRING)))
            .getMessage());
  }
}
