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

class NoneNullTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.noneNull("a", "b");
  }

  @Override
  public RecordSchema schema() {
    return RecordSchema.of(Field.of("a", FieldType.STRING), Field.of("b", FieldType.FLOAT64));
  }

  @Override
  public List<?> passing() {
    return List.of(new Object[] {"", Double.NaN}, new Object[] {"x", 0.0});
  }

  @Override
  public List<?> failing() {
    return List.of(Arrays.asList(null, 1.0).toArray(), Arrays.asList("x", null).toArray());
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("none_null", Map.of("columns", List.of("a", "b")));
  }

  @Override
  public boolean passesNull() {
    return false;
  }

  @Test
  void theReasonShowsWhichIsMissing() {
    RecordBatch batch =
        RuleLaws.batch(schema(), Collections.singletonList(new Object[] {"x", null}));
    assertEquals(
        "a=x, b=null (a, b must all have a value)", rule().bind(schema()).reason(batch, 0));
  }

  @Test
  void oneColumnIsTooFew() {
    assertEquals(
        "Invalid columns: [a] (must be at least two, none twice)",
        assertThrows(IllegalArgumentException.class, () -> Rules.noneNull("a")).getMessage());
  }
}
