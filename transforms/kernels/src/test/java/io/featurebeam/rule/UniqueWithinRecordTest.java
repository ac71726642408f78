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

class UniqueWithinRecordTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.uniqueWithinRecord("a", "b", "c");
  }

  @Override
  public RecordSchema schema() {
    return RecordSchema.of(
        Field.of("a", FieldType.FLOAT64),
        Field.of("b", FieldType.INT64),
        Field.of("c", FieldType.FLOAT64));
  }

  @Override
  public List<?> passing() {
    return List.of(
        new Object[] {1.0, 2L, 3.0},
        Arrays.asList(null, 2L, null).toArray(),
        new Object[] {1.5, 1L, Double.NaN});
  }

  @Override
  public List<?> failing() {
    return List.of(
        new Object[] {1.0, 1L, 3.0},
        new Object[] {1.0, 2L, 1.0},
        new Object[] {0.5, 3L, 3.0},
        Arrays.asList(null, 3L, 3.0).toArray(),
        new Object[] {Double.NaN, 1L, Double.NaN},
        new Object[] {0.0, 1L, -0.0});
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("unique_within_record", Map.of("columns", List.of("a", "b", "c")));
  }

  @Test
  void theReasonShowsTheValues() {
    RecordBatch batch =
        RuleLaws.batch(schema(), Collections.singletonList(new Object[] {1.0, 1L, 3.0}));
    assertEquals(
        "a=1.0, b=1, c=3.0 (a, b, c must all differ)", rule().bind(schema()).reason(batch, 0));
  }

  @Test
  void oneColumnIsTooFew() {
    assertEquals(
        "Invalid columns: [a] (must be at least two, none twice)",
        assertThrows(IllegalArgumentException.class, () -> Rules.uniqueWithinRecord("a"))
            .getMessage());
    assertEquals(
        "Invalid columns: [a, b, a] (must be at least two, none twice)",
        assertThrows(IllegalArgumentException.class, () -> Rules.uniqueWithinRecord("a", "b", "a"))
            .getMessage());
  }
}
