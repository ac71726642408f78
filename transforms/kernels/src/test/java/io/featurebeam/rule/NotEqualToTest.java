package io.featurebeam.rule;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

class NotEqualToTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.notEqualTo("a", "b");
  }

  @Override
  public RecordSchema schema() {
    return RecordSchema.of(Field.of("a", FieldType.FLOAT64), Field.of("b", FieldType.FLOAT64));
  }

  @Override
  public List<?> passing() {
    return List.of(
        new Object[] {1.0, 2.0},
        new Object[] {Double.NaN, Double.NaN},
        Arrays.asList(null, 2.0).toArray());
  }

  @Override
  public List<?> failing() {
    return List.of(new Object[] {1.0, 1.0}, new Object[] {0.0, -0.0});
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("not_equal_to", Map.of("column", "a", "other", "b"));
  }
}
