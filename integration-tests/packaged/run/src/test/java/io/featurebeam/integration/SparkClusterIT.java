package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.clusters.JobJar;
import io.featurebeam.clusters.Program;
import io.featurebeam.clusters.SparkCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Spark jar by spark-submit in local-cluster mode: two executors, each a process. */
class SparkClusterIT {

  @TempDir static Path home;
  private static SparkCluster cluster;

  @TempDir Path folder;

  @BeforeAll
  static void makeHome() throws IOException {
    cluster = SparkCluster.in(home);
  }

  private Program.Result submit(Path jar, String... arguments)
      throws IOException, InterruptedException {
    return cluster.client("1g", 1024, jar, arguments).run(folder);
  }

  @Test
  void flightsJobGivesWhatTheEmbeddedRunGives() throws IOException, InterruptedException {
    Program.Result result =
        submit(JobJar.of("spark"), PackagedFlights.arguments(folder)).assertExit(0);
    PackagedFlights.assertOutput(folder, result);
  }

  @Test
  void mistakeIsToldBeforeAnythingRuns() throws IOException, InterruptedException {
    Program.Result result = submit(JobJar.of("spark"), "--spec=" + folder.resolve("none.yaml"));
    assertTrue(result.exitCode() != 0, result.out());
    assertTrue(result.err().contains("none.yaml"), result.err());
  }

  @Test
  void streamIsRefusedWhenItIsSubmitted() throws IOException, InterruptedException {
    Path spec =
        Files.writeString(
            folder.resolve("stream.yaml"),
            """
            name: payments
            source:
              kafka: { servers: "nowhere.invalid:9092", topic: payments, format: json, columns: { at: timestamp } }
            eventTime: at
            """);
    Program.Result result = submit(JobJar.of("spark"), "--spec=" + spec);
    assertTrue(result.exitCode() != 0, result.out());
    assertTrue(
        result
            .err()
            .contains(
                "stream.yaml:3:10: source.kafka: Spark runner cannot run a streaming pipeline: the"
                    + " source 'kafka' has no end (it has no event-time timers in streaming; use"
                    + " --runner=FlinkRunner or --runner=DataflowRunner or --runner=DirectRunner)"),
        result.err());
  }

  @Test
  void jarOfAnotherRunnerIsRefused() throws IOException, InterruptedException {
    Program.Result result = submit(JobJar.of("flink"), "--spec=a.yaml");
    assertTrue(result.exitCode() != 0, result.out());
    assertTrue(
        result
            .err()
            .contains(
                "Cannot run on FlinkRunner here: this program was submitted to Spark (submit"
                    + " featurebeam-spark instead; mvn package -Pspark-runner makes it)"),
        result.err());
  }
}
