package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WebAddressTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.url("x");
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.STRING);
  }

  @Override
  public List<?> passing() {
    return List.of(
        "http://example.com",
        "https://example.com:8443/a/b?c=d&e=f#g",
        "ftp://192.0.2.1/x",
        "http://[2001:db8::1]/");
  }

  @Override
  public List<?> failing() {
    return List.of(
        "",
        "example.com",
        "http://",
        "http://localhost/",
        "http://a b.com",
        "mailto:a@example.com",
        "ws://example.com/",
        "http://example.com:99999/");
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("url", Map.of("column", "x"));
  }

  @Test
  void schemesAndHostsAsGiven() {
    Rule rule = new WebAddress("x", List.of("ws"), true);
    assertEquals("url(x, [ws], local)", rule.id());
    assertEquals(
        "1101",
        RuleLaws.check(
            rule, schema(), "ws://example.com/", "ws://localhost:8080/", "http://a.com", null));
    assertEquals("must be a URL of ws", rule.bind(schema()).requirement());
  }

  @Test
  void theReasonSaysWhatIsWanted() {
    RecordBatch batch = RuleLaws.batch(schema(), List.of("a"));
    assertEquals(
        "x is a (must be a URL of http, https, ftp with a public host)",
        rule().bind(schema()).reason(batch, 0));
  }

  @Test
  void badSchemesAreErrorsAtOnce() {
    assertEquals(
        "Invalid schemes: 'HTTP:' (must be such as https, in lower case)",
        assertThrows(
                IllegalArgumentException.class, () -> new WebAddress("x", List.of("HTTP:"), false))
            .getMessage());
    assertEquals(
        "Invalid schemes: none given (must be at least one)",
        assertThrows(IllegalArgumentException.class, () -> new WebAddress("x", List.of(), false))
            .getMessage());
  }
}
