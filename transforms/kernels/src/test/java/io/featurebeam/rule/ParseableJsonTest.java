package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParseableJsonTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.json("x");
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.STRING);
  }

  @Override
  public List<?> passing() {
    return List.of("{}", " [1, 2.5e3, null] ", "null", "\"a\"", "0", "{\"a\": {\"b\": []}}");
  }

  @Override
  public List<?> failing() {
    return List.of(
        "",
        " ",
        "{",
        "{a: 1}",
        "[1,]",
        "NaN",
        "01",
        "1 2",
        "{} x",
        "'a'",
        "{\"a\": 1, \"a\": 2}",
        "\u0000" + "1",
        "// c\n1");
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("json", Map.of("column", "x"));
  }

  @Test
  void theReasonSaysWhatIsWanted() {
    RecordBatch batch = RuleLaws.batch(schema(), List.of("{"));
    assertEquals("x is { (must be JSON)", rule().bind(schema()).reason(batch, 0));
  }

  @Test
  void whatNoReaderIsSureToTakeFails() {
    String deep = "[".repeat(2_000) + "]".repeat(2_000);
    String wide = "1".repeat(2_000);
    assertEquals("00", RuleLaws.check(rule(), schema(), deep, wide));
  }
}
