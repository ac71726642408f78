package io.featurebeam.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

  @Test
  void defaultsAreThoseOfTheDocuments() {
    Settings settings = settings();
    assertEquals(List.of(5_000_000L), settings.rows());
    assertEquals(20_000, settings.users());
    assertEquals(List.of(), settings.data());
    assertEquals(5, settings.runs());
    assertEquals("8g", settings.heap());
    assertEquals(List.of("featurebeam-flink", "featurebeam-spark"), settings.ours());
    assertEquals(List.of("spark-sql", "duckdb", "beam-rows"), settings.peers());
    assertEquals("spans", settings.plan());
  }

  @Test
  void listsAreSeparatedByCommasAndJvmOptionsByBlanks() {
    Settings settings =
        settings("--rows=5_000_000, 25000000", "--data=/a,/b", "--jvm=-Da=b\n  -Dc=d");
    assertEquals(List.of(5_000_000L, 25_000_000L), settings.rows());
    assertEquals(List.of("/a", "/b"), settings.data());
    assertEquals(List.of("-Da=b", "-Dc=d"), settings.jvm());
  }

  @Test
  void wrongNumbersAreRefused() {
    assertEquals("Invalid rows: [0] (must be > 0 each)", refusal("--rows=0"));
    assertEquals("Invalid rows: many (must be whole numbers)", refusal("--rows=many"));
    assertEquals("Invalid runs: 0 (must be > 0)", refusal("--runs=0"));
    assertEquals("Invalid users: -1 (must be > 0)", refusal("--users=-1"));
  }

  @Test
  void anUnknownWorkloadIsRefused() {
    assertEquals(
        "Unknown workload: cards (must be card-batch, card-stream, card-windows, training-set,"
            + " packaged, kernels or window-queries)",
        assertThrows(
                IllegalArgumentException.class,
                () -> Benchmark.main(arguments("--workload=cards").toArray(String[]::new)))
            .getMessage());
  }

  @Test
  void aMisspeltOptionIsRefused() {
    assertEquals(
        "Unknown options: [row]",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    Benchmark.main(
                        arguments("--workload=kernels", "--row=1").toArray(String[]::new)))
            .getMessage());
  }

  @Test
  void contendersKnowTheirClassPathsAndPaths(@TempDir Path work) throws Exception {
    Files.createDirectories(work.resolve("class-paths"));
    Files.writeString(work.resolve("class-paths/featurebeam-benchmarks-harness.txt"), "a.jar\n");
    Files.writeString(
        work.resolve("class-paths/featurebeam-benchmarks-featurebeam-spark.txt"), "b.jar");
    Settings settings =
        settings("--work=" + work, "--modules=/m", "--ours=featurebeam-spark", "--peers=duckdb");
    List<Contender> contenders = new CardContenders(settings).all();
    assertEquals(
        List.of("duckdb", "featurebeam-spark"), contenders.stream().map(Contender::name).toList());
    assertEquals("/m/harness/target/classes:a.jar", contenders.get(0).classPath());
    List<String> command =
        contenders
            .get(1)
            .command(new Contender.Job(Path.of("/in"), Path.of("/out"), work, 1), "2g");
    assertEquals("-Xmx2g", command.get(1));
    assertEquals(
        List.of(
            "io.featurebeam.benchmarks.TimedMain",
            "io.featurebeam.pipelines.FeaturePipeline",
            "--runner=SparkRunner",
            "--sparkMaster=local[2]",
            "--spec=" + work.resolve("card-batch.yaml"),
            "--set=source.parquet.path=/in",
            "--set=sink.parquet.path=/out/features",
            "--set=rejects.path=/out/rejects"),
        command.subList(command.indexOf("-cp") + 2, command.size()));
  }

  @Test
  void aContenderThatIsNotBuiltIsNamed(@TempDir Path work) {
    Settings settings = settings("--work=" + work, "--peers=beam-rows");
    String message =
        assertThrows(IllegalStateException.class, () -> new CardContenders(settings).all())
            .getMessage();
    assertEquals(
        "No class path of beam-rows: "
            + work.resolve("class-paths/featurebeam-benchmarks-beam-rows.txt")
            + " is missing (build it with -Dbenchmark=...)",
        message);
  }

  private static String refusal(String argument) {
    return assertThrows(IllegalArgumentException.class, () -> settings(argument)).getMessage();
  }

  @Test
  void defaultsOfStreamsAreThoseOfTheDocuments() {
    StreamSettings stream = StreamSettings.of(Arguments.parse());
    assertEquals(List.of("throughput", "every", "latency"), stream.measure());
    assertEquals(336, stream.hours());
    assertEquals(2, stream.everyHours());
    assertEquals(0.5, stream.zipf());
    assertEquals("1h,1d,7d", stream.windows());
    assertEquals(604_800_000_000L, stream.longestWindowMicros());
    assertEquals(List.of("10", "50", "100", "1000"), stream.bundles());
    assertEquals(10_000, stream.checkpointMillis());
  }

  @Test
  void anUnknownMeasureIsRefused() {
    assertEquals(
        "Invalid measure: speed (must be one of [throughput, every, latency, soak])",
        assertThrows(
                IllegalArgumentException.class,
                () -> StreamSettings.of(Arguments.parse("--measure=speed")))
            .getMessage());
  }

  @Test
  void defaultsOfTrainingSetsAreThoseOfTheDocuments() {
    assertEquals(
        new TrainingSettings(
            List.of("join", "wide", "growth"),
            1_000_000,
            List.of(100_000L, 1_000_000L, 2_500_000L),
            17_000,
            5_000_000,
            "3g"),
        TrainingSettings.of(Arguments.parse()));
  }

  @Test
  void anUnknownMeasureOfTrainingSetsIsRefused() {
    assertEquals(
        "Invalid measure of training sets: speed (must be one of [join, wide, growth])",
        assertThrows(
                IllegalArgumentException.class,
                () -> TrainingSettings.of(Arguments.parse("--trainingMeasure=speed")))
            .getMessage());
  }

  private static Settings settings(String... more) {
    return Settings.of(Arguments.parse(arguments(more).toArray(String[]::new)));
  }

  private static List<String> arguments(String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    for (String needed : List.of("modules", "work", "results")) {
      if (arguments.stream().noneMatch(argument -> argument.startsWith("--" + needed + "="))) {
        arguments.add("--" + needed + "=target/" + needed);
      }
    }
    return arguments;
  }
}
