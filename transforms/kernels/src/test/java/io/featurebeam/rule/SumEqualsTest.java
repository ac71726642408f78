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

class SumEqualsTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.sumEquals(List.of("a", "b"), "c", 0);
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
        new Object[] {0.5, 2L, 2.5},
        new Object[] {-1.0, 1L, 0.0},
        Arrays.asList(null, 1L, 9.0).toArray(),
        Arrays.asList(1.0, 1L, null).toArray(),
        new Object[] {0.1, 3L, 3.1});
  }

  @Override
  public List<?> failing() {
    return List.of(
        new Object[] {1.0, 1L, 3.0},
        new Object[] {1.0, 1L, 2.0000000000000004},
        new Object[] {Double.NaN, 1L, Double.NaN},
        new Object[] {Double.POSITIVE_INFINITY, 1L, Double.POSITIVE_INFINITY},
        new Object[] {1e18, 1L, 1e18});
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("sum_equals", Map.of("columns", List.of("a", "b"), "totalColumn", "c"));
  }

  @Test
  void decimalsAddUpAsPeopleReadThem() {
    RecordSchema doubles =
        RecordSchema.of(Field.of("a", FieldType.FLOAT64), Field.of("b", FieldType.FLOAT64));
    Rule rule = Rules.sumEquals(List.of("a", "b"), 0.3);
    assertEquals("sum_equals([a, b], 0.3)", rule.id());
    assertEquals(
        "101",
        RuleLaws.check(
            rule,
            doubles,
            new Object[] {0.1, 0.2},
            new Object[] {0.1, 0.20000000000000004},
            new Object[] {1e300, null}));
    Rule about = new SumEquals(List.of("a", "b"), 100.0, null, 0.01);
    assertEquals("sum_equals([a, b], 100 +- 0.01)", about.id());
    assertEquals(
        "0110",
        RuleLaws.check(
            about,
            doubles,
            new Object[] {99.0, 0.98},
            new Object[] {99.0, 0.99},
            new Object[] {99.0, 1.01},
            new Object[] {99.0, 1.011}));
  }

  @Test
  void wholeNumbersDoNotOverflow() {
    RecordSchema ints =
        RecordSchema.of(
            Field.of("a", FieldType.INT64),
            Field.of("b", FieldType.INT64),
            Field.of("c", FieldType.INT64));
    long top = Long.MAX_VALUE;
    assertEquals(
        "0110",
        RuleLaws.check(
            rule(),
            ints,
            new Object[] {top, 1L, Long.MIN_VALUE},
            new Object[] {top, -1L, top - 1},
            new Object[] {top, Long.MIN_VALUE, -1L},
            new Object[] {top - 1, 0L, top}));
  }

  @Test
  void theReasonShowsTheParts() {
    RecordBatch batch =
        RuleLaws.batch(schema(), Collections.singletonList(new Object[] {1.0, 1L, 3.0}));
    assertEquals("a=1.0, b=1, c=3.0 (a + b must be c)", rule().bind(schema()).reason(batch, 0));
  }

  @Test
  void impossibleSumsAreErrorsAtOnce() {
    assertEquals(
        "Missing total: sum_equals needs either total or totalColumn",
        assertThrows(
                IllegalArgumentException.class, () -> new SumEquals(List.of("a"), null, null, 0))
            .getMessage());
    assertEquals(
        "Invalid total: given beside totalColumn: sum_equals needs either total or totalColumn",
        assertThrows(IllegalArgumentException.class, () -> new SumEquals(List.of("a"), 1.0, "c", 0))
            .getMessage());
    assertEquals(
        "Invalid columns: [] (must be at least one, none twice)",
        assertThrows(IllegalArgumentException.class, () -> Rules.sumEquals(List.of(), 1))
            .getMessage());
    assertEquals(
        "Invalid tolerance: -1.0 (must be a number >= 0)",
        assertThrows(IllegalArgumentException.class, () -> Rules.sumEquals(List.of("a"), "c", -1))
            .getMessage());
    assertEquals(
        "Invalid totalColumn: 'a' (must be none of the columns)",
        assertThrows(IllegalArgumentException.class, () -> Rules.sumEquals(List.of("a"), "a", 0))
            .getMessage());
  }
}
