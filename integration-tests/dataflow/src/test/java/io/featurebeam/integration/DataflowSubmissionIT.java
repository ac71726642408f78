package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.api.services.dataflow.model.Environment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A submission from a person's machine, up to its end: what arrives at the services, and what the
 * person reads when the job has ended this way or that. Workers are not here; a test says what they
 * leave.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES) // clients repeat what fails for long
class DataflowSubmissionIT {

  private static final String RUN_ID = "\\d{8}-\\d{9}-[0-9a-f]{8}";

  @TempDir Path folder;

  private StubCloud cloud;

  @BeforeEach
  void start() throws IOException {
    cloud = StubCloud.start();
    CloudFlights.lay(cloud.storage());
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  private Job.Result submit(String... more) throws IOException {
    List<String> args =
        new ArrayList<>(
            List.of(
                "--runner=DataflowRunner",
                "--project=a-project",
                "--region=us-central1",
                "--tempLocation=gs://a-bucket/temp",
                "--filesToStage=" + CloudFlights.jar(folder),
                "--spec=" + CloudFlights.SPEC,
                CloudFlights.OVERRIDES));
    args.addAll(List.of(more));
    Job.Result result = CloudFlights.run(cloud, args.toArray(String[]::new));
    assertEquals(List.of(), cloud.complaints());
    return result;
  }

  /** The worker that publishes leaves the summary where the waiting process looks. */
  private void workersLeave(String problem, String summary) {
    cloud.onJob(
        "JOB_STATE_DONE",
        (job, bucket) ->
            bucket.put(
                "temp/featurebeam-"
                    + job.getName().replaceFirst(".*(?=" + RUN_ID + ")", "")
                    + ".txt",
                (problem + "\n" + summary).getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  @Shows({"source.parquet", "sink.parquet", "report"})
  void theSummaryOfTheWorkersIsPrinted() throws IOException {
    workersLeave("", "flight-delays succeeded in 3 min\n");

    Job.Result result = submit();

    assertEquals(
        """
        Feature in no output: bucket
        Started https://console.cloud.google.com/dataflow/jobs/us-central1/job-1?project=a-project
        flight-delays succeeded in 3 min
        """,
        result.out());
    assertEquals(0, result.exitCode(), result.err());
    assertEquals(List.of(), cloud.storage().names("temp/featurebeam-"), "the summary is deleted");
  }

  @Test
  void theJobThatArrivesIsThatOfTheSpec() throws IOException {
    workersLeave("", "done\n");

    Job.Result result = submit("--labels={\"team\":\"delays\"}", "--set=name=flights_of_today");

    assertEquals(0, result.exitCode(), result.err());

    com.google.api.services.dataflow.model.Job job = cloud.jobs().get(0);
    assertTrue(job.getName().matches("flights-of-today-" + RUN_ID), job.getName());
    assertEquals("JOB_TYPE_BATCH", job.getType());
    assertEquals(Map.of("team", "delays"), job.getLabels());
    Environment environment = job.getEnvironment();
    assertEquals("storage.googleapis.com/a-bucket/temp", environment.getTempStoragePrefix());
    assertEquals(1, environment.getWorkerPools().get(0).getPackages().size());
    String shown = job.getName() + job.getLabels() + environment;
    assertFalse(shown.contains("hunter2"), shown);
    assertFalse(shown.contains(CloudFlights.SECRET_SEED), shown);
    assertFalse(shown.contains("flights_of_today"), "overrides may hold secrets: " + shown);
    assertEquals(
        3, job.getSteps().stream().filter(step -> step.getKind().equals("GroupByKey")).count());
  }

  @Test
  @Shows("--templateLocation")
  void aClassicTemplateIsLaidIntoTheBucketAndNotRun() throws IOException {
    Job.Result result = submit("--templateLocation=gs://a-bucket/templates/flights");

    assertEquals(
        """
        Template written: gs://a-bucket/templates/flights
          It reads what the source holds now; make it again when there is more.
        """,
        result.out());
    var job =
        StrictModel.read(
            cloud.storage().text("templates/flights"),
            com.google.api.services.dataflow.model.Job.class);
    assertTrue(job.getName().matches("flight-delays-" + RUN_ID), job.getName());
    assertEquals(
        "gs://a-bucket/templates/flights",
        ((Map<?, ?>) job.getEnvironment().getSdkPipelineOptions().get("options"))
            .get("templateLocation"));
    assertEquals(List.of(), cloud.jobs());
    assertEquals(List.of(), cloud.storage().names("out/"));
  }

  @Test
  void aRuleThatObjectsIsToldAndItsExitCodeIs3() throws IOException {
    workersLeave("7 records break not_null(delay) (onFail: fail)", "flight-delays failed\n");

    Job.Result result = submit();

    assertEquals("Not published: 7 records break not_null(delay) (onFail: fail)", result.message());
    assertEquals(3, result.exitCode());
  }

  @Test
  void aJobThatFailsLeavesNoClaim() throws IOException {
    cloud.onJob("JOB_STATE_FAILED", (job, bucket) -> {});

    Job.Result result = submit();

    assertEquals("Run failed: The run ended as FAILED", result.message().lines().findFirst().get());
    assertEquals(1, result.exitCode());
    assertEquals(List.of(), cloud.storage().names("out/"));
  }

  @Test
  void aJobThatSomebodyCancelsIsNoSuccess() throws IOException {
    cloud.onJob("JOB_STATE_CANCELLED", (job, bucket) -> {});

    Job.Result result = submit();

    assertEquals(
        "Run failed: The run ended as CANCELLED", result.message().lines().findFirst().get());
    assertEquals(1, result.exitCode());
  }
}
