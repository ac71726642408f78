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

class PairInSetTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.pairInSet("a", "b", List.of(List.of("x", 1L), List.of("y", 2L), List.of("x", 3L)));
  }

  @Override
  public RecordSchema schema() {
    return RecordSchema.of(Field.of("a", FieldType.STRING), Field.of("b", FieldType.INT64));
  }

  @Override
  public List<?> passing() {
    return List.of(
        new Object[] {"x", 1L},
        new Object[] {"y", 2L},
        new Object[] {"x", 3L},
        Arrays.asList(null, 9L).toArray(),
        Arrays.asList("z", null).toArray());
  }

  @Override
  public List<?> failing() {
    return List.of(
        new Object[] {"x", 2L},
        new Object[] {"y", 1L},
        new Object[] {"z", 1L},
        new Object[] {"", 0L});
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry(
        "pair_in_set",
        Map.of(
            "column",
            "a",
            "other",
            "b",
            "pairs",
            List.of(List.of("x", 1L), List.of("y", 2L), List.of("x", 3L))));
  }

  @Test
  void idAndReasonNameThePairs() {
    assertEquals("pair_in_set(a, b, [(x, 1), (y, 2), (x, 3)])", rule().id());
    RecordBatch batch = RuleLaws.batch(schema(), Collections.singletonList(new Object[] {"x", 2L}));
    assertEquals(
        "a=x, b=2 (a, b must be one of [(x, 1), (y, 2), (x, 3)])",
        rule().bind(schema()).reason(batch, 0));
  }

  @Test
  void nullsPassAsAsked() {
    List<List<Object>> pairs = List.of(List.of("x", 1L));
    Rule both = new PairInSet("a", "b", pairs, Ignore.BOTH_NULL);
    Object[][] records = {{null, null}, {null, 1L}, {"x", null}, {"x", 1L}};
    assertEquals("1001", RuleLaws.check(both, schema(), (Object[]) records));
    Rule never = new PairInSet("a", "b", pairs, Ignore.NEVER);
    assertEquals("0001", RuleLaws.check(never, schema(), (Object[]) records));
  }

  @Test
  void membersMeetEveryType() {
    RecordSchema schema =
        RecordSchema.of(Field.of("a", FieldType.FLOAT64), Field.of("b", FieldType.DATE));
    Rule rule =
        Rules.pairInSet("a", "b", List.of(List.of(0, "1970-01-02"), List.of(2.5, "1970-01-01")));
    assertEquals(
        "11001",
        RuleLaws.check(
            rule,
            schema,
            new Object[] {-0.0, 1L},
            new Object[] {2.5, 0L},
            new Object[] {2.5, 1L},
            new Object[] {Double.NaN, 1L},
            new Object[] {null, 1L}));
    RecordSchema flags =
        RecordSchema.of(Field.of("a", FieldType.BOOLEAN), Field.of("b", FieldType.INT64));
    Rule whole = Rules.pairInSet("a", "b", List.of(List.of(true, 1.0), List.of(false, 1.5)));
    assertEquals(
        "100",
        RuleLaws.check(
            whole,
            flags,
            new Object[] {true, 1L},
            new Object[] {false, 1L},
            new Object[] {false, 2L}));
  }

  @Test
  void impossiblePairsAreErrors() {
    assertEquals(
        "Invalid pairs: [a] (each must be two values, such as [ATL, SFO])",
        assertThrows(
                IllegalArgumentException.class,
                () -> Rules.pairInSet("a", "b", List.of(List.of("a"))))
            .getMessage());
    assertEquals(
        "Invalid value for b int64: 'x' (must be a number)",
        assertThrows(
                IllegalArgumentException.class,
                () -> Rules.pairInSet("a", "b", List.of(List.of("a", "x"))).bind(schema()))
            .getMessage());
  }
}
