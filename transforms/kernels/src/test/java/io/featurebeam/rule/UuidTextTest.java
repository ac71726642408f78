package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UuidTextTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.uuid("x");
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.STRING);
  }

  @Override
  public List<?> passing() {
    return List.of(
        "123e4567-e89b-12d3-a456-426614174000",
        "00000000-0000-0000-0000-000000000000",
        "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6");
  }

  @Override
  public List<?> failing() {
    return List.of(
        "",
        "123e4567e89b12d3a456426614174000",
        "123e4567-e89b-12d3-a456-42661417400",
        "123e4567-e89b-12d3-a456-4266141740000",
        "g23e4567-e89b-12d3-a456-426614174000",
        "123e4567-e89b-12d3-a4563426614174000",
        "{123e4567-e89b-12d3-a456-42661417400}");
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("uuid", Map.of("column", "x"));
  }

  @Test
  void theReasonSaysWhatIsWanted() {
    RecordBatch batch = RuleLaws.batch(schema(), List.of("1"));
    assertEquals("x is 1 (must be a UUID)", rule().bind(schema()).reason(batch, 0));
  }
}
