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

class ComparisonTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.greaterThan("a", "b");
  }

  @Override
  public RecordSchema schema() {
    return RecordSchema.of(Field.of("a", FieldType.FLOAT64), Field.of("b", FieldType.FLOAT64));
  }

  @Override
  public List<?> passing() {
    return List.of(
        new Object[] {2.0, 1.0},
        new Object[] {Double.POSITIVE_INFINITY, 1.0},
        Arrays.asList(null, 1.0).toArray(),
        Arrays.asList(1.0, null).toArray());
  }

  @Override
  public List<?> failing() {
    return List.of(
        new Object[] {1.0, 1.0},
        new Object[] {0.0, 1.0},
        new Object[] {0.0, -0.0},
        new Object[] {Double.NaN, 1.0},
        new Object[] {1.0, Double.NaN});
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("greater_than", Map.of("column", "a", "other", "b"));
  }

  private static RecordSchema pair(FieldType a, FieldType b) {
    return RecordSchema.of(Field.of("a", a), Field.of("b", b));
  }

  /** For each rule what it says of a below, equal to and above b, and of a NaN. */
  @Test
  void eachComparison() {
    Object[][] records = {{1.0, 2.0}, {2.0, 2.0}, {3.0, 2.0}, {Double.NaN, 2.0}, {0.0, -0.0}};
    assertEquals("00100", RuleLaws.check(rule(), schema(), (Object[]) records));
    assertEquals(
        "01101", RuleLaws.check(Rules.greaterOrEqual("a", "b"), schema(), (Object[]) records));
    assertEquals("10000", RuleLaws.check(Rules.lessThan("a", "b"), schema(), (Object[]) records));
    assertEquals(
        "11001", RuleLaws.check(Rules.lessOrEqual("a", "b"), schema(), (Object[]) records));
    assertEquals("01001", RuleLaws.check(Rules.equalTo("a", "b"), schema(), (Object[]) records));
    assertEquals("10110", RuleLaws.check(Rules.notEqualTo("a", "b"), schema(), (Object[]) records));
  }

  @Test
  void nullsPassAsAsked() {
    Object[][] records = {{null, null}, {null, 1.0}, {1.0, null}, {2.0, 1.0}};
    Rule both = new Comparison("a", "b", Comparison.Wanted.GREATER, false, Ignore.BOTH_NULL);
    assertEquals("greater_than(a, b, ignore both_null)", both.id());
    assertEquals("1111", RuleLaws.check(rule(), schema(), (Object[]) records));
    assertEquals("1001", RuleLaws.check(both, schema(), (Object[]) records));
    Rule never = new Comparison("a", "b", Comparison.Wanted.GREATER, true, Ignore.NEVER);
    assertEquals("greater_than(a, b, or equal, ignore never)", never.id());
    assertEquals("0001", RuleLaws.check(never, schema(), (Object[]) records));
  }

  @Test
  void wholeAndFractionalNumbersCompareExactly() {
    RecordSchema mixed = pair(FieldType.INT64, FieldType.FLOAT64);
    long beyond = (1L << 53) + 1;
    Object[][] records = {
      {beyond, 0x1p53},
      {-beyond, -0x1p53},
      {Long.MAX_VALUE, 0x1p63},
      {Long.MIN_VALUE, -0x1p63},
      {3L, 2.5},
      {-3L, -2.5},
      {0L, -0.0},
      {1L, Double.NaN},
      {1L, Double.NEGATIVE_INFINITY}
    };
    assertEquals("100010001", RuleLaws.check(rule(), mixed, (Object[]) records));
    assertEquals("000100100", RuleLaws.check(Rules.equalTo("a", "b"), mixed, (Object[]) records));
    RecordSchema turned = pair(FieldType.FLOAT64, FieldType.INT64);
    assertEquals(
        "101",
        RuleLaws.check(
            Rules.lessThan("a", "b"),
            turned,
            new Object[] {0x1p53, beyond},
            new Object[] {Double.NaN, 1L},
            new Object[] {2.5, 3L}));
  }

  @Test
  void textTimesBytesAndFlagsHaveAnOrder() {
    assertEquals(
        "0110",
        RuleLaws.check(
            rule(),
            pair(FieldType.STRING, FieldType.STRING),
            new Object[] {"a", "b"},
            new Object[] {"b", "a"},
            new Object[] {"\ud83d\ude00", "\uffee"},
            new Object[] {"", ""}));
    assertEquals(
        "10",
        RuleLaws.check(
            rule(),
            pair(FieldType.TIMESTAMP, FieldType.TIMESTAMP),
            new Object[] {0L, -1L},
            new Object[] {0L, 0L}));
    assertEquals(
        "10",
        RuleLaws.check(
            rule(),
            pair(FieldType.BYTES, FieldType.BYTES),
            new Object[] {new byte[] {-1}, new byte[] {1}},
            new Object[] {new byte[] {1}, new byte[] {1, 0}}));
    assertEquals(
        "10",
        RuleLaws.check(
            rule(),
            pair(FieldType.BOOLEAN, FieldType.BOOLEAN),
            new Object[] {true, false},
            new Object[] {true, true}));
  }

  @Test
  void theReasonShowsBothValues() {
    RecordBatch batch =
        RuleLaws.batch(schema(), Collections.singletonList(new Object[] {1.0, 2.5}));
    assertEquals("a=1.0, b=2.5 (a must be greater than b)", rule().bind(schema()).reason(batch, 0));
    assertEquals(
        "a=1.0, b=2.5 (a must be equal to b)",
        Rules.equalTo("a", "b").bind(schema()).reason(batch, 0));
    assertEquals(
        "a must be less than or equal to b",
        Rules.lessOrEqual("a", "b").bind(schema()).requirement());
  }

  @Test
  void whatDoesNotCompareIsAnError() {
    assertEquals(
        "Rule greater_than(a, b) cannot compare column 'a' of date with 'b' of timestamp (must be"
            + " of one type, or both numbers)",
        assertThrows(
                IllegalArgumentException.class,
                () -> rule().bind(pair(FieldType.DATE, FieldType.TIMESTAMP)))
            .getMessage());
    assertEquals(
        "Rule greater_than(a, b) cannot judge column 'a' of list<int64> (must not be a list)",
        assertThrows(
                IllegalArgumentException.class,
                () -> rule().bind(pair(FieldType.listOf(FieldType.INT64), FieldType.INT64)))
            .getMessage());
    assertEquals(
        "Invalid other: 'a' (must be another column than column)",
        assertThrows(IllegalArgumentException.class, () -> Rules.equalTo("a", "a")).getMessage());
  }
}
