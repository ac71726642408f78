package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.io.file.publish.Manifest;
import io.featurebeam.pipelines.cli.ExitCode;
import io.featurebeam.pipelines.cli.UsageException;
import io.featurebeam.pipelines.spec.AggregateColumn;
import io.featurebeam.pipelines.spec.AggregateSpec;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.RejectsSpec;
import io.featurebeam.pipelines.spec.RuleSpec;
import io.featurebeam.pipelines.spec.SinkSpec;
import io.featurebeam.pipelines.spec.SourceSpec;
import io.featurebeam.pipelines.spec.SpecException;
import io.featurebeam.pipelines.spec.SpecParser;
import io.featurebeam.pipelines.spec.Use;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Spans;
import io.featurebeam.time.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README shows of Java compiles here, equals its YAML, and runs. */
final class JavaApiTest {

  private static final String YAML =
      """
      name: flight-delays
      source:
        parquet: { path: pipelines/examples/flights/data/*.parquet }
      eventTime: date
      keys: [origin]
      validate:
        - { column: delay, rule: between, min: -180, max: 1440 }
      features:
        log_distance: { log1p: distance }
      aggregate:
        - window: [1h, 1d]
          emit: { every: 1h }
          features:
            flights: count
            mean_log_distance: { mean: log_distance }
      sink:
        parquet: { path: out/flights/features, partitionBy: [day(window_end)] }
      """;

  @TempDir Path folder;

  private static PipelineSpec example() {
    PipelineSpec spec =
        PipelineSpec.builder("flight-delays")
            .source(SourceSpec.parquet("pipelines/examples/flights/data/*.parquet"))
            .eventTime("date")
            .keys("origin")
            .validate(RuleSpec.of(Use.of("between", "column", "delay", "min", -180, "max", 1440)))
            .feature("log_distance", Use.of("log1p", "column", "distance"))
            .aggregate(
                AggregateSpec.of(
                        List.of(Window.of("1h"), Window.of("1d")),
                        List.of(
                            AggregateColumn.of("flights", Use.of("count")),
                            AggregateColumn.of(
                                "mean_log_distance", Use.of("mean", "column", "log_distance"))))
                    .withEmit(Emission.every(Spans.parse("1h"))))
            .sink(SinkSpec.parquet("out/flights/features").partitionedBy("day(window_end)"))
            .build();
    return spec;
  }

  private static RunResult run(PipelineSpec spec) throws IOException {
    RunResult result = FeaturePipeline.run(spec, FeaturePipeline.options("--runner=DirectRunner"));
    System.out.print(result.text());
    return result;
  }

  /** The example with its paths where a test may read and write. */
  private PipelineSpec here() {
    return example().toBuilder()
        .source(SourceSpec.parquet("examples/flights/data/*.parquet"))
        .sink(
            SinkSpec.parquet(folder.resolve("features").toString())
                .partitionedBy("day(window_end)"))
        .rejects(RejectsSpec.json(folder.resolve("rejects").toString()))
        .build();
  }

  @Test
  void javaSaysWhatYamlSays() {
    assertEquals(SpecParser.withDefaults().parse(YAML, "flights.yaml"), example());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../README.md",
        "src/main/java/io/featurebeam/pipelines/package-info.java",
      })
  void whatTheDocumentationShowsStandsHere(String document) throws IOException {
    String text = Files.readString(Path.of(document)).replaceAll("(?m)^ \\* ?", "");
    String example = text.substring(text.indexOf("PipelineSpec spec ="));
    String shown = example.substring(0, example.indexOf("result.text());") + 15);
    String here =
        plain(Files.readString(Path.of("src/test/java/io/featurebeam/pipelines/JavaApiTest.java")));
    for (String part : shown.split("\n\n", -1)) {
      assertTrue(here.contains(plain(part)), part);
    }
  }

  private static String plain(String code) {
    return code.replaceAll("\\s+", "");
  }

  @Test
  void runGivesTheSummaryAndPublishes() throws IOException {
    RunResult result = run(here());

    assertEquals(ExitCode.OK, result.exitCode());
    assertEquals("", result.problem());
    assertTrue(
        result.text().contains("in 48,633 = used 48,629 + rejected 4 + late 0 + duplicate 0"),
        result.text());
    Manifest manifest =
        Manifest.read(folder.resolve("features").toString()).orElseThrow(AssertionError::new);
    assertEquals("flight-delays", manifest.spec());
    assertEquals(
        List.of(
            "origin",
            "window_end",
            "flights_1h",
            "flights_1d",
            "mean_log_distance_1h",
            "mean_log_distance_1d"),
        manifest.recordSchema().names());
  }

  @Test
  void aRuleThatObjectsIsAResult() throws IOException {
    PipelineSpec spec =
        here().toBuilder()
            .validate(new RuleSpec(Use.of("not_null", "column", "origin"), RuleSpec.OnFail.FAIL))
            .build();

    RunResult result = run(spec);

    assertEquals(ExitCode.VERDICT, result.exitCode());
    assertEquals("1 of 48633 records break not_null(origin) (onFail: fail)", result.problem());
    assertTrue(Manifest.read(folder.resolve("features").toString()).isEmpty());
  }

  @Test
  void explainGivesThePlanAndDoesNotRun() throws IOException {
    RunResult result =
        FeaturePipeline.run(here(), FeaturePipeline.options("--runner=DirectRunner", "--explain"));

    assertTrue(result.text().startsWith("Plan of flight-delays: "), result.text());
    assertTrue(Files.notExists(folder.resolve("features")));
  }

  @Test
  void aMistakeIsToldWithTheNameOfTheSpec() {
    PipelineSpec spec =
        here().toBuilder().validate(RuleSpec.of(Use.of("not_null", "column", "orign"))).build();
    assertEquals(
        "flight-delays: validate[1].column: Unknown column: 'orign'; did you mean 'origin'?",
        assertThrows(SpecException.class, () -> run(spec)).getMessage());
  }

  @Test
  void flagsThatNameOrChangeASpecAreRefused() {
    assertEquals(
        "Invalid option: --set (the spec is given in Java; change it there)",
        assertThrows(
                UsageException.class,
                () -> FeaturePipeline.run(here(), FeaturePipeline.options("--set=name=other")))
            .getMessage());
    assertEquals(
        "Invalid option: --spec (the spec is given in Java; change it there)",
        assertThrows(
                UsageException.class,
                () -> FeaturePipeline.run(here(), FeaturePipeline.options("--spec=other.yaml")))
            .getMessage());
  }
}
