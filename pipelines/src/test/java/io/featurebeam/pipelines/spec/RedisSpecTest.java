package io.featurebeam.pipelines.spec;

import static io.featurebeam.pipelines.spec.Specs.errors;
import static io.featurebeam.pipelines.spec.Specs.parser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RedisSpecTest {

  private static final String HEAD =
      """
      name: cards
      source: { parquet: { path: in.parquet } }
      eventTime: at
      keys: [card]
      """;

  private static PipelineSpec parse(String sink) {
    return parser().withEnvironment(Map.of("SECRET", "hunter2")).parse(HEAD + sink, "f.yaml");
  }

  private static final String FULL =
      """
      sink:
        redis:
          server: redis:6380
          group: card-features
          ttl: 30d
          tls: { truststore: trust.p12, password: "${SECRET}" }
          login: { user: writer, password: "${SECRET}" }
          database: 2
          overwrite: true
          where: amount > 1.0
      """;

  @Test
  void everyKeyIsRead() {
    assertEquals(
        SinkSpec.redis(
                new RedisSink(
                    "redis:6380",
                    "card-features",
                    30L * 24 * 3_600_000_000L,
                    new RedisSink.Tls("trust.p12", "hunter2"),
                    new RedisSink.Login("writer", "hunter2"),
                    2,
                    true))
            .where("amount > 1.0"),
        parse(FULL).sinks().get(0));
  }

  @Test
  void whatIsWrittenReadsBackTheSameWithoutItsSecrets() {
    PipelineSpec spec = parse(FULL);
    String yaml = SpecWriter.toYaml(spec);
    assertFalse(yaml.contains("hunter2"), yaml);
    assertFalse(spec.sinks().toString().contains("hunter2"), spec.sinks().toString());
    assertEquals(spec, parser().withEnvironment(Map.of("SECRET", "hunter2")).parse(yaml, "f.yaml"));
  }

  @Test
  void keysLeftOutHaveTheirDefaults() {
    SinkSpec sink = parse("sink: { redis: { server: \"redis:6379\" } }\n").sinks().get(0);
    assertEquals(SinkSpec.redis(RedisSink.at("redis:6379")), sink);
    assertEquals("cards", sink.redis().groupOr("cards"));
    assertFalse(sink.isFiles());
  }

  @Test
  void aStoreStandsBesideFilesAndTopics() {
    PipelineSpec spec =
        parse(
            """
            sink:
              - redis: { server: "redis:6379" }
              - kafka: { servers: "a:1", topic: features }
              - parquet: { path: out }
            """);
    assertEquals(1, spec.stores().size());
    assertEquals(1, spec.topics().size());
    assertEquals("out", spec.files().path());
    assertEquals("sink[0].redis", spec.place(spec.stores().get(0)));
    assertEquals(List.of("at", "card"), spec.requiredColumns());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertEquals(
        "f.yaml:5:45: sink.redis.ttl: Invalid ttl: '0s' (must be > 0); use for example 1h",
        errors(HEAD + "sink: { redis: { server: \"redis:6379\", ttl: 0s } }\n"));
    assertEquals(
        "f.yaml:5:16: sink.redis: Invalid tls: truststore and password must be given together",
        errors(HEAD + "sink: { redis: { server: \"redis:6379\", tls: { truststore: t } } }\n"));
    assertEquals(
        "f.yaml:1:1: Invalid keys: none given (a store keeps the newest row of each key); use for"
            + " example keys: [user]",
        errors(
            HEAD.replace("keys: [card]\n", "") + "sink: { redis: { server: \"redis:6379\" } }\n"));
  }
}
