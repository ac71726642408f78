package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The deployment files for Flink: their form by the schema that Flink's operator gives Kubernetes.
 */
class FlinkDeploymentTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Of the operator's custom resource. */
  private static final String DEFINITION =
      "/META-INF/fabric8/flinkdeployments.flink.apache.org-v1.yml";

  private static Path file(String name) {
    return Flights.folder().resolve("../../../runners-config/flink").resolve(name).normalize();
  }

  private static JsonNode yaml(InputStream in) {
    return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromInputStream(in));
  }

  private static JsonNode yaml(String name) throws IOException {
    try (InputStream in = Files.newInputStream(file(name))) {
      return yaml(in);
    }
  }

  private static List<String> problems(JsonNode deployment) throws IOException {
    JsonNode schema;
    try (InputStream in = FlinkDeploymentTest.class.getResourceAsStream(DEFINITION)) {
      schema = yaml(in).at("/spec/versions/0/schema/openAPIV3Schema");
    }
    close(schema);
    Schema closed =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(schema.toString());
    JsonNode spec = JSON.createObjectNode().set("spec", deployment.path("spec"));
    return closed.validate(spec.toString(), InputFormat.JSON).stream()
        .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
        .toList();
  }

  /** Kubernetes drops a field that it does not know without a word; here it is an error. */
  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object && object.path("properties").isObject()) {
      object.put("additionalProperties", false);
    }
    schema.forEach(FlinkDeploymentTest::close);
  }

  @Test
  void manifestIsOneThatTheOperatorTakes() throws IOException {
    JsonNode deployment = yaml("flink-deployment.yaml");
    assertEquals("flink.apache.org/v1beta1", deployment.path("apiVersion").asText());
    assertEquals("FlinkDeployment", deployment.path("kind").asText());
    assertEquals(List.of(), problems(deployment));
    assertEquals(
        "io.featurebeam.launcher.Launcher", deployment.at("/spec/job/entryClass").asText());
  }

  @Test
  void anUnknownFieldOrValueWouldBeSeen() throws IOException {
    ObjectNode deployment = (ObjectNode) yaml("flink-deployment.yaml");
    ((ObjectNode) deployment.path("spec")).put("flinkVersion", "v0_1");
    ((ObjectNode) deployment.at("/spec/job")).put("paralellism", 2);
    assertEquals(2, problems(deployment).size(), () -> deployment.toString());
  }

  /** Its own schema cannot be had as an artifact; what our documentation leans on is held. */
  @Test
  void composeFileSharesTheRepositoryAndAsksForFreeSlots() throws IOException {
    JsonNode services = yaml("compose.yaml").path("services");
    assertEquals(2, services.size());
    for (JsonNode service : services) {
      assertEquals("flink:1.19-java17", service.path("image").asText());
      assertEquals("../..:/work", service.path("volumes").path(0).asText());
      assertTrue(
          service.at("/environment/FLINK_PROPERTIES").asText().contains("jobmanager.rpc.address"));
    }
    assertTrue(services.at("/jobmanager/ports/0").asText().startsWith("127.0.0.1:"));
  }
}
