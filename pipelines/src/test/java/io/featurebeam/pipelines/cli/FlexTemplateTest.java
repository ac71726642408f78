package io.featurebeam.pipelines.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.featurebeam.pipelines.spec.Times;
import java.beans.Introspector;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.ValueProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the Dataflow Flex template are those that the options of this build make. */
final class FlexTemplateTest {

  private static final Path FOLDER = Path.of("../runners-config/dataflow");

  private static final String RENEW =
      "renew it: mvn -q -pl pipelines -am test -Dtest=FlexTemplateTest -Dfeaturebeam.renew=true"
          + " -Dsurefire.failIfNoSpecifiedTests=false";

  /** A parameter's option. */
  private record Parameter(String name, TemplateParameter declared, String description) {

    static Parameter of(Method getter) {
      return new Parameter(
          Introspector.decapitalize(getter.getName().replaceFirst("^(get|is)", "")),
          getter.getAnnotation(TemplateParameter.class),
          Objects.requireNonNull(getter.getAnnotation(Description.class)).value());
    }

    ObjectNode json() {
      ObjectNode json =
          JsonNodeFactory.instance
              .objectNode()
              .put("name", name)
              .put("label", declared.label())
              .put("helpText", description)
              .put("isOptional", declared.optional());
      json.putArray("regexes").add(declared.regex());
      return json;
    }

    boolean takes(String value) {
      return value.matches(declared.regex());
    }
  }

  /** What must be given first, then by name. */
  private static List<Parameter> parameters() {
    return Arrays.stream(FeaturePipelineOptions.class.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(TemplateParameter.class))
        .map(Parameter::of)
        .sorted(
            Comparator.comparing((Parameter p) -> p.declared().optional())
                .thenComparing(Parameter::name))
        .toList();
  }

  private static Parameter parameter(String name) {
    return parameters().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
  }

  private static ObjectNode metadata() {
    ObjectNode metadata =
        JsonNodeFactory.instance
            .objectNode()
            .put("name", "FeatureBeam")
            .put(
                "description",
                "Reads events, checks them, computes features and writes them with rejects and a"
                    + " report, all as a YAML spec says.")
            .put("streaming", false);
    ArrayNode parameters = metadata.putArray("parameters");
    parameters().forEach(parameter -> parameters.add(parameter.json()));
    return metadata;
  }

  /** What {@code gcloud dataflow flex-template build} would write for this metadata. */
  private static ObjectNode containerSpec() {
    ObjectNode spec =
        JsonNodeFactory.instance
            .objectNode()
            .put("image", "REGION-docker.pkg.dev/PROJECT/featurebeam/featurebeam-dataflow:0.1.0");
    spec.putObject("sdkInfo").put("language", "JAVA");
    spec.set("metadata", metadata());
    return spec;
  }

  private static void assertCurrent(String file, ObjectNode generated) throws IOException {
    String text =
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(generated)
            + "\n";
    Path path = FOLDER.resolve(file);
    if (Boolean.getBoolean("featurebeam.renew")) {
      Files.writeString(path, text, StandardCharsets.UTF_8);
    }
    assertEquals(text, Files.readString(path, StandardCharsets.UTF_8), path + " is old; " + RENEW);
  }

  @Test
  void metadataInTheRepositoryIsCurrent() throws IOException {
    assertCurrent("flex-metadata.json", metadata());
  }

  @Test
  void containerSpecInTheRepositoryIsCurrent() throws IOException {
    assertCurrent("flex-template.json", containerSpec());
  }

  /** The others say what to do instead of a run, or are the launcher's own affair. */
  @Test
  void parametersAreTheOptionsOfARunElsewhere() {
    assertEquals(
        List.of("spec", "from", "replay", "set", "to", "verbose"),
        parameters().stream().map(Parameter::name).toList());
  }

