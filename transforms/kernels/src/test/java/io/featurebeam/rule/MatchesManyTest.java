package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MatchesManyTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.matchesAny("x", List.of("[A-Z]{3}", "[0-9]+"));
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.STRING);
  }

  @Override
  public List<?> passing() {
    return List.of("SFO", "7", "007");
  }

  @Override
  public List<?> failing() {
    return List.of("", "SF", "7a", "SFO7", "sfo");
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry(
        "matches_any", Map.of("column", "x", "patterns", List.of("[A-Z]{3}", "[0-9]+")));
  }

  @Test
  void allAndNoneToo() {
    Rule all = Rules.matchesAll("x", List.of("[a-z]+", ".{2}"));
    assertEquals("01001", RuleLaws.check(all, schema(), "a", "ab", "AB", "abc", null));
    Rule none = Rules.notMatches("x", "[a-z]+", ".{2}");
    assertEquals("0001", RuleLaws.check(none, schema(), "a", "ab", "12", "123"));
    assertEquals("matches_all(x, [[a-z]+, .{2}])", all.id());
    assertEquals("not_matches(x, [a-z]+)", Rules.notMatches("x", "[a-z]+").id());
  }

  @Test
  void reasonsSayHowManyMustMatch() {
    RecordBatch batch = RuleLaws.batch(schema(), List.of("ab"));
    assertEquals(
        "x is ab (must match one of [[A-Z]{3}, [0-9]+])", rule().bind(schema()).reason(batch, 0));
    assertEquals(
        "x is ab (must not match [a-z]+)",
        Rules.notMatches("x", "[a-z]+").bind(schema()).reason(batch, 0));
    assertEquals(
        "x is ab (must match none of [a, ab])",
        Rules.notMatches("x", "a", "ab").bind(schema()).reason(batch, 0));
    Rule partial = new MatchesMany("x", List.of("b"), MatchesMany.Which.NONE, true);
    assertEquals("not_matches(x, b, partial)", partial.id());
    assertEquals("01", RuleLaws.check(partial, schema(), "abc", "ac"));
    assertEquals(
        "x is ab (must not contain a match of b)", partial.bind(schema()).reason(batch, 0));
  }

  @Test
  void badPatternsAreErrorsAtOnce() {
    assertEquals(
        "Invalid pattern: '[A-' (missing closing ])",
        assertThrows(IllegalArgumentException.class, () -> Rules.notMatches("x", "a", "[A-"))
            .getMessage());
    assertEquals(
        "Invalid patterns: none given (must be at least one)",
        assertThrows(IllegalArgumentException.class, () -> Rules.matchesAny("x", List.of()))
            .getMessage());
  }
}
