package io.featurebeam.pipelines.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class SecretsTest {

  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PASSWORD",
          "hunter2",
          "OUT",
          "/mnt/secret-place",
          "CAP",
          "17",
          "LENGTH",
          "24h",
          "ONE",
          "e");

  private static final SpecParser PARSER = Specs.parser().withEnvironment(ENVIRONMENT);

  private static final String YAML =
      """
      name: n
      source: { queue: { topic: flights, password: "pre-${PASSWORD}" } }
      eventTime: t
      keys: k
      aggregate:
        window: ${LENGTH}
        bounds:
          rowCap: ${CAP}
        features: { n: count }
      sink:
        parquet:
          path: ${OUT}/features
      """;

  private static void assertNoSecret(String text) {
    for (String secret : new String[] {"hunter2", "secret-place", "17", "24h", "1d"}) {
      assertFalse(text.contains(secret), () -> secret + " shows in: " + text);
    }
  }

  @Test
  void valuesAreUsedButNothingPrintsThem() {
    PipelineSpec spec = PARSER.parse(YAML, "f.yaml");
    assertEquals("/mnt/secret-place/features", spec.sinks().get(0).path());
    assertEquals(17, spec.aggregate().get(0).bounds().rowCap());
    assertNoSecret(spec.toString());
    assertNoSecret(spec.source().toString());
    assertNoSecret(spec.sinks().get(0).toString());
    assertNoSecret(spec.secrets().toString());
    assertTrue(spec.toString().contains("rowCap: ${CAP}"), spec.toString());
    assertTrue(spec.toString().contains("\"pre-${PASSWORD}\""), spec.toString());
  }

  @Test
  void writtenYamlReadsBackAsTheSameSpec() {
    PipelineSpec spec = PARSER.parse(YAML, "f.yaml");
    assertEquals(spec, PARSER.parse(SpecWriter.toYaml(spec), "again.yaml"));
  }

  @Test
  void errorsShowTheVariableAlsoForShortValues() {
    assertEquals(
        "f.yaml:4:7: sink: Invalid sink: '${PASSWORD}' (must be keys and values: \"key: value\")",
        Specs.errors(PARSER, Specs.minimal("sink: ${PASSWORD}\n")));
    assertEquals(
        "f.yaml:4:22: aggregate.window: Invalid window: '${ONE}' (must be a whole number and a"
            + " unit: us, ms, s, m, h, d or w, for example 1h)",
        Specs.errors(
            PARSER, Specs.minimal("aggregate: { window: \"${ONE}\", features: { n: count } }\n")));
  }

  @Test
  void anyTextIsRedactedLongestFirst() {
    Secrets secrets =
        new Secrets(Map.of("abcd", "${A}", "abcdef", "${B}", "xyz", "${C}"), Map.of());
    assertEquals("${B} and ${A} and xyz", secrets.redact("abcdef and abcd and xyz"));
  }

  @Test
  void valueIsNotLookedThroughAgainAndDollarsEscape() {
    SpecParser parser = Specs.parser().withEnvironment(Map.of("A", "${B}", "B", "wrong"));
    assertEquals("${B}", parser.parse(Specs.minimal("mask: \"${A}\"\n"), "f.yaml").mask().get(0));
    assertEquals("${B}", parser.parse(Specs.minimal("mask: \"$${B}\"\n"), "f.yaml").mask().get(0));
    PipelineSpec plain = parser.parse(Specs.minimal("mask: \"$${B}$$$${\"\n"), "f.yaml");
    assertEquals("${B}$$${", plain.mask().get(0));
    assertEquals(plain, parser.parse(SpecWriter.toYaml(plain), "again.yaml"));
  }

  @Test
  void variableMayBeANumberOrAFlag() {
    SpecParser parser = Specs.parser().withEnvironment(Map.of("REPLACE", "true"));
    PipelineSpec spec =
        parser.parse(
            Specs.minimal("sink:\n  parquet:\n    path: out\n    overwrite: ${REPLACE}\n"),
            "f.yaml");
    assertTrue(spec.sinks().get(0).overwrite());
    assertEquals(spec, parser.parse(SpecWriter.toYaml(spec), "again.yaml"));
  }
}
