package io.featurebeam.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValidJsonTest implements RuleLaws {

  @Override
  public Rule rule() {
    return Rules.jsonSchema("x", SCHEMA);
  }

  @Override
  public RecordSchema schema() {
    return RuleLaws.column(FieldType.STRING);
  }

  @Override
  public List<?> passing() {
    return List.of("{\"id\": 1}", "{\"id\": 2, \"more\": []}");
  }

  @Override
  public List<?> failing() {
    return List.of("", "{", "null", "[]", "{}", "{\"id\": \"1\"}", "{\"id\": 1} x");
  }

  @Override
  public Map.Entry<String, Map<String, Object>> yaml() {
    return Map.entry("json_schema", Map.of("column", "x", "schema", SCHEMA));
  }

  private static final String SCHEMA =
      "{\"type\": \"object\", \"required\": [\"id\"], \"properties\": {\"id\": {\"type\": \"integer\"}}}";

  @Test
  void idAndReasonShowTheSchema() {
    assertEquals(
        "json_schema(x, {\"type\":\"object\",\"required\":[\"id\"],\"properties\":{\"id\":{\"type\":\"integer\"}}})",
        rule().id());
    RecordBatch batch = RuleLaws.batch(schema(), List.of("{}"));
    assertEquals(
        "x is {} (must be valid by the JSON Schema"
            + " {\"type\":\"object\",\"required\":[\"id\"],\"properties\":{\"id\":{\"type\":\"integer\"}}})",
        rule().bind(schema()).reason(batch, 0));
  }

  @Test
  void patternsAreLinear() {
    Rule rule = Rules.jsonSchema("x", "{\"pattern\": \"^(a+)+$\"}");
    String text = "\"" + "a".repeat(20_000) + "b\"";
    assertEquals("01", RuleLaws.check(rule, schema(), text, "\"aa\""));
  }

  @Test
  void referencesWithinTheSchemaAreFollowed() {
    Rule rule =
        Rules.jsonSchema(
            "x", "{\"$ref\": \"#/$defs/n\", \"$defs\": {\"n\": {\"type\": \"number\"}}}");
    assertEquals("10", RuleLaws.check(rule, schema(), "1.5", "true"));
  }

  @Test
  void anOlderDraftIsReadAsSuch() {
    Rule rule =
        Rules.jsonSchema(
            "x", "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"minimum\": 3}");
    assertEquals("10", RuleLaws.check(rule, schema(), "3", "2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nothing",
        "[]",
        "{\"$ref\": \"https://example.com/other.json\"}",
        "{\"$ref\": \"#/$defs/missing\"}",
        "{\"pattern\": \"(?=a)\"}"
      })
  void aSchemaThatCannotBeUsedIsAnErrorAtOnce(String bad) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Rules.jsonSchema("x", bad)).getMessage();
    assertTrue(message.startsWith("Invalid "), message);
  }
}
