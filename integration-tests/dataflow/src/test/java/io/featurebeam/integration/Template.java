package io.featurebeam.integration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.model.pipeline.v1.RunnerApi;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.extensions.gcp.storage.NoopPathValidator;

/**
 * What Dataflow gets of a job, made by its own runner without a cloud.
 *
 * @param job the specification in JSON, with the steps that Dataflow will run
 * @param pipeline the same in Beam's portable form, as it was before the runner translated it
 */
record Template(JsonNode job, RunnerApi.Pipeline pipeline) {

  /** The job, told to become a template in {@code folder} and to need no cloud for that. */
  static Job job(Job job, Path folder) {
    return job.with(
        "--project=a-project",
        "--region=us-central1",
        "--gcpTempLocation=gs://a-bucket/temp",
        "--stagingLocation=gs://a-bucket/staging",
        "--stagerClass=" + LocalStager.class.getName(),
        "--pathValidatorClass=" + NoopPathValidator.class.getName(),
        "--credentialFactoryClass=" + NoopCredentialFactory.class.getName(),
        "--templateLocation=" + folder.resolve("template.json"));
  }

  /** What such a job wrote. */
  static Template read(Path folder) throws IOException {
    return new Template(
        new ObjectMapper().readTree(folder.resolve("template.json").toFile()),
        RunnerApi.Pipeline.parseFrom(Files.readAllBytes(folder.resolve("pipeline.pb"))));
  }

  /** One of Dataflow's steps. */
  record Step(JsonNode json) {

    String kind() {
      return json.get("kind").textValue();
    }

    /** As people read it in Dataflow's console. */
    String name() {
      return json.at("/properties/user_name/value").textValue();
    }

    /** Whether a DoFn of this project does the work. */
    boolean isOurs() {
      return displayData().stream().anyMatch(item -> item.startsWith("fn=io.featurebeam."));
    }

    List<String> displayData() {
      List<String> items = new ArrayList<>();
      for (JsonNode item : json.at("/properties/display_data")) {
        items.add(item.get("key").asText() + "=" + item.get("value").asText());
      }
      return items;
    }

    /** How elements of the output travel: {@code KV<VarIntCoder, BatchCoder>}. */
    String coder() {
      JsonNode windowed = json.at("/properties/output_info/0/encoding");
      return coder(windowed.at("/component_encodings/0"));
    }

    private static String coder(JsonNode encoding) {
      String type = encoding.get("@type").textValue();
      List<String> parts = new ArrayList<>();
      encoding.path("component_encodings").forEach(part -> parts.add(coder(part)));
      return switch (type) {
        case "kind:pair" -> "KV<" + String.join(", ", parts) + ">";
        case "kind:stream" -> "Iterable<" + parts.get(0) + ">";
        case "org.apache.beam.sdk.coders.SerializableCoder" ->
            "Serializable<" + named(encoding) + ">";
        case "org.apache.beam.sdk.coders.CustomCoder" -> named(encoding);
        default -> simple(type);
      };
    }

    private static String named(JsonNode encoding) {
      return simple(encoding.at("/type/value").textValue());
    }

    private static String simple(String type) {
      return type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1);
    }
  }

  List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    job.get("steps").forEach(step -> steps.add(new Step(step)));
    return steps;
  }

  /** The options as Dataflow shows and keeps them. */
  JsonNode options() {
    return job.at("/environment/sdkPipelineOptions");
  }

  /** The outermost steps of the portable pipeline, in their order. */
  List<String> outermost() {
    RunnerApi.Components components = pipeline.getComponents();
    return pipeline.getRootTransformIdsList().stream()
        .map(id -> components.getTransformsOrThrow(id).getUniqueName())
        .toList();
  }

  /** The display data of the portable pipeline, sorted, by step. */
  Map<String, Set<String>> displayData() throws IOException {
    Map<String, Set<String>> items = new TreeMap<>();
    for (RunnerApi.PTransform transform : pipeline.getComponents().getTransformsMap().values()) {
      for (RunnerApi.DisplayData item : transform.getDisplayDataList()) {
        RunnerApi.LabelledPayload payload = RunnerApi.LabelledPayload.parseFrom(item.getPayload());
        items
            .computeIfAbsent(transform.getUniqueName(), name -> new TreeSet<>())
            .add(payload.getKey() + "=" + value(payload));
      }
    }
    return items;
  }

  private static String value(RunnerApi.LabelledPayload payload) {
    return switch (payload.getValueCase()) {
      case STRING_VALUE -> payload.getStringValue();
      case INT_VALUE -> String.valueOf(payload.getIntValue());
      case BOOL_VALUE -> String.valueOf(payload.getBoolValue());
      case DOUBLE_VALUE -> String.valueOf(payload.getDoubleValue());
      case VALUE_NOT_SET -> "";
    };
  }
}
