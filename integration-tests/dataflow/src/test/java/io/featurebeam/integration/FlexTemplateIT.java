package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.api.client.json.GenericJson;
import com.google.api.services.dataflow.model.ContainerSpec;
import com.google.api.services.dataflow.model.DataflowPackage;
import com.google.api.services.dataflow.model.ParameterMetadata;
import com.google.api.services.dataflow.model.Step;
import com.google.api.services.dataflow.model.TemplateMetadata;
import com.google.api.services.dataflow.model.WorkerPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.beam.model.pipeline.v1.RunnerApi;
import org.apache.beam.sdk.extensions.gcp.auth.GcpCredentialFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A launch of the Flex template, from the arguments that Google's launcher gives to the job that it
 * takes from {@code --templateLocation}: the real runner and its clients, against the services' own
 * shapes on this machine.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES) // clients repeat what fails for long
class FlexTemplateIT {

  /** Where Dataflow looks for what the launched program makes. */
  private static final String JOB_OBJECT = "staging/template_launches/2026-01-01-1/job_object";

  @TempDir static Path folder;

  private static StubCloud cloud;
  private static Job.Result result;
  private static com.google.api.services.dataflow.model.Job job;

  @BeforeAll
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  static void launch() throws IOException {
    cloud = StubCloud.start();
    CloudFlights.lay(cloud.storage());
    result = launch("--spec=" + CloudFlights.SPEC, CloudFlights.OVERRIDES);
    assertEquals(0, result.exitCode(), result.err());
    job =
        StrictModel.read(
            cloud.storage().text(JOB_OBJECT), com.google.api.services.dataflow.model.Job.class);
  }

  @AfterAll
  static void stop() {
    cloud.close();
  }

  /** The template's parameters behind what the launcher adds. */
  private static Job.Result launch(String... parameters) throws IOException {
    String[] launcher = {
      "--runner=DataflowRunner",
      "--project=a-project",
      "--region=us-central1",
      "--jobName=flights-nightly",
      "--templateLocation=gs://a-bucket/" + JOB_OBJECT,
      "--stagingLocation=gs://a-bucket/staging",
      "--tempLocation=gs://a-bucket/temp",
      "--serviceAccount=featurebeam@a-project.iam.gserviceaccount.com",
      "--maxNumWorkers=4",
      "--labels={\"team\":\"delays\"}",
      "--filesToStage=" + CloudFlights.jar(folder)
    };
    List<String> all = new ArrayList<>(List.of(launcher));
    all.addAll(List.of(parameters));
    return CloudFlights.run(cloud, all.toArray(String[]::new));
  }

  private static <T extends GenericJson> T file(String name, Class<T> model) throws IOException {
    Path repository = Flights.folder().resolve("../../..");
    return StrictModel.read(
        Files.readString(repository.resolve("runners-config/dataflow").resolve(name)), model);
  }

  @Test
  void theServicesKnowEveryRequest() {
    assertEquals(List.of(), cloud.complaints());
    assertEquals(List.of(), cloud.jobs(), "the service itself starts the job");
  }

  @Test
  void theLauncherIsToldWhatWasWritten() {
    assertEquals(
        """
        Template written: gs://a-bucket/%s
          It reads what the source holds now; make it again when there is more.
        """
            .formatted(JOB_OBJECT),
        result.out());
  }

  @Test
  void theJobIsTheLaunchers() {
    assertEquals("flights-nightly", job.getName());
    assertEquals("JOB_TYPE_BATCH", job.getType());
    assertEquals(Map.of("team", "delays"), job.getLabels());
    assertEquals(
        "featurebeam@a-project.iam.gserviceaccount.com",
        job.getEnvironment().getServiceAccountEmail());
    assertEquals(
        "storage.googleapis.com/a-bucket/temp", job.getEnvironment().getTempStoragePrefix());
    assertEquals(4, pool().getAutoscalingSettings().getMaxNumWorkers());
  }

  private static WorkerPool pool() {
    assertEquals(1, job.getEnvironment().getWorkerPools().size());
    return job.getEnvironment().getWorkerPools().get(0);
  }

  @Test
  void workersRunTheImageOfThisBeamAndJava() {
    String image = pool().getWorkerHarnessContainerImage();
    assertTrue(image.matches("gcr\\.io/cloud-dataflow/v1beta3/.*java\\d+.*:.+"), image);
  }

  @Test
  void workersFindWhatTheyLoad() {
    List<DataflowPackage> packages = pool().getPackages();
    assertEquals(1, packages.size());
    String location = packages.get(0).getLocation();
    String name = location.replaceFirst("^(gs://|storage.googleapis.com/)a-bucket/", "");
    assertTrue(name.matches("staging/featurebeam-dataflow-[A-Za-z0-9_-]+\\.jar"), location);
    assertTrue(cloud.storage().get(name).length > 0);
  }

