package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CreditCardTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.creditCard("x");
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.STRING);
  }

  @Override
  public List<?> passing() {
    return List.of(
        "4111111111111111", "5500 0000 0000 0004", "3400-000000-00009", "6011000000000004");
  }

  @Override
  public List<?> failing() {
    return List.of(
        "",
        "4111111111111112",
        "411111111111",
        "4111  1111 1111 1111",
        " 4111111111111111",
        "4111111111111111-",
        "4111x11111111111",
        "00000000000",
        "0".repeat(20));
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("credit_card", Map.of("column", "x"));
  }

  @Test
  void theReasonSaysWhatIsWanted() {
    RecordBatch batch = RuleLaws.batch(schema(), List.of("1"));
    assertEquals(
        "x is 1 (must be the number of a payment card)", rule().bind(schema()).reason(batch, 0));
  }
}
