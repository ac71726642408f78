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

class LikeTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.like("x", "a%z", "_ü");
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.STRING);
  }

  @Override
  public List<?> passing() {
    return List.of("az", "abz", "a%z", "azzz", "xü", "\ud83d\ude00ü");
  }

  @Override
  public List<?> failing() {
    return List.of("", "a", "za", "azb", "Az", "ü", "xyü");
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("like", Map.of("column", "x", "patterns", List.of("a%z", "_ü")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "%|''|true",
        "''|''|true",
        "''|a|false",
        "_|''|false",
        "_|ü|true",
        "__|ü|false",
        "%%|abc|true",
        "a%b%c|a1b2c|true",
        "a%b%c|a1c2b|false",
        "%ab|aab|true",
        "%ü|üxü|true",
        "a\\%|a%|true",
        "a\\%|ab|false",
        "a\\_|a_|true",
        "a\\\\|a\\|true"
      })
  void patternsOfSql(String pattern, String text, boolean like) {
    assertEquals(like ? "1" : "0", RuleLaws.check(Rules.like("x", pattern), schema(), text));
    assertEquals(like ? "0" : "1", RuleLaws.check(Rules.notLike("x", pattern), schema(), text));
  }

  @Test
  void manyPercentSignsDoNotExplode() {
    Rule rule = Rules.like("x", "%a".repeat(50) + "b");
    assertEquals("0", RuleLaws.check(rule, schema(), "a".repeat(20_000)));
  }

  @Test
  void theReasonSaysWhatIsWanted() {
    RecordBatch batch = RuleLaws.batch(schema(), List.of("b"));
    assertEquals("x is b (must be like one of [a%z, _ü])", rule().bind(schema()).reason(batch, 0));
  }

  @Test
  void badPatternsAreErrorsAtOnce() {
    assertEquals(
        "Invalid pattern: 'a\\' (must not end in \\: write \\\\ for one)",
        assertThrows(IllegalArgumentException.class, () -> Rules.like("x", "a\\")).getMessage());
  }
}
