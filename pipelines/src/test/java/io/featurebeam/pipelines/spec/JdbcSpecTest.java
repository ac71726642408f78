package io.featurebeam.pipelines.spec;

import static io.featurebeam.pipelines.spec.Specs.errors;
import static io.featurebeam.pipelines.spec.Specs.parser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JdbcSpecTest {

  private static String spec(String keys, String sink) {
    return """
        name: cards
        source: { parquet: { path: in.parquet } }
        eventTime: at
        %s
        sink:
          jdbc: %s
        """
        .formatted(keys, sink);
  }

  private static final String FULL =
      spec(
          "keys: [card]",
          "{ url: \"jdbc:postgresql://db/f?sslmode=require\", user: writer, password: \"${SECRET}\","
              + " schema: online, table: card_features, ttl: 30d, addColumns: true, overwrite:"
              + " true, where: \"spent > 0.0\" }");

  private static PipelineSpec full() {
    return parser().withEnvironment(Map.of("SECRET", "hunter2")).parse(FULL, "f.yaml");
  }

  @Test
  void everyKeyIsRead() {
    assertEquals(
        List.of(
            SinkSpec.jdbc(
                    new JdbcSink(
                        "jdbc:postgresql://db/f?sslmode=require",
                        "card_features",
                        "online",
                        "writer",
                        "hunter2",
                        30L * 86_400_000_000L,
                        true,
                        true))
                .where("spent > 0.0")),
        full().sinks());
  }

  @Test
  void keysLeftOutHaveTheirDefaults() {
    PipelineSpec spec =
        parser().parse(spec("keys: [card]", "{ url: \"jdbc:postgresql:f\", user: u }"), "f.yaml");

    assertEquals(SinkSpec.jdbc(JdbcSink.of("jdbc:postgresql:f", "u", null)), spec.sinks().get(0));
    assertEquals(spec.sinks(), spec.stores());
    assertEquals(List.of(), spec.topics());
    assertNull(spec.files());
  }

  @Test
  void whatIsWrittenReadsBackTheSameWithoutItsSecrets() {
    PipelineSpec spec = full();
    String yaml = SpecWriter.toYaml(spec);

    assertFalse(yaml.contains("hunter2"), yaml);
    assertFalse(spec.sinks().toString().contains("hunter2"), spec.sinks().toString());
    assertEquals(spec, parser().withEnvironment(Map.of("SECRET", "hunter2")).parse(yaml, "f.yaml"));
  }

  @Test
  void aRowNeedsItsKeys() {
    assertEquals(List.of("at", "card"), full().requiredColumns());
    assertEquals(
        "f.yaml:1:1: Invalid keys: none given (a store keeps the newest row of each key); use for"
            + " example keys: [user]",
        errors(spec("", "{ url: \"jdbc:postgresql:f\", user: u }")));
  }
}
