package io.featurebeam.rule;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

class LessThanTest implements RuleLaws {

  @Override
  public Rule rule() {
    return new Comparison("a", "b", Comparison.Wanted.LESS, true, Ignore.BOTH_NULL);
  }

  @Override
  public RecordSchema schema() {
    return RecordSchema.of(Field.of("a", FieldType.FLOAT64), Field.of("b", FieldType.FLOAT64));
  }

  @Override
  public List<?> passing() {
    return List.of(new Object[] {1.0, 2.0}, new Object[] {2.0, 2.0});
  }

  @Override
  public List<?> failing() {
    return List.of(
        new Object[] {3.0, 2.0},
        new Object[] {Double.NaN, 2.0},
        Arrays.asList(null, 2.0).toArray(),
        Arrays.asList(2.0, null).toArray());
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry(
        "less_than", Map.of("column", "a", "other", "b", "orEqual", true, "ignore", "both_null"));
  }
}
