package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.clusters.FlinkCluster;
import io.featurebeam.clusters.JobJar;
import io.featurebeam.clusters.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Flink job jar, submitted by Flink's own client to a cluster of several processes. */
class FlinkClusterIT {

  @TempDir static Path shared;
  private static FlinkCluster cluster;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    cluster = FlinkCluster.start(shared, 2, 1, FlinkCluster.Memory.SMALL);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /**
   * Again on one cluster: what a job leaves behind in its processes would add up. Some keep the
   * classes of the first and of the last job, and no more.
   */
  @Test
  void flightsJobRunsAgainAndAgainAndLeavesNoClassesOrThreads()
      throws IOException, InterruptedException {
    runFlights("first");
    runFlights("second");
    Set<String> threads = threads();
    runFlights("third");
    runFlights("fourth");
    Set<String> more = threads();
    more.removeAll(threads);
    assertEquals(Set.of(), more);
    for (Process process : cluster.processes()) {
      long loaders = classLoadersOfJobs(process);
      assertTrue(loaders <= 2, loaders + " class loaders of jobs are alive");
    }
  }

  private static long classLoadersOfJobs(Process process) throws IOException, InterruptedException {
    return jcmd(process, "GC.class_histogram") // of what is reachable: it collects garbage first
        .lines()
        .filter(line -> line.endsWith("org.apache.flink.util.ChildFirstClassLoader"))
        .mapToLong(line -> Long.parseLong(line.strip().split(" +", -1)[1]))
        .sum();
  }

  private void runFlights(String name) throws IOException, InterruptedException {
    Path run = Files.createDirectory(folder.resolve(name));
    Program.Result result =
        cluster.submit(JobJar.of("flink"), PackagedFlights.arguments(run)).assertExit(0);
    PackagedFlights.assertOutput(run, result);
  }

  /** The names of the cluster's threads, without numbers and without Flink's own pools. */
  private static Set<String> threads() throws IOException, InterruptedException {
    Set<String> names = new TreeSet<>();
    for (Process process : cluster.processes()) {
      names.addAll(
          jcmd(process, "Thread.print")
              .lines()
              .filter(line -> line.startsWith("\""))
              .map(line -> line.substring(1, line.indexOf('"', 1)).replaceAll("\\d+", "N"))
              .filter(name -> !name.startsWith("flink-"))
              .collect(Collectors.toSet()));
    }
    return names;
  }

  private static String jcmd(Process process, String command)
      throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Program.JAVA_HOME.resolve("bin/jcmd").toString(),
                String.valueOf(process.pid()),
                command)
            .redirectErrorStream(true)
            .start();
    String text = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, jcmd.waitFor(), text);
    return text;
  }

  /** More than the cluster has slots for, so that it surely runs when it is cancelled. */
  @Test
  void aCancelledJobLeavesTheEarlierOutput() throws IOException, InterruptedException {
    runFlights("output");
    Path output = folder.resolve("output");
    List<String> files = Flights.features(output).files();

    Path said = folder.resolve("client.out");
    Process client =
        cluster.client(3, JobJar.of("flink"), PackagedFlights.arguments(output)).start(said);
    cluster.cancelTheJob();

    assertTrue(client.waitFor(1, TimeUnit.MINUTES));
    assertTrue(client.exitValue() != 0, Files.readString(said));
    assertEquals(files, Flights.features(output).assertClean().files());
    Flights.rejects(output).assertClean();
  }

  @Test
  void aJobThatGetsNoSlotsFailsWithTheReason() throws IOException, InterruptedException {
    Program.Result result =
        cluster.client(3, JobJar.of("flink"), PackagedFlights.arguments(folder)).run(folder);
    assertTrue(result.exitCode() != 0, result.out());
    assertTrue(result.out().contains("running on the cluster"), result.out());
    assertTrue(
        result
            .err()
            .contains("Run failed: The cluster has no free slots, and Flink gave up waiting"),
        result.err());
    assertEquals(List.of(), Flights.features(folder).files());
  }

  @Test
  void metricsCanBeScraped() throws IOException, InterruptedException {
    String metrics = cluster.scrape(0) + cluster.scrape(1) + cluster.scrape(2);
    assertTrue(metrics.contains("flink_jobmanager_numRunningJobs"), metrics);
    assertTrue(metrics.contains("flink_taskmanager_Status_JVM_Memory_Heap_Used"), metrics);
  }

  @Test
  void mistakeIsToldByTheClientAndNothingRuns() throws IOException, InterruptedException {
    int jobs = cluster.get("/jobs").path("jobs").size();
    Program.Result result =
        cluster.submit(JobJar.of("flink"), "--spec=" + folder.resolve("none.yaml"));
    assertTrue(result.exitCode() != 0, result.out());
    assertTrue(result.err().contains("none.yaml"), result.err());
    assertEquals(jobs, cluster.get("/jobs").path("jobs").size());
  }

  @Test
  void jarOfAnotherRunnerIsRefused() throws IOException, InterruptedException {
    Program.Result result = cluster.submit(JobJar.of("spark"), "--spec=a.yaml");
    assertTrue(result.exitCode() != 0, result.out());
    assertTrue(
        result
            .err()
            .contains(
                "Cannot run on SparkRunner here: this program was submitted to Flink (submit"
                    + " featurebeam-flink instead; mvn package -Pflink-runner makes it)"),
        result.err());
  }
}
