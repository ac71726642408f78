package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EqualToTest implements RuleLaws {

  @Override
  public Rule rule() {
    return new Comparison("a", "b", Comparison.Wanted.EQUAL, false, Ignore.NEVER);
  }

  @Override
  public RecordSchema schema() {
    return RecordSchema.of(Field.of("a", FieldType.FLOAT64), Field.of("b", FieldType.FLOAT64));
  }

  @Override
  public List<?> passing() {
    return List.of(new Object[] {1.0, 1.0}, new Object[] {0.0, -0.0});
  }

  @Override
  public List<?> failing() {
    return List.of(
        new Object[] {1.0, 2.0},
        new Object[] {Double.NaN, Double.NaN},
        Arrays.asList(null, 2.0).toArray(),
        Arrays.asList(2.0, null).toArray());
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("equal_to", Map.of("column", "a", "other", "b", "ignore", "never"));
  }

  @Override
  public boolean passesNull() {
    return false;
  }

  @Test
  void anUnknownWordIsAnError() {
    assertEquals(
        "Invalid ignore: 'all' (must be either_null, both_null or never)",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    new Comparison.EqualProvider()
                        .create(new Settings(Map.of("column", "a", "other", "b", "ignore", "all"))))
            .getMessage());
  }
}
