package io.featurebeam.pipelines.spec;

import static io.featurebeam.pipelines.spec.Specs.errors;
import static io.featurebeam.pipelines.spec.Specs.parser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.featurebeam.columnar.FieldType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class KafkaSpecTest {

  private static final String FULL =
      """
      name: payments
      source:
        kafka:
          servers: a:9093,b:9093
          topic: [payments, refunds]
          format: confluentAvro
          schema: payments.avsc
          registry: { url: "https://registry:8081", username: reader, password: "${SECRET}" }
          metadata: { logged: timestamp, sent: "header(sent-at, timestamp)" }
          tombstones: nulls
          maxRecord: 64KiB
          start: { group: features }
          until: latest
          disorder: 1m
          idle: 5s
          tls: { truststore: trust.p12, password: "${SECRET}" }
          login: { mechanism: SCRAM-SHA-512, username: reader, password: "${SECRET}" }
          properties: { client.rack: r1 }
      eventTime: at
      sink:
        kafka:
          servers: a:9093
          topic: features
          format: avro
          key: [card, at]
          exactlyOnce: { group: features-out, writers: 2 }
      """;

  private static PipelineSpec full() {
    return parser().withEnvironment(Map.of("SECRET", "hunter2")).parse(FULL, "f.yaml");
  }

  @Test
  void everyKeyIsRead() {
    PipelineSpec spec = full();
    assertEquals(
        new KafkaSource(
            new KafkaAccess(
                "a:9093,b:9093",
                new KafkaAccess.Tls("trust.p12", "hunter2", null, null),
                new KafkaAccess.Login(
                    KafkaAccess.Login.Mechanism.SCRAM_SHA_512, "reader", "hunter2"),
                Map.of("client.rack", "r1")),
            List.of("payments", "refunds"),
            KafkaSource.Format.CONFLUENT_AVRO,
            Map.of(),
            Map.of(),
            "payments.avsc",
            new KafkaSource.Registry("https://registry:8081", "reader", "hunter2", null, null),
            Map.of("logged", "timestamp", "sent", "header(sent-at, timestamp)"),
            KafkaSource.Tombstones.NULLS,
            64 << 10,
            new KafkaSource.Start(false, null, "features"),
            true,
            60_000_000,
            5_000_000),
        spec.source());
    assertEquals(
        SinkSpec.kafka(
            new KafkaSink(
                KafkaAccess.of("a:9093"),
                "features",
                KafkaSink.Format.AVRO,
                List.of("card", "at"),
                Map.of(),
                new KafkaSink.ExactlyOnce("features-out", 2))),
        spec.sinks().get(0));
  }

  @Test
  void whatIsWrittenReadsBackTheSameWithoutItsSecrets() {
    PipelineSpec spec = full();
    String yaml = SpecWriter.toYaml(spec);
    assertFalse(yaml.contains("hunter2"), yaml);
    assertFalse(spec.toString().contains("hunter2"), spec.toString());
    assertEquals(spec, parser().withEnvironment(Map.of("SECRET", "hunter2")).parse(yaml, "f.yaml"));
  }

  @Test
  void keysLeftOutHaveTheirDefaults() {
    PipelineSpec spec =
        parser()
            .parse(
                """
                name: p
                source:
                  kafka: { servers: "a:1", topic: t, format: json, columns: { at: timestamp } }
                eventTime: at
                sink: { kafka: { servers: "a:1", topic: out } }
                """,
                "f.yaml");
    assertEquals(KafkaSource.json("a:1", "t", Map.of("at", FieldType.TIMESTAMP)), spec.source());
    assertEquals(SinkSpec.kafka(KafkaSink.json("a:1", "out")), spec.sinks().get(0));
  }

  private static String wrong(String source) {
    return errors(
        """
        name: p
        source:
          kafka: { servers: "a:1", topic: t, %s }
        eventTime: at
        """
            .formatted(source));
  }

  @Test
  void whatDoesNotFitTogetherIsRefused() {
    assertEquals(
        "f.yaml:3:10: source.kafka: Invalid columns: none given for json (messages have no header:"
            + " name each column with its type)",
        wrong("format: json"));
    assertEquals(
        "f.yaml:3:10: source.kafka: Invalid columns: given for text (there is one, named value)",
        wrong("format: text, columns: { a: string }"));
    assertEquals(
        "f.yaml:3:10: source.kafka: Invalid schema: none given (confluentAvro needs a schema, a"
            + " registry or both)",
        wrong("format: confluentAvro"));
    assertEquals(
        "f.yaml:3:10: source.kafka: Invalid schema: avro needs a schema and no registry (say"
            + " format: confluentAvro where messages bear the number of theirs)",
        wrong("format: avro"));
    assertEquals(
        "f.yaml:3:10: source.kafka: Invalid schema: given for bytes (only avro has one)",
        wrong("format: bytes, schema: s.avsc"));
    assertEquals(
        "f.yaml:3:10: source.kafka: Invalid start: must be one of time and group",
        wrong("format: bytes, start: { time: 2001-01-01, group: g }"));
    assertEquals(
        "f.yaml:3:10: source.kafka: Invalid tls: truststore and password must be given together",
        wrong("format: bytes, tls: { truststore: t.p12 }"));
  }
}
