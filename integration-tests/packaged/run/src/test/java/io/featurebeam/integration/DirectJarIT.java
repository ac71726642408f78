package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.clusters.JobJar;
import io.featurebeam.clusters.Program;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code java -jar featurebeam-direct.jar}, and what the other jars say if they are started so. */
class DirectJarIT {

  @TempDir Path folder;

  private Program.Result run(String runner, String... arguments)
      throws IOException, InterruptedException {
    return Program.java("-jar", JobJar.of(runner).toString()).with(arguments).run(folder);
  }

  @Test
  void flightsJobGivesWhatTheEmbeddedRunGives() throws IOException, InterruptedException {
    Program.Result result = run("direct", PackagedFlights.arguments(folder)).assertExit(0);

    PackagedFlights.assertOutput(folder, result);
    assertEquals("", result.err(), "nothing to complain of");
  }

  @Test
  void versionAndHelpNeedNothing() throws IOException, InterruptedException {
    String version = run("direct", "--version").assertExit(0).out();
    assertTrue(version.contains(System.getProperty("featurebeam.version")), version);
    assertTrue(run("flink", "--help").assertExit(0).out().startsWith("Usage: "));
  }

  @Test
  void anotherRunnerIsRefusedWithTheWayToIt() throws IOException, InterruptedException {
    assertEquals(
        "Runner not on the class path: FlinkRunner (add -Pflink-runner to the Maven command, or"
            + " take featurebeam-flink; here is DirectRunner)\n",
        run("direct", "--runner=FlinkRunner", "--spec=a.yaml").assertExit(2).err());
  }

  @Test
  void optionOfAnotherRunnerIsUnknown() throws IOException, InterruptedException {
    String err = run("direct", "--flinkMaster=[local]", "--spec=a.yaml").assertExit(2).err();
    assertTrue(err.startsWith("Unknown option: --flinkMaster"), err);
  }

  @Test
  void jobJarsOfClustersSayHowTheyAreSubmitted() throws IOException, InterruptedException {
    assertEquals(
        "Flink is not on the class path, and featurebeam-flink does not bring it (submit the jar to a"
            + " cluster: flink run JAR --spec=...)\n",
        run("flink", "--spec=a.yaml").assertExit(2).err());
    assertEquals(
        "Spark is not on the class path, and featurebeam-spark does not bring it (submit the jar to a"
            + " cluster: spark-submit JAR --spec=...)\n",
        run("spark", "--spec=a.yaml").assertExit(2).err());
  }

  @Test
  void twoJarsAtOnceNeedTheNameOfARunner() throws IOException, InterruptedException {
    Program.Result result =
        Program.java(
                "-cp",
                JobJar.of("direct") + System.getProperty("path.separator") + JobJar.of("dataflow"),
                "io.featurebeam.launcher.Launcher",
                "--spec=a.yaml")
            .run(folder)
            .assertExit(2);
    assertEquals(
        "Missing option: --runner (on the class path are DirectRunner, DataflowRunner; say which:"
            + " --runner=DirectRunner)\n",
        result.err());
  }

  @Test
  void doctorLooksAtTheMachineAndTheSpec() throws IOException, InterruptedException {
    Program.Result result =
        Program.java("-cp", JobJar.of("direct").toString(), "io.featurebeam.pipelines.Doctor")
            .with(PackagedFlights.arguments(folder))
            .run(folder)
            .assertExit(0);
    assertTrue(result.out().contains("ok    runner    DirectRunner\n"), result.out());
    assertTrue(result.out().contains("ok    spec      flight-delays\n"), result.out());
  }
}
