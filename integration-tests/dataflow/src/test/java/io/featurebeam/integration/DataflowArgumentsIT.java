package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a newcomer to Dataflow reads who has forgotten something: a message, before anything runs.
 */
class DataflowArgumentsIT {

  private static final String[] PLACE = {"--project=a-project", "--region=us-central1"};

  @TempDir Path folder;

  @Test
  void missingOptionsAreNamedAtOnce() {
    assertRefused(
        "Missing options of DataflowRunner: --project=ID (of Google Cloud), --region=NAME (where"
            + " workers run, for example us-central1)",
        example());
    assertRefused(
        "Missing options of DataflowRunner: --region=NAME (where workers run, for example"
            + " us-central1)",
        example().with("--project=a-project"));
  }

  @Test
  void pathsOfThisMachineAreNothingToWorkers() {
    assertRefused(
        ("Invalid paths for DataflowRunner: DATA, FOLDER/features, FOLDER/rejects,"
                + " FOLDER/report.html (are on this machine, which its workers do not see; change the"
                + " spec, or use for example --set=sink.parquet.path=gs://BUCKET/FOLDER)")
            .replace("FOLDER/", folder + "/")
            .replace("DATA", Flights.all()),
        example().with(PLACE));
  }

  @Test
  void missingCredentialsAreToldWithoutAStackTrace() {
    assertRefused(
        "Missing credentials of Google Cloud (run gcloud auth application-default login, or name a"
            + " service account's key file in the variable GOOGLE_APPLICATION_CREDENTIALS)",
        inTheCloud().with(PLACE));
  }

  @Test
  void aTempLocationOfThisMachineIsRefused() {
    assertRefused(
        "Invalid --tempLocation: /tmp/somewhere (must be gs://BUCKET/FOLDER for DataflowRunner)",
        inTheCloud().with(PLACE).with("--tempLocation=/tmp/somewhere"));
  }

  @Test
  void whatTheRunnerRefusesItselfTouchesNoOutput() {
    assertRefused(
        "JobName invalid; the name must consist of only the characters [-a-z0-9], starting with a"
            + " letter and ending with a letter or number\n(--verbose shows where)",
        Template.job(example(), folder).with("--jobName=1-nightly"));
  }

  @Test
  void aTemplateCannotLearn() throws IOException {
    Path spec = folder.resolve("fit.yaml");
    Files.writeString(
        spec,
        Files.readString(Flights.folder().resolve("flights.yaml"))
            + "fit: { path: fitted.json, from: 2001-01-01, to: 2001-01-02 }\n");
    assertRefused(
        "Invalid --templateLocation with fit (a template cannot learn; learn in a run, then use"
            + " fitted: with its file)",
        Template.job(Job.of(spec), folder));
    assertFalse(Files.exists(folder.resolve("template.json")));
  }

  @Test
  @Shows("--explain")
  void thePlanNeedsNoCloud() {
    Job.Result result = example().with("--explain").succeed();
    assertEquals("Plan of flight-delays: 7 steps", result.out().lines().findFirst().orElseThrow());
  }

  private Job example() {
    return Flights.job(Flights.all(), folder);
  }

  private Job inTheCloud() {
    return example()
        .with(
            "--set=source.parquet.path=gs://a-bucket/flights/*.parquet",
            "--set=sink.parquet.path=gs://a-bucket/features",
            "--set=rejects.path=gs://a-bucket/rejects",
            "--set=report.path=gs://a-bucket/report.html");
  }

  private void assertRefused(String message, Job job) {
    Job.Result result = job.run();
    assertEquals(message, result.err().strip());
    assertEquals(2, result.exitCode());
    assertFalse(Files.exists(folder.resolve("features")), "no output is claimed");
  }
}
