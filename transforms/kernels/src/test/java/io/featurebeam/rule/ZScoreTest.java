package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ZScoreTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.zScore("x", 10, 2, 3);
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.FLOAT64);
  }

  @Override
  public List<?> passing() {
    return List.of(10.0, 4.0001, 15.9999);
  }

  @Override
  public List<?> failing() {
    return List.of(4.0, 16.0, -1e9, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("z_score", Map.of("column", "x", "mean", 10.0, "stddev", 2.0));
  }

  @Test
  void oneSideAlone() {
    Rule rule = new ZScore("x", 10, 2, 3, true);
    assertEquals("z_score(x, 10, 2, 3, one-sided)", rule.id());
    assertEquals(
        "1010", RuleLaws.check(rule, schema(), -1e9, 16.0, Double.NEGATIVE_INFINITY, Double.NaN));
    assertEquals("10", RuleLaws.check(rule, RuleLaws.column(FieldType.INT64), 15L, 16L));
    assertEquals(
        "must be less than 3 standard deviations of 2 above 10", rule.bind(schema()).requirement());
  }

  @Test
  void theReasonSaysWhatIsWanted() {
    RecordBatch batch = RuleLaws.batch(schema(), List.of(17.5));
    assertEquals(
        "x is 17.5 (must be less than 3 standard deviations of 2 from 10)",
        rule().bind(schema()).reason(batch, 0));
  }

  @Test
  void impossibleStatisticsAreErrorsAtOnce() {
    assertEquals(
        "Invalid stddev: 0 (must be a number > 0)",
        assertThrows(IllegalArgumentException.class, () -> Rules.zScore("x", 0, 0, 3))
            .getMessage());
    assertEquals(
        "Invalid threshold: -1 (must be a number > 0)",
        assertThrows(IllegalArgumentException.class, () -> Rules.zScore("x", 0, 1, -1))
            .getMessage());
    assertEquals(
        "Invalid mean: NaN (must be finite)",
        assertThrows(IllegalArgumentException.class, () -> Rules.zScore("x", Double.NaN, 1, 3))
            .getMessage());
  }
}