  /** So a classic template has no parameters, which docs/dataflow.md says and explains. */
  @Test
  void noOptionStaysOpenInAClassicTemplate() {
    assertEquals(
        List.of(),
        Arrays.stream(FeaturePipelineOptions.class.getMethods())
            .filter(method -> ValueProvider.class.isAssignableFrom(method.getReturnType()))
            .toList());
  }

  @Test
  void theImageStartsTheJobJar() throws IOException {
    String image = Files.readString(FOLDER.resolve("Dockerfile"), StandardCharsets.UTF_8);
    String jar = "/template/featurebeam-dataflow.jar";
    assertTrue(image.contains("\nCOPY featurebeam-dataflow-*.jar " + jar + "\n"), image);
    assertTrue(image.contains("\nENV FLEX_TEMPLATE_JAVA_CLASSPATH=" + jar + "\n"), image);
    String main = "io.featurebeam.launcher.Launcher";
    assertTrue(image.contains("\nENV FLEX_TEMPLATE_JAVA_MAIN_CLASS=" + main + "\n"), image);
    assertTrue(
        Files.isRegularFile(
            Path.of("jobs/launcher/src/main/java").resolve(main.replace('.', '/') + ".java")));
  }

  @Test
  void theAccountOfTheJobsMayDoNoMoreThanTheyNeed() throws IOException {
    assertEquals(
        List.of(
            "roles/artifactregistry.reader",
            "roles/dataflow.worker",
            "roles/storage.legacyBucketReader",
            "roles/storage.objectUser"),
        found("role += +\"(.*)\"", terraform()));
    assertEquals(
        List.of("google_project_iam_member"),
        found("resource \"(google_(?:project|folder|organization)_iam_.*?)\"", terraform()),
        "of the whole project the worker's role alone");
  }

  @Test
  void everyVariableOfTheTerraformIsDeclaredAndUsed() throws IOException {
    assertEquals(found("variable \"(.*)\"", terraform()), found("\\bvar\\.([a-z_]+)", terraform()));
  }

  @Test
  void theTerraformGivesTheTemplateItsOwnParameters() throws IOException {
    String text = terraform();
    assertTrue(text.contains("file(\"${path.module}/../flex-metadata.json\")"), text);
    assertEquals(
        List.of("set", "spec"), found("\\{ (spec|set) += ", text), "the others are the user's");
  }

  private static String terraform() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String file : List.of("main", "outputs", "variables", "versions")) {
      text.append(Files.readString(FOLDER.resolve("terraform/" + file + ".tf")));
    }
    return text.toString();
  }

  /** Every group 1, sorted, each once. */
  private static List<String> found(String regex, String text) {
    return Pattern.compile(regex)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .distinct()
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2001-01-31",
        "2001-01-31T08:00",
        "2001-01-31T08:00Z",
        "2001-01-31T08:00:00.5Z",
        "2001-01-31T08:00:00.000001+01:00"
      })
  void aTimeThatTheParserTakesIsAParameter(String time) {
    assertTrue(Times.parse("--from", time) > 0);
    assertTrue(parameter("from").takes(time));
    assertTrue(parameter("to").takes(time));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"yesterday", "2001-1-31", "2001-01-31 08:00", "2001-01-31T08:00:00.1234567Z"})
  void aTimeThatTheParserRefusesIsNone(String time) {
    assertThrows(IllegalArgumentException.class, () -> Times.parse("--from", time));
    assertFalse(parameter("from").takes(time));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          spec   | gs://bucket/flights.yaml            | true
          spec   | flights.yaml                        | false
          spec   | gs://bucket                         | false
          replay | gs://bucket/repaired/*.jsonl        | true
          replay | repaired.jsonl                      | false
          set    | sink.parquet.path=gs://bucket/out   | true
          set    | report=                             | true
          set    | {name: a, "report.path": gs://b/c}  | true
          set    | name                                | false
          set    | {name: a                            | false
          verbose | true                               | true
          verbose | yes                                | false
          """)
  void parametersAreCheckedBeforeAMachineStarts(String name, String value, boolean taken) {
    assertEquals(taken, parameter(name).takes(value), value);
  }
}
