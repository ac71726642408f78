package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NullOnlyTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.nullOnly("x");
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.FLOAT64);
  }

  @Override
  public List<?> passing() {
    return Arrays.asList(null, null);
  }

  @Override
  public List<?> failing() {
    return List.of(0.0, Double.NaN, -1.5);
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("null_only", Map.of("column", "x"));
  }

  @Test
  void theReasonSaysWhatIsWanted() {
    RecordBatch batch = RuleLaws.batch(schema(), List.of(0.5));
    assertEquals("x is 0.5 (must be null)", rule().bind(schema()).reason(batch, 0));
  }

  @Test
  void emptyTextAndEmptyListsAreValues() {
    assertEquals("01", RuleLaws.check(rule(), RuleLaws.column(FieldType.STRING), "", null));
    RecordSchema lists = RuleLaws.column(FieldType.listOf(FieldType.INT64));
    assertEquals("01", RuleLaws.check(rule(), lists, List.of(), null));
  }
}
