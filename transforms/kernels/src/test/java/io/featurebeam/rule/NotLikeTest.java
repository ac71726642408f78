package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NotLikeTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.notLike("x", "a%");
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.STRING);
  }

  @Override
  public List<?> passing() {
    return List.of("", "ba", "A");
  }

  @Override
  public List<?> failing() {
    return List.of("a", "ab");
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("not_like", Map.of("column", "x", "patterns", List.of("a%")));
  }

  @Test
  void theReasonSaysWhatIsWanted() {
    RecordBatch batch = RuleLaws.batch(schema(), List.of("ab"));
    assertEquals("x is ab (must not be like a%)", rule().bind(schema()).reason(batch, 0));
  }
}
