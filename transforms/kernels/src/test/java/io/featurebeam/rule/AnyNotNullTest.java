package io.featurebeam.rule;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

class AnyNotNullTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.anyNotNull("a", "b");
  }

  @Override
  public RecordSchema schema() {
    return RecordSchema.of(Field.of("a", FieldType.STRING), Field.of("b", FieldType.FLOAT64));
  }

  @Override
  public List<?> passing() {
    return List.of(
        new Object[] {"", Double.NaN},
        Arrays.asList(null, 0.0).toArray(),
        Arrays.asList("x", null).toArray());
  }

  @Override
  public List<?> failing() {
    return List.of(Arrays.asList(null, null).toArray(), Arrays.asList(null, null).toArray());
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("any_not_null", Map.of("columns", List.of("a", "b")));
  }

  @Override
  public boolean passesNull() {
    return false;
  }
}
