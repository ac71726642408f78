package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BetweenColumnsTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.betweenColumns("x", "low", "high");
  }

  @Override
  public RecordSchema schema() {
    return RecordSchema.of(
        Field.of("x", FieldType.FLOAT64),
        Field.of("low", FieldType.FLOAT64),
        Field.of("high", FieldType.INT64));
  }

  @Override
  public List<?> passing() {
    return List.of(
        new Object[] {1.0, 1.0, 3L},
        new Object[] {3.0, 1.0, 3L},
        Arrays.asList(5.0, 1.0, null).toArray(),
        Arrays.asList(0.0, null, 3L).toArray(),
        Arrays.asList(null, 1.0, 3L).toArray(),
        new Object[] {0.0, -0.0, 0L});
  }

  @Override
  public List<?> failing() {
    return List.of(
        new Object[] {0.5, 1.0, 3L},
        new Object[] {3.5, 1.0, 3L},
        new Object[] {Double.NaN, 1.0, 3L},
        new Object[] {2.0, Double.NaN, 3L},
        Arrays.asList(4.0, null, 3L).toArray(),
        new Object[] {2.0, 3.0, 1L});
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry(
        "between_columns", Map.of("column", "x", "minColumn", "low", "maxColumn", "high"));
  }

  @Test
  void excludedBoundsFail() {
    Rule rule = new BetweenColumns("x", "low", "high", true, true);
    assertEquals("between_columns(x, >low, <high)", rule.id());
    assertEquals(
        "010",
        RuleLaws.check(
            rule,
            schema(),
            new Object[] {1.0, 1.0, 3L},
            new Object[] {2.0, 1.0, 3L},
            new Object[] {3.0, 1.0, 3L}));
    assertEquals("x must be above low and below high", rule.bind(schema()).requirement());
  }

  @Test
  void theReasonShowsTheBounds() {
    RecordBatch batch =
        RuleLaws.batch(schema(), Collections.singletonList(new Object[] {0.5, 1.0, 3L}));
    assertEquals(
        "x=0.5, low=1.0, high=3 (x must be between low and high)",
        rule().bind(schema()).reason(batch, 0));
  }

  @Test
  void theColumnsAreThree() {
    assertEquals(
        "Invalid minColumn: 'x' (value and bounds must be three columns)",
        assertThrows(IllegalArgumentException.class, () -> Rules.betweenColumns("x", "x", "high"))
            .getMessage());
    assertEquals(
        "Invalid maxColumn: 'low' (value and bounds must be three columns)",
        assertThrows(IllegalArgumentException.class, () -> Rules.betweenColumns("x", "low", "low"))
            .getMessage());
  }
}
