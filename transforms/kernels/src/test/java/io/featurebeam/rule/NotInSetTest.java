package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NotInSetTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.notInSet("x", List.of(0, 99));
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.FLOAT64);
  }

  @Override
  public List<?> passing() {
    return List.of(1.0, 98.9, Double.NaN);
  }

  @Override
  public List<?> failing() {
    return List.of(0.0, -0.0, 99.0);
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("not_in_set", Map.of("column", "x", "values", List.of(0L, 99L)));
  }

  @Test
  void idAndReasonSayNot() {
    assertEquals("not_in_set(x, [0, 99])", rule().id());
    RecordBatch batch = RuleLaws.batch(schema(), List.of(99.0));
    assertEquals("x is 99.0 (must not be one of [0, 99])", rule().bind(schema()).reason(batch, 0));
  }
}
