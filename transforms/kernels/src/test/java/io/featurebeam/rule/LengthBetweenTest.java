package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LengthBetweenTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.lengthBetween("x", 2L, 3L);
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.STRING);
  }

  @Override
  public List<?> passing() {
    return List.of("ab", "abc", "üü", "\ud83d\ude00\ud83d\ude00");
  }

  @Override
  public List<?> failing() {
    return List.of("", "a", "abcd", "ü", "\ud83d\ude00");
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("length_between", Map.of("column", "x", "min", 2L, "max", 3L));
  }

  @Test
  void idAndReasonSayTheBounds() {
    assertEquals("length_between(x, 2, 3)", rule().id());
    RecordBatch batch = RuleLaws.batch(schema(), List.of("a"));
    assertEquals(
        "x is a (must be of between 2 and 3 characters)", rule().bind(schema()).reason(batch, 0));
    Rule open = Rules.lengthBetween("x", null, 0L);
    assertEquals("length_between(x, *, 0)", open.id());
    assertEquals("x is a (must be of at most 0 characters)", open.bind(schema()).reason(batch, 0));
    assertEquals(
        "must be of at least 5 characters",
        Rules.lengthBetween("x", 5L, null).bind(schema()).requirement());
  }

  @Test
  void bytesAndElementsCountTheirOwnWay() {
    RecordSchema bytes = RuleLaws.column(FieldType.BYTES);
    assertEquals(
        "0101", RuleLaws.check(rule(), bytes, new byte[1], new byte[2], new byte[4], null));
    RecordSchema lists = RuleLaws.column(FieldType.listOf(FieldType.INT64));
    assertEquals(
        "00111",
        RuleLaws.check(
            rule(),
            lists,
            List.of(),
            List.of(1L),
            Arrays.asList(1L, null),
            List.of(1L, 2L, 3L),
            null));
    assertEquals("must be of between 2 and 3 elements", rule().bind(lists).requirement());
  }

  @Test
  void anotherTypeIsAnErrorWhenBound() {
    assertEquals(
        "Rule length_between(x, 2, 3) cannot judge column 'x' of int64 (must be string, bytes or a list)",
        assertThrows(
                IllegalArgumentException.class, () -> rule().bind(RuleLaws.column(FieldType.INT64)))
            .getMessage());
  }

  @Test
  void impossibleBoundsAreErrorsAtOnce() {
    assertEquals(
        "Invalid min: 1 (must not be above max, 0)",
        assertThrows(IllegalArgumentException.class, () -> Rules.lengthBetween("x", 1L, 0L))
            .getMessage());
    assertEquals(
        "Missing bound: length_between needs min, max or both",
        assertThrows(IllegalArgumentException.class, () -> Rules.lengthBetween("x", null, null))
            .getMessage());
    assertEquals(
        "Invalid max: -1 (a length must be >= 0)",
        assertThrows(IllegalArgumentException.class, () -> Rules.lengthBetween("x", null, -1L))
            .getMessage());
  }
}
