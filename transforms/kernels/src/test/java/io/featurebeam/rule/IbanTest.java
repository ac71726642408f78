package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IbanTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.iban("x");
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.STRING);
  }

  @Override
  public List<?> passing() {
    return List.of(
        "GB82WEST12345698765432",
        "DE89370400440532013000",
        "DE89 3704 0044 0532 0130 00",
        "NO9386011117947");
  }

  @Override
  public List<?> failing() {
    return List.of(
        "",
        "GB82WEST12345698765433",
        "DE8937040044053201300",
        "gb82west12345698765432",
        "DE893704 00440532013000",
        "XX82WEST12345698765432",
        "DE89 3704 0044 0532 0130 00 ");
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("iban", Map.of("column", "x"));
  }

  @Test
  void theReasonSaysWhatIsWanted() {
    RecordBatch batch = RuleLaws.batch(schema(), List.of("1"));
    assertEquals("x is 1 (must be an IBAN)", rule().bind(schema()).reason(batch, 0));
  }
}
