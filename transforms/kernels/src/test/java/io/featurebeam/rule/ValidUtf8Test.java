package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValidUtf8Test implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.utf8("x");
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.BYTES);
  }

  @Override
  public List<?> passing() {
    return List.of(
        bytes(),
        bytes(0x00),
        bytes(0x61, 0xC3, 0xBC),
        bytes(0xED, 0x9F, 0xBF),
        bytes(0xF0, 0x9F, 0x98, 0x80),
        bytes(0xF4, 0x8F, 0xBF, 0xBF),
        bytes(0xE0, 0xA0, 0x80));
  }

  @Override
  public List<?> failing() {
    return List.of(
        bytes(0x80),
        bytes(0xC3),
        bytes(0xC0, 0x80),
        bytes(0xC1, 0xBF),
        bytes(0xE0, 0x9F, 0xBF),
        bytes(0xED, 0xA0, 0x80),
        bytes(0xF0, 0x8F, 0xBF, 0xBF),
        bytes(0xF4, 0x90, 0x80, 0x80),
        bytes(0xF5, 0x80, 0x80, 0x80),
        bytes(0xFF),
        bytes(0xE2, 0x82),
        bytes(0xE2, 0x82, 0x41),
        bytes(0x61, 0xF0, 0x9F, 0x98));
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("utf8", Map.of("column", "x"));
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @Test
  void everyTwoBytesAreJudgedAsJavaDoes() {
    for (int first = 0; first < 256; first++) {
      for (int second = 0; second < 256; second++) {
        byte[] two = bytes(first, second);
        boolean valid =
            Arrays.equals(
                two, new String(two, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
        assertEquals(valid ? "1" : "0", RuleLaws.check(rule(), schema(), two));
      }
    }
  }

  @Test
  void stringsWhoseBytesAreNot() {
    RecordSchema schema = RuleLaws.column(FieldType.STRING);
    BytesColumn column =
        BytesColumn.sliced(
            FieldType.STRING, Slices.of(List.of(bytes(0x61), bytes(0xC3, 0x28))), null);
    RecordBatch batch = RecordBatch.of(schema, 2, List.of(column));
    assertEquals("10", rule().bind(schema).check(batch).toString());
  }

  @Test
  void anotherTypeIsAnErrorWhenBound() {
    assertEquals(
        "Rule utf8(x) cannot judge column 'x' of int64 (must be string or bytes)",
        assertThrows(
                IllegalArgumentException.class, () -> rule().bind(RuleLaws.column(FieldType.INT64)))
            .getMessage());
  }
}
