package io.featurebeam.rule;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;

class NotMatchesTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.notMatches("x", "[a-z]+", ".{2}");
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.STRING);
  }

  @Override
  public List<?> passing() {
    return List.of("", "A", "123");
  }

  @Override
  public List<?> failing() {
    return List.of("a", "abc", "12");
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("not_matches", Map.of("column", "x", "patterns", List.of("[a-z]+", ".{2}")));
  }
}
