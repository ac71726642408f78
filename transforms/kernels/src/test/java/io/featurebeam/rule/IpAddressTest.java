package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IpAddressTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.ip("x");
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.STRING);
  }

  @Override
  public List<?> passing() {
    return List.of(
        "192.0.2.1",
        "0.0.0.0",
        "255.255.255.255",
        "::",
        "::1",
        "2001:db8::ff00:42:8329",
        "::ffff:192.0.2.1");
  }

  @Override
  public List<?> failing() {
    return List.of(
        "",
        "192.0.2",
        "192.0.2.256",
        "192.0.2.01",
        "192.0.2.1.1",
        "1",
        "example.com",
        "10.0.0.0/8",
        "::1/64",
        "2001:db8:::1",
        "12345::",
        "192.0.2.1:80");
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("ip", Map.of("column", "x"));
  }

  @Test
  void oneVersionAlone() {
    RecordSchema schema = schema();
    Rule four = new IpAddress("x", 4);
    assertEquals("ip(x, 4)", four.id());
    assertEquals("10", RuleLaws.check(four, schema, "192.0.2.1", "::1"));
    assertEquals("must be an IPv4 address", four.bind(schema).requirement());
    assertEquals("01", RuleLaws.check(new IpAddress("x", 6), schema, "192.0.2.1", "::1"));
  }

  @Test
  void theReasonSaysWhatIsWanted() {
    RecordBatch batch = RuleLaws.batch(schema(), List.of("a"));
    assertEquals("x is a (must be an IP address)", rule().bind(schema()).reason(batch, 0));
  }

  @Test
  void anotherVersionIsAnError() {
    assertEquals(
        "Invalid version: 5 (must be 4 or 6)",
        assertThrows(IllegalArgumentException.class, () -> new IpAddress("x", 5)).getMessage());
  }
}
