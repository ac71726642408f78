package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UniqueTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.unique("a", "b");
  }

  @Override
  public RecordSchema schema() {
    return RecordSchema.of(Field.of("a", FieldType.INT64), Field.of("b", FieldType.STRING));
  }

  @Override
  public List<?> passing() {
    return List.of(new Object[] {1L, "x"}, new Object[] {1L, "y"}, new Object[] {2L, "x"});
  }

  @Override
  public List<?> failing() {
    return List.of();
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("unique", Map.of("columns", List.of("a", "b")));
  }

  @Test
  void theFirstOfEqualRecordsPasses() {
    Object[] nulls = Arrays.asList(1L, null).toArray();
    Object[] one = {1L, "x"};
    Object[] two = {2L, "x"};
    assertEquals("110011", RuleLaws.check(rule(), schema(), one, two, one, two, nulls, nulls));
    assertEquals(Rule.Scope.RUN, rule().scope());
  }

  @Test
  void everyTypeIsAKey() {
    Rule rule = Rules.unique("x");
    RecordSchema doubles = RuleLaws.column(FieldType.FLOAT64);
    assertEquals(
        "101011", RuleLaws.check(rule, doubles, 0.0, -0.0, Double.NaN, Double.NaN, 1.0, null));
    RecordSchema flags = RuleLaws.column(FieldType.BOOLEAN);
    assertEquals("1101", RuleLaws.check(rule, flags, true, false, true, null));
  }

  @Test
  void theReasonNamesTheValues() {
    RecordBatch batch = RuleLaws.batch(schema(), passing());
    assertEquals(
        "a, b are 1, y together, as in an earlier record (must be unique)",
        rule().bind(schema()).reason(batch, 1));
    assertEquals(
        "b is y, as in an earlier record (must be unique)",
        Rules.unique("b").bind(schema()).reason(batch, 1));
  }

  @Test
  void theFirstIsWhatTheOrderSays() {
    RecordBatch batch =
        RuleLaws.batch(
            schema(),
            List.of(new Object[] {1L, "x"}, new Object[] {2L, "x"}, new Object[] {3L, "x"}));
    RowKeys keys = RowKeys.of(List.of(batch.column("b")), batch.size());
    assertEquals("001", keys.firsts((i, j) -> Integer.compare(j, i)).toString());
    assertEquals(
        "010", keys.firsts((i, j) -> Integer.compare(i == 1 ? -1 : i, j == 1 ? -1 : j)).toString());
  }

  @Test
  void aListIsNoKey() {
    assertEquals(
        "Rule unique(x) cannot judge column 'x' of list<int64> (must not be a list)",
        assertThrows(
                IllegalArgumentException.class,
                () -> Rules.unique("x").bind(RuleLaws.column(FieldType.listOf(FieldType.INT64))))
            .getMessage());
  }
}
