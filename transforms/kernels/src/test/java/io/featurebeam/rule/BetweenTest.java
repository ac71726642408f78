package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BetweenTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.between("x", -180, 1440);
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.FLOAT64);
  }

  @Override
  public List<?> passing() {
    return List.of(-180.0, 0.0, 1440.0);
  }

  @Override
  public List<?> failing() {
    return List.of(-180.00001, 1440.5, Double.NaN, Double.POSITIVE_INFINITY);
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("between", Map.of("column", "x", "min", -180L, "max", 1440L));
  }

  @Test
  void idAndReasonSayTheBounds() {
    assertEquals("between(x, -180, 1440)", rule().id());
    RecordBatch batch = RuleLaws.batch(schema(), List.of(-300.0));
    Checker checker = rule().bind(schema());
    assertEquals("-300.0", checker.observed(batch, 0));
    assertEquals("x is -300.0 (must be between -180 and 1440)", checker.reason(batch, 0));
    Rule open = Rules.between("x", 0.5, null, true, false);
    assertEquals("between(x, >0.5, *)", open.id());
    assertEquals("x is -300.0 (must be above 0.5)", open.bind(schema()).reason(batch, 0));
    Rule both = Rules.between("x", 0, 1, true, true);
    assertEquals("x is -300.0 (must be above 0 and below 1)", both.bind(schema()).reason(batch, 0));
  }

  @Test
  void wholeNumbersMeetFractionalAndExcludedBounds() {
    RecordSchema ints = RuleLaws.column(FieldType.INT64);
    assertEquals("0110", RuleLaws.check(Rules.between("x", 0.5, 2.5), ints, 0, 1, 2, 3));
    assertEquals("0010", RuleLaws.check(Rules.between("x", 1, 3, true, true), ints, 0, 1, 2, 3));
    assertEquals(
        "0010", RuleLaws.check(Rules.between("x", 1.0, 3.0, true, true), ints, 0, 1, 2, 3));
    assertEquals(
        "0001", RuleLaws.check(Rules.between("x", 2, null, true, false), ints, 0, 1, 2, 3));
    long top = Long.MAX_VALUE;
    assertEquals("10", RuleLaws.check(Rules.between("x", top, null), ints, top, top - 1));
    assertEquals("00", RuleLaws.check(Rules.between("x", 1e300, null), ints, top, top - 1));
    assertEquals("11", RuleLaws.check(Rules.between("x", null, 1e300), ints, top, -top));
  }

  @Test
  void excludedBoundsOfFractions() {
    Rule rule = Rules.between("x", 0, 1, true, true);
    assertEquals("0110", RuleLaws.check(rule, schema(), 0.0, Double.MIN_VALUE, 0.5, 1.0));
  }

  @Test
  void timesAreIsoText() {
    RecordSchema times = RuleLaws.column(FieldType.TIMESTAMP);
    Rule year = Rules.between("x", "2001-01-01", "2001-12-31T23:59:59Z");
    assertEquals("between(x, 2001-01-01, 2001-12-31T23:59:59Z)", year.id());
    assertEquals(
        "0110",
        RuleLaws.check(
            year,
            times,
            978307199_999999L,
            978307200_000000L,
            1009843199_000000L,
            1009843199_000001L));
    RecordSchema dates = RuleLaws.column(FieldType.DATE);
    assertEquals(
        "011", RuleLaws.check(Rules.between("x", "1969-12-31", null), dates, -2L, -1L, 0L));
    RecordSchema clock = RuleLaws.column(FieldType.TIME);
    assertEquals(
        "10",
        RuleLaws.check(Rules.between("x", null, "09:30"), clock, 34_200_000_000L, 34_200_000_001L));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      value = {
        "int64 | a | null | Invalid min for x int64: 'a' (must be a number)",
        "timestamp | 2001-02-30 | null | Invalid min for x timestamp: '2001-02-30' (must be a time such as 2001-01-31 or 2001-01-31T09:30:00Z)",
        "date | 2001-01-01 | 2000-01-01 | Invalid min: 2001-01-01 (must not be above max, 2000-01-01)",
        "string | a | b | Rule between(x, a, b) cannot judge column 'x' of string (must be a number or a time; for text use the rule expression)",
      })
  void whatDoesNotFitTheColumnIsAnErrorWhenBound(
      String type, String min, String max, String message) {
    Rule rule = Rules.between("x", min, max);
    RecordSchema schema = RuleLaws.column(FieldType.parse(type));
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> rule.bind(schema)).getMessage());
  }

  @Test
  void impossibleBoundsAreErrorsAtOnce() {
    assertEquals(
        "Invalid min: 5 (must not be above max, 1)",
        assertThrows(IllegalArgumentException.class, () -> Rules.between("x", 5, 1)).getMessage());
    assertEquals(
        "Missing bound: between needs min, max or both",
        assertThrows(IllegalArgumentException.class, () -> Rules.between("x", null, null))
            .getMessage());
  }
}
