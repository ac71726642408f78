package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EmailAddressTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.email("x");
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.STRING);
  }

  @Override
  public List<?> passing() {
    return List.of("a@example.com", "first.last+tag@mail.example.org", "o'neil@example.de");
  }

  @Override
  public List<?> failing() {
    return List.of(
        "",
        "a",
        "a@",
        "@example.com",
        "a b@example.com",
        "a@example",
        "a@b@example.com",
        "a@example.nosuchtld",
        "a@example..com");
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("email", Map.of("column", "x"));
  }

  @Test
  void theReasonSaysWhatIsWanted() {
    RecordBatch batch = RuleLaws.batch(schema(), List.of("a@"));
    assertEquals("x is a@ (must be an e-mail address)", rule().bind(schema()).reason(batch, 0));
  }

  @Test
  void longTextIsNotLookedAt() {
    assertEquals("0", RuleLaws.check(rule(), schema(), "@".repeat(1_000_000)));
  }
}
