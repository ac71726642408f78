package io.featurebeam.rule;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;

class MatchesAllTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.matchesAll("x", List.of("[a-z]+", ".{2}"));
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.STRING);
  }

  @Override
  public List<?> passing() {
    return List.of("ab", "zz");
  }

  @Override
  public List<?> failing() {
    return List.of("", "a", "abc", "AB");
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("matches_all", Map.of("column", "x", "patterns", List.of("[a-z]+", ".{2}")));
  }
}
