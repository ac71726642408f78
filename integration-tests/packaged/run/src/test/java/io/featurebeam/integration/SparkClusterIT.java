package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Spark jar by spark-submit in local-cluster mode: two executors, each a process. */
class SparkClusterIT {

  /** What Spark's own launcher opens (JavaModuleOptions). */
  private static final List<String> OPENS =
      List.of(
          "java.base/java.lang",
          "java.base/java.lang.invoke",
          "java.base/java.lang.reflect",
          "java.base/java.io",
          "java.base/java.net",
          "java.base/java.nio",
          "java.base/java.util",
          "java.base/java.util.concurrent",
          "java.base/java.util.concurrent.atomic",
          "java.base/jdk.internal.ref",
          "java.base/sun.nio.ch",
          "java.base/sun.nio.cs",
          "java.base/sun.security.action",
          "java.base/sun.util.calendar");

  @TempDir static Path home;

  @TempDir Path folder;

  /** A Spark distribution is its jars, as far as processes are concerned. */
  @BeforeAll
  static void makeHome() throws IOException {
    Path jars = Files.createDirectory(home.resolve("jars"));
    for (String jar : Files.readString(JobJar.classPathOf("spark")).strip().split(":", -1)) {
      Files.createSymbolicLink(jars.resolve(Path.of(jar).getFileName()), Path.of(jar));
    }
  }

  private Program.Result submit(Path jar, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    for (String open : OPENS) {
      command.add("--add-opens=" + open + "=ALL-UNNAMED");
    }
    command.addAll(
        List.of(
            "-Xmx1g",
            "-cp",
            home.resolve("jars") + "/*",
            "org.apache.spark.deploy.SparkSubmit",
            "--master",
            "local-cluster[2,1,1024]",
            "--conf",
            "spark.local.dir=" + folder.resolve("spark"),
            "--conf",
            "spark.driver.host=localhost",
            "--conf",
            "spark.ui.enabled=false",
            jar.toString()));
    return Program.java(command.toArray(String[]::new))
        .with(arguments)
        .withEnvironment("SPARK_HOME", home.toString())
        .withEnvironment("SPARK_SCALA_VERSION", "2.12")
        .withEnvironment("SPARK_LOCAL_IP", "127.0.0.1")
        .run(folder);
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
