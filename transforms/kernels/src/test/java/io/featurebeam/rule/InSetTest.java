package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InSetTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.inSet("x", List.of("pos", "web", "ü"));
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.STRING);
  }

  @Override
  public List<?> passing() {
    return List.of("pos", "web", "ü");
  }

  @Override
  public List<?> failing() {
    return List.of("", "po", "posx", "POS");
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("in_set", Map.of("column", "x", "values", List.of("pos", "web", "ü")));
  }

  @Test
  void idAndReasonNameTheMembers() {
    assertEquals("in_set(x, [pos, web, ü])", rule().id());
    RecordBatch batch = RuleLaws.batch(schema(), List.of("atm"));
    assertEquals("x is atm (must be one of [pos, web, ü])", rule().bind(schema()).reason(batch, 0));
    Rule many = Rules.inSet("x", List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
    RecordSchema ints = RuleLaws.column(FieldType.INT64);
    assertEquals(
        "x is 13 (must be one of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ... of 12])",
        many.bind(ints).reason(RuleLaws.batch(ints, List.of(13)), 0));
  }

  @Test
  void numbersCompareAsNumbers() {
    Rule rule = Rules.inSet("x", List.of(1, 2.0, 2.5, 0));
    RecordSchema ints = RuleLaws.column(FieldType.INT64);
    assertEquals("1101", RuleLaws.check(rule, ints, 1, 2, 3, 0));
    assertEquals(
        "1111000",
        RuleLaws.check(
            rule, RuleLaws.column(FieldType.FLOAT64), 1.0, 2.5, -0.0, 0.0, 3.0, Double.NaN, 1e300));
    assertEquals("0", RuleLaws.check(Rules.inSet("x", List.of(1e300)), ints, Long.MAX_VALUE));
  }

  @Test
  void booleansAndTimes() {
    RecordSchema flags = RuleLaws.column(FieldType.BOOLEAN);
    assertEquals("101", RuleLaws.check(Rules.inSet("x", List.of(true)), flags, true, false, null));
    RecordSchema dates = RuleLaws.column(FieldType.DATE);
    assertEquals("01", RuleLaws.check(Rules.inSet("x", List.of("1970-01-02")), dates, 0L, 1L));
  }

  @Test
  void nothingIsInTheEmptySet() {
    assertEquals("001", RuleLaws.check(Rules.inSet("x", List.of()), schema(), "a", "", null));
    assertEquals("11", RuleLaws.check(Rules.notInSet("x", List.of()), schema(), "a", ""));
  }

  @Test
  void aMemberOfAnotherTypeIsAnErrorWhenBound() {
    assertEquals(
        "Invalid value for x string: 7 (must be text: put it in quotes)",
        assertThrows(
                IllegalArgumentException.class, () -> Rules.inSet("x", List.of(7)).bind(schema()))
            .getMessage());
  }
}