  @Test
  void thePortablePipelineIsStagedToo() throws IOException {
    String url = (String) options().get("pipelineUrl");
    String name = url.replaceFirst("^gs://a-bucket/", "");
    RunnerApi.Pipeline pipeline = RunnerApi.Pipeline.parseFrom(cloud.storage().get(name));
    assertEquals(8, pipeline.getRootTransformIdsCount());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> options() {
    Map<String, Object> all = job.getEnvironment().getSdkPipelineOptions();
    return (Map<String, Object>) all.get("options");
  }

  @Test
  void optionsTellTheSpecAndNoOverride() {
    assertEquals(CloudFlights.SPEC, options().get("spec"));
    assertFalse(options().containsKey("set"));
  }

  /** As the classic template has them: the launch changes the place, not the graph. */
  @Test
  void itsStepsAreThoseOfTheSpec() {
    Map<String, Long> kinds =
        job.getSteps().stream()
            .collect(Collectors.groupingBy(Step::getKind, Collectors.counting()));
    assertEquals(3, kinds.get("GroupByKey"));
    assertEquals(
        Set.of("Bucket", "Flatten", "GroupByKey", "ParallelDo", "ParallelRead"), kinds.keySet());
  }

  @Test
  void nothingThatIsShownHoldsASecret() {
    StringBuilder shown = new StringBuilder();
    shown.append(job.getName()).append(job.getLabels()).append(job.getEnvironment());
    for (Step step : job.getSteps()) {
      shown
          .append(step.getProperties().get("user_name"))
          .append(step.getProperties().get("display_data"));
    }
    for (String secret : List.of("hunter2", CloudFlights.SECRET_SEED)) {
      assertFalse(shown.toString().contains(secret), secret);
      assertFalse(result.out().contains(secret), secret);
    }
    assertTrue(job.toString().contains("hunter2"), "it does reach the workers");
  }

  @Test
  void noOutputIsTouched() {
    assertEquals(List.of(), cloud.storage().names("out/"));
  }

  @Test
  void metadataIsWhatTheServiceTakes() throws IOException {
    TemplateMetadata metadata = file("flex-metadata.json", TemplateMetadata.class);
    assertEquals(metadata, file("flex-template.json", ContainerSpec.class).getMetadata());
    for (ParameterMetadata parameter : metadata.getParameters()) {
      assertNotNull(parameter.getLabel());
      assertNotNull(parameter.getHelpText());
      assertEquals(1, parameter.getRegexes().size());
    }
    ParameterMetadata set =
        metadata.getParameters().stream()
            .filter(parameter -> parameter.getName().equals("set"))
            .findFirst()
            .orElseThrow();
    String value = CloudFlights.OVERRIDES.substring("--set=".length());
    assertTrue(value.matches(set.getRegexes().get(0)), value);
  }

  @Test
  void aFieldThatTheServiceDoesNotHaveIsRefused() {
    assertEquals(
        "Unknown fields of TemplateMetadata.parameters[]: [helptext]",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    StrictModel.read(
                        "{\"parameters\":[{\"helptext\":\"\"}]}", TemplateMetadata.class))
            .getMessage());
  }

  /** What the page of this runner tells people to give, as the launcher hands it on. */
  @Test
  void theDocumentedParametersLaunch() throws IOException {
    Path page = Flights.folder().resolve("../../../docs/dataflow.md");
    Matcher block =
        Pattern.compile("```yaml\n--parameters:\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(page));
    assertTrue(block.find(), "no parameters in " + page);
    Map<String, String> given = new TreeMap<>();
    for (String line : block.group(1).lines().toList()) {
      String[] sides = line.strip().split(": ", 2);
      String value = sides[1].replaceAll("^['\"]|['\"]$", "").replace("BUCKET", "a-bucket");
      given.put(sides[0], value);
    }
    assertEquals(Set.of("spec", "set", "from", "to"), given.keySet());
    for (ParameterMetadata parameter :
        file("flex-metadata.json", TemplateMetadata.class).getParameters()) {
      String value = given.get(parameter.getName());
      assertTrue(value == null || value.matches(parameter.getRegexes().get(0)), value);
    }

    String[] parameters =
        given.entrySet().stream()
            .map(entry -> "--" + entry.getKey() + "=" + entry.getValue())
            .toArray(String[]::new);
    Job.Result launched = launch(parameters);
    assertEquals(0, launched.exitCode(), launched.err());
  }

  private static void assertRefused(String message, String... parameters) throws IOException {
    Job.Result refused = launch(parameters);
    assertEquals(message, refused.message());
    assertEquals(2, refused.exitCode());
  }

  @Test
  void pathsOfTheLauncherAreNothingToWorkers() throws IOException {
    assertRefused(
        "Invalid paths for DataflowRunner: pipelines/examples/flights/data/*.parquet,"
            + " out/flights/features, out/flights/rejects, out/flights/report.html (are on this"
            + " machine, which its workers do not see; change the spec, or use for example"
            + " --set=sink.parquet.path=gs://BUCKET/FOLDER)",
        "--spec=" + CloudFlights.SPEC);
  }

  @Test
  void aSpecThatIsNotThereIsMissing() throws IOException {
    assertRefused(
        "gs://a-bucket/specs/none.yaml: Missing file (there is none of this name)",
        "--spec=gs://a-bucket/specs/none.yaml");
  }

  @Test
  void aSpecThatNeedsCredentialsSaysWhichWay() throws IOException {
    cloud.storage().put("specs/private.yaml", new byte[] {1});
    cloud.storage().deny("specs/private.yaml");
    String message =
        "gs://a-bucket/specs/private.yaml: Access denied (the file may be read with credentials"
            + " only: run gcloud auth application-default login, or name a service account's key"
            + " file in the variable GOOGLE_APPLICATION_CREDENTIALS; it needs the role"
            + " roles/storage.objectViewer)";
    assertRefused(message, "--spec=gs://a-bucket/specs/private.yaml");
    assertRefused(
        message,
        "--spec=gs://a-bucket/specs/private.yaml",
        CloudFlights.CREDENTIALS + GcpCredentialFactory.class.getName());
  }
}
