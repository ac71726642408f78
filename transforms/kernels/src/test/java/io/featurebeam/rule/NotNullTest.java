package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NotNullTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.notNull("x");
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.FLOAT64);
  }

  @Override
  public List<?> passing() {
    return List.of(0.0, Double.NaN, -1.5);
  }

  @Override
  public List<?> failing() {
    return Arrays.asList(null, null);
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("not_null", Map.of("column", "x"));
  }

  @Override
  public boolean passesNull() {
    return false;
  }

  @Test
  void emptyTextAndEmptyListsAreValues() {
    assertEquals("10", RuleLaws.check(rule(), RuleLaws.column(FieldType.STRING), "", null));
    RecordSchema lists = RuleLaws.column(FieldType.listOf(FieldType.INT64));
    assertEquals("10", RuleLaws.check(rule(), lists, List.of(), null));
  }

  @Test
  void theReasonSaysSo() {
    RecordBatch batch = RuleLaws.batch(schema(), Arrays.asList((Object) null));
    assertEquals("x is null (must have a value)", rule().bind(schema()).reason(batch, 0));
  }
}
