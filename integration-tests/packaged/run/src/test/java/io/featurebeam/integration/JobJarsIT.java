package io.featurebeam.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.featurebeam.clusters.JobJar;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the job jars, and what is not. */
class JobJarsIT {

  private static List<String> entries(String runner) throws IOException {
    try (ZipFile jar = new ZipFile(JobJar.of(runner).toFile())) {
      return jar.stream().map(ZipEntry::getName).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "flink", "spark", "dataflow"})
  void mainClassIsTheLauncherWithTheOpensThatJavaNeeds(String runner) throws IOException {
    try (JarFile jar = new JarFile(JobJar.of(runner).toFile())) {
      Manifest manifest = jar.getManifest();
      Attributes main = manifest.getMainAttributes();
      assertEquals("io.featurebeam.launcher.Launcher", main.getValue("Main-Class"));
      assertEquals("true", main.getValue("Multi-Release"));
      assertTrue(main.getValue("Add-Opens").contains("java.base/java.nio "));
      assertEquals(
          System.getProperty("featurebeam.version"), main.getValue("Implementation-Version"));
      try (DataInputStream in =
          new DataInputStream(
              jar.getInputStream(jar.getEntry("io/featurebeam/launcher/Launcher.class")))) {
        in.readInt();
        in.readUnsignedShort();
        assertEquals(52, in.readUnsignedShort(), "Java 8");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "direct, org/apache/beam/runners/direct/DirectRunner.class",
    "flink, org/apache/beam/runners/flink/FlinkRunner.class",
    "spark, org/apache/beam/runners/spark/SparkRunner.class",
    "dataflow, org/apache/beam/runners/dataflow/DataflowRunner.class"
  })
  void holdsItsRunnerAloneAndNothingTwice(String runner, String runnerClass) throws IOException {
    List<String> entries = entries(runner);
    assertTrue(entries.contains(runnerClass));
    assertTrue(entries.contains("io/featurebeam/pipelines/FeaturePipeline.class"));
    assertEquals(
        List.of(runnerClass),
        entries.stream()
            .filter(
                e ->
                    e.matches(
                        "org/apache/beam/runners/\\w+/(Direct|Flink|Spark|Dataflow)Runner.class"))
            .toList());
    Set<String> seen = new HashSet<>();
    assertEquals(List.of(), entries.stream().filter(e -> !seen.add(e)).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "flink", "spark", "dataflow"})
  void noSignatureModuleOrTestIsInIt(String runner) throws IOException {
    List<String> strangers = new ArrayList<>();
    for (String entry : entries(runner)) {
      if (entry.matches("META-INF/[^/]+\\.(SF|DSA|RSA)")
          || entry.endsWith("module-info.class")
          || entry.startsWith("org/junit/")
          || entry.startsWith("net/jqwik/")
          || entry.matches("io/featurebeam/(integration|benchmarks)/.*")) {
        strangers.add(entry);
      }
    }
    assertEquals(List.of(), strangers);
  }

  @ParameterizedTest
  @CsvSource({
    "flink, org/apache/flink/ org/slf4j/ com/esotericsoftware/ scala/",
    "spark, org/apache/spark/ org/apache/hadoop/ org/slf4j/ scala/ com/google/common/"
        + " com/google/protobuf/ org/apache/parquet/ org/antlr/ org/apache/datasketches/"
        + " io/airlift/ io/netty/"
  })
  void whatTheClusterBringsIsNotInIt(String runner, String folders) throws IOException {
    Set<String> strangers = new TreeSet<>();
    for (String entry : entries(runner)) {
      for (String folder : folders.split(" ", -1)) {
        if (entry.startsWith(folder) && entry.endsWith(".class")) {
          strangers.add(folder);
        }
      }
    }
    assertEquals(Set.of(), strangers);
  }

  @ParameterizedTest
  @ValueSource(strings = {"com/google/common/", "org/apache/parquet/", "org/antlr/v4/"})
  void whatSparkHasInAnotherVersionIsOurs(String folder) throws IOException {
    assertTrue(
        entries("spark").stream().anyMatch(e -> e.startsWith("io/featurebeam/shaded/" + folder)));
  }

  /** A merged service file names every provider once, and each of them is there. */
  @ParameterizedTest
  @ValueSource(strings = {"direct", "flink", "spark", "dataflow"})
  void servicesAreMerged(String runner) throws IOException {
    Set<String> entries = new HashSet<>(entries(runner));
    List<String> missing = new ArrayList<>();
    try (ZipFile jar = new ZipFile(JobJar.of(runner).toFile())) {
      for (String entry : entries) {
        if (!entry.matches("META-INF/services/[^/]+")) {
          continue;
        }
        String text =
            new String(
                jar.getInputStream(jar.getEntry(entry)).readAllBytes(), StandardCharsets.UTF_8);
        for (String line : text.lines().toList()) {
          String provider = line.replaceFirst("#.*", "").strip();
          if (!provider.isEmpty() && !entries.contains(provider.replace('.', '/') + ".class")) {
            missing.add(entry + ": " + provider);
          }
        }
      }
      String registrars = "META-INF/services/org.apache.beam.sdk.options.PipelineOptionsRegistrar";
      String text =
          new String(
              jar.getInputStream(jar.getEntry(registrars)).readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(text.lines().filter(line -> !line.isBlank()).count() > 1, text);
    }
    assertEquals(List.of(), missing);
  }

  /** The time of a build would make it differ from the next. */
  @ParameterizedTest
  @ValueSource(strings = {"direct", "flink", "spark", "dataflow"})
  void noEntryIsYoungerThanTheRelease(String runner) throws IOException {
    try (ZipFile jar = new ZipFile(JobJar.of(runner).toFile())) {
      assertEquals(
          LocalDateTime.of(2026, 1, 1, 0, 0),
          jar.stream().map(ZipEntry::getTimeLocal).max(Comparator.naturalOrder()).orElseThrow());
    }
  }

  @ParameterizedTest
  @CsvSource({"direct, ''", "flink, org.apache.flink", "spark, org.apache.spark", "dataflow, ''"})
  void billOfMaterialsNamesWhatIsInIt(String runner, String notInIt) throws IOException {
    assumeTrue(
        Files.exists(JobJar.billOf(runner)),
        "Maven made none: it is offline, and licenses are read");
    JsonNode bill = JsonMapper.builder().build().readTree(JobJar.billOf(runner).toFile());
    assertEquals("CycloneDX", bill.path("bomFormat").asText());
    Set<String> groups = new TreeSet<>();
    bill.path("components").forEach(component -> groups.add(component.path("group").asText()));
    assertTrue(groups.contains("org.apache.beam"), groups::toString);
    assertTrue(groups.contains("org.apache.parquet"), groups::toString);
    assertFalse(groups.contains(notInIt), groups::toString);
    assertTrue(Files.size(JobJar.of(runner)) > 0);
  }
}
