package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MatchesTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.matches("x", "[A-Z]{3}");
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.STRING);
  }

  @Override
  public List<?> passing() {
    return List.of("SFO", "LAX");
  }

  @Override
  public List<?> failing() {
    return List.of("", "SF", "SFOX", "sfo", "1SFO", "SFO\n");
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("matches", Map.of("column", "x", "pattern", "[A-Z]{3}"));
  }

  @Test
  void aPartIsEnoughWhereAsked() {
    Rule rule = Rules.containsMatch("x", "^[A-Z]");
    assertEquals("matches(x, ^[A-Z], partial)", rule.id());
    assertEquals("101", RuleLaws.check(rule, schema(), "Sfo", "sfo", "SFO1"));
  }

  @Test
  void theReasonNamesThePattern() {
    RecordBatch batch = RuleLaws.batch(schema(), List.of("sf\u001b"));
    assertEquals("x is sf\\u001b (must match [A-Z]{3})", rule().bind(schema()).reason(batch, 0));
  }

  @Test
  void aPatternThatBacktracksElsewhereIsLinear() {
    Rule rule = Rules.matches("x", "(a+)+b");
    assertEquals("0", RuleLaws.check(rule, schema(), "a".repeat(20_000)));
  }

  @Test
  void badPatternsAndColumnsAreErrors() {
    assertEquals(
        "Invalid pattern: '[A-' (missing closing ])",
        assertThrows(IllegalArgumentException.class, () -> Rules.matches("x", "[A-")).getMessage());
    assertEquals(
        "Rule matches(x, [A-Z]{3}) cannot judge column 'x' of int64 (must be string)",
        assertThrows(
                IllegalArgumentException.class, () -> rule().bind(RuleLaws.column(FieldType.INT64)))
            .getMessage());
  }
}
