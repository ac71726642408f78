package io.featurebeam.runners;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunnerChoiceTest {

  private static final String DIRECT = "org/apache/beam/runners/direct/DirectRunner.class";
  private static final String FLINK = "org/apache/beam/runners/flink/FlinkRunner.class";
  private static final String FLINK_ENGINE = "org/apache/flink/api/common/JobID.class";
  private static final String SPARK = "org/apache/beam/runners/spark/SparkRunner.class";
  private static final String SPARK_ENGINE = "org/apache/spark/SparkContext.class";

  @TempDir Path classPath;

  private void addText(String file, String content) throws IOException {
    Path path = classPath.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }

  private void add(String... files) throws IOException {
    for (String file : files) {
      addText(file, "");
    }
  }

  private String resolve(@Nullable String submittedTo, String... args) throws IOException {
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classPath.toUri().toURL()}, null)) {
      return String.join(" ", RunnerChoice.resolve(args, loader, submittedTo));
    }
  }

  private String refusal(@Nullable String submittedTo, String... args) {
    return assertThrows(IllegalArgumentException.class, () -> resolve(submittedTo, args))
        .getMessage();
  }

  @Test
  void theOnlyRunnerNeedsNoName() throws IOException {
    add(FLINK, FLINK_ENGINE);
    assertEquals("--spec=a --runner=FlinkRunner", resolve("flink", "--spec=a"));
    assertEquals("--spec=a --runner=FlinkRunner", resolve(null, "--spec=a"));
  }

  @Test
  void aNamedRunnerStands() throws IOException {
    add(DIRECT, FLINK, FLINK_ENGINE);
    assertEquals("--runner=flink --spec=a", resolve(null, "--runner=flink", "--spec=a"));
    assertEquals("--runner=com.example.OwnRunner", resolve(null, "--runner=com.example.OwnRunner"));
  }

  @Test
  void severalNeedAName() throws IOException {
    add(FLINK, FLINK_ENGINE, SPARK, SPARK_ENGINE);
    assertEquals(
        "Missing option: --runner (on the class path are FlinkRunner, SparkRunner; say which:"
            + " --runner=FlinkRunner)",
        refusal(null));
  }

  @Test
  void noneIsToldHowToBringOne() {
    assertEquals(
        "No runner on the class path (add a profile such as -Pdirect-runner to the Maven command,"
            + " or take the jar of a runner, such as featurebeam-direct)",
        refusal(null, "--spec=a"));
  }

  @Test
  void aRunnerThatIsNotHereIsToldHowToBringIt() throws IOException {
    add(FLINK, FLINK_ENGINE);
    assertEquals(
        "Runner not on the class path: SparkRunner (add -Pspark-runner to the Maven command, or"
            + " take featurebeam-spark; here is FlinkRunner)",
        refusal(null, "--runner=SparkRunner"));
  }

  @Test
  void aJarOfAnotherRunnerIsRefusedByItsEngine() throws IOException {
    add(SPARK, FLINK_ENGINE);
    assertEquals(
        "Cannot run on SparkRunner here: this program was submitted to Flink (submit"
            + " featurebeam-flink instead; mvn package -Pflink-runner makes it)",
        refusal("flink"));
  }

  @Test
  void aJobJarAloneIsToldHowToSubmitIt() throws IOException {
    add(FLINK);
    assertEquals(
        "Flink is not on the class path, and featurebeam-flink does not bring it (submit the jar to"
            + " a cluster: flink run JAR --spec=...)",
        refusal(null));
  }

  @ParameterizedTest
  @CsvSource({
    "1.18.1, Flink 1.18.1",
    "2.0.0, Flink 2.0.0",
    "1.190.0, Flink 1.190.0",
  })
  void anotherFlinkIsRefused(String version, String told) throws IOException {
    add(FLINK, FLINK_ENGINE);
    addText(".flink-runtime.version.properties", "project.version=" + version);
    assertEquals(
        "Cannot run on "
            + told
            + " (FeatureBeam is built for Flink 1.19; submit to a cluster of that version)",
        refusal("flink"));
  }

  @Test
  void anotherSparkIsRefused() throws IOException {
    add(SPARK, SPARK_ENGINE);
    addText("spark-version-info.properties", "version=4.0.1\nuser=x\n");
    assertEquals(
        "Cannot run on Spark 4.0.1 (FeatureBeam is built for Spark 3.5; submit to a cluster of that"
            + " version)",
        refusal("spark"));
  }

  @Test
  void theEnginesOfThisBuildAreTaken() throws IOException {
    add(FLINK, FLINK_ENGINE, SPARK, SPARK_ENGINE);
    addText(".flink-runtime.version.properties", "project.version=1.19.3");
    addText("spark-version-info.properties", "version=3.5.7");
    assertEquals("--runner=FlinkRunner", resolve("flink", "--runner=FlinkRunner"));
    assertEquals("--runner=SparkRunner", resolve("spark", "--runner=SparkRunner"));
  }
}
