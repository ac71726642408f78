package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NotBlankTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.notBlank("x");
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.STRING);
  }

  @Override
  public List<?> passing() {
    return List.of("a", " a", "\u00a0ü", "0", "\u200b");
  }

  @Override
  public List<?> failing() {
    return List.of("", " ", "\t\r\n", "\u00a0\u2003", "\u3000");
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("not_blank", Map.of("column", "x"));
  }

  @Test
  void theReasonSaysWhatIsWanted() {
    RecordBatch batch = RuleLaws.batch(schema(), List.of("  "));
    assertEquals("x is    (must not be blank)", rule().bind(schema()).reason(batch, 0));
  }

  @Test
  void anotherTypeIsAnErrorWhenBound() {
    assertEquals(
        "Rule not_blank(x) cannot judge column 'x' of int64 (must be string)",
        assertThrows(
                IllegalArgumentException.class, () -> rule().bind(RuleLaws.column(FieldType.INT64)))
            .getMessage());
  }
}
