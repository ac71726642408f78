package io.featurebeam.io.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.transforms.PipelineExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(PipelineExtension.class)
class SecurityTest {

  private static final String PASSWORD = "store-password";

  private static EmbeddedBroker broker;
  private static Path truststore;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    Path keystore = directory.resolve("broker.p12");
    Path certificate = directory.resolve("broker.crt");
    truststore = directory.resolve("trust.p12");
    keytool(
        "-genkeypair",
        "-alias",
        "broker",
        "-keyalg",
        "RSA",
        "-dname",
        "CN=localhost",
        "-ext",
        "SAN=dns:localhost",
        "-keystore",
        keystore.toString());
    keytool(
        "-exportcert",
        "-alias",
        "broker",
        "-file",
        certificate.toString(),
        "-keystore",
        keystore.toString());
    keytool(
        "-importcert",
        "-noprompt",
        "-alias",
        "broker",
        "-file",
        certificate.toString(),
        "-keystore",
        truststore.toString());
    broker =
        EmbeddedBroker.startSecured(
            directory.resolve("kafka"), keystore, PASSWORD, "reader", "hunter2");
    broker.createTopic("secured", 1);
    broker.send(List.of(Flows.message("secured", 0, "kept safe")));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }

  private static ReadKafka read(KafkaConnection connection) {
    return ReadKafka.of(connection, List.of("secured"), MessageFormat.text("value"))
        .untilLatest()
        .withTimeout(Duration.ofSeconds(4));
  }

  private static void check(TestPipeline pipeline, KafkaConnection connection) {
    PAssert.that(pipeline.apply(read(connection)))
        .satisfies(
            flow -> {
              assertEquals(List.of("secured-0@0 [kept safe]"), Flows.records(flow));
              return null;
            });
    pipeline.run();
  }

  @Test
  void aTopicIsReadThroughTls(TestPipeline pipeline) {
    check(
        pipeline,
        KafkaConnection.to(broker.servers("SSL")).withTls(truststore.toString(), PASSWORD));
  }

  @Test
  void aCertificateThatNobodyTrustsIsTold() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                read(KafkaConnection.to(broker.servers("SSL"))
                        .with(Map.of("security.protocol", "SSL")))
                    .check());
    assertEquals(
        "Cannot log in to Kafka: servers '"
            + broker.servers("SSL")
            + "' (SSL handshake failed; check user, password and certificates)",
        e.getMessage());
  }

  @Test
  void aTopicIsReadWithALogin(TestPipeline pipeline) {
    check(
        pipeline,
        KafkaConnection.to(broker.servers("SASL_PLAINTEXT")).withPlain("reader", "hunter2"));
  }

  @Test
  void aWrongPasswordIsToldAndNotShown() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                read(KafkaConnection.to(broker.servers("SASL_PLAINTEXT"))
                        .withPlain("reader", "letmein"))
                    .check());
    assertEquals(
        "Cannot log in to Kafka: servers '"
            + broker.servers("SASL_PLAINTEXT")
            + "' (Authentication failed: Invalid username or password; check user, password and"
            + " certificates)",
        e.getMessage());
  }

  @Test
  void aPasswordStandsInNoText() {
    KafkaConnection connection =
        KafkaConnection.to("broker:9093")
            .withPlain("reader", "hunter2")
            .withTls("t.p12", "hunter3");
    assertEquals("broker:9093", connection.toString());
    assertEquals("SASL_SSL", connection.properties().get("security.protocol"));
    assertTrue(connection.properties().get("sasl.jaas.config").contains("\"hunter2\""));
  }

  @Test
  void whatIsSaidElsewhereIsRefusedAsAProperty() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> KafkaConnection.to("broker:9092").with(Map.of("group.id", "g")));
    assertEquals("Invalid properties: 'group.id' (say start: group instead)", e.getMessage());
    Exception noPort =
        assertThrows(IllegalArgumentException.class, () -> KafkaConnection.to("a:1,broker"));
    assertEquals(
        "Invalid servers: 'broker' (must be host:port, such as broker:9092)", noPort.getMessage());
  }
}
