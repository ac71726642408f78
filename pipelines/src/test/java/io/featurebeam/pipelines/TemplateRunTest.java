package io.featurebeam.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.featurebeam.feature.FittedFeatures;
import io.featurebeam.io.file.publish.Manifest;
import io.featurebeam.io.file.publish.MemoryStore;
import io.featurebeam.pipelines.cli.Cli;
import io.featurebeam.pipelines.cli.Invocation;
import io.featurebeam.pipelines.cli.VerdictException;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.Providers;
import io.featurebeam.pipelines.spec.SpecParser;
import io.featurebeam.runners.RunnerDefaults;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TemplateRunTest {

  @TempDir Path folder;

  private Path spec;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Invocation invocation;

  @BeforeEach
  void writeSpec() throws IOException {
    Files.writeString(
        folder.resolve("payments.csv"),
        """
        at,user,amount
        2024-05-01T10:10:00Z,ann,5
        2024-05-01T10:20:00Z,ann,700
        2024-05-01T10:30:00Z,bob,9
        """);
    spec =
        Files.writeString(
            folder.resolve("payments.yaml"),
            """
            name: pay_ments
            source:
              csv:
                path: FOLDER/payments.csv
                columns: { at: timestamp, user: string, amount: int64 }
            eventTime: at
            keys: [user]
            validate:
              - { column: amount, rule: between, min: 0, max: 100 }
            aggregate:
              - { window: [1h], emit: { every: 1h }, features: { payments: count } }
            sink: { parquet: { path: FOLDER/features } }
            rejects: { path: FOLDER/rejects }
            """
                .replace("FOLDER", folder.toString()));
  }

  @Test
  void summaryComesThroughATempLocationThatWorkersSeeToo() {
    MemoryStore store = MemoryStore.create("hand-over");

    assertEquals(0, run("--tempLocation=" + store.path("temp/")), this::errors);

    assertTrue(output().contains("in 3 = used 2 + rejected 1 + late 0"), output());
    assertEquals(2, store.changes(), "the summary, written and deleted");
    assertEquals(0, store.below("").size());
  }

  @Test
  void localTempLocationIsNotForWorkers() throws IOException {
    assertEquals(0, run("--tempLocation=" + folder.resolve("temp")), this::errors);

    assertTrue(output().contains("in 3 = used 2 + rejected 1 + late 0"), output());
    assertEquals(List.of("features", "payments.csv", "payments.yaml", "rejects"), names(folder));
  }

  @Test
  void summaryThatWorkersLeftElsewhereIsMissed() {
    Path elsewhere = folder.resolve("elsewhere");
    RunReporter reporter =
        RunReporter.of(
            SpecParser.withDefaults().read(spec).spec(), 0, "FlinkRunner", elsewhere.toString());
    assertEquals(
        "The run ended, but workers left no summary in "
            + elsewhere
            + " (give a place that they and this machine see: --tempLocation=...)",
        assertThrows(IOException.class, reporter::ending).getMessage());
  }

  @Test
  void runnersShowTheRunUnderTheNameOfTheSpec() {
    assertEquals(0, run(), this::errors);
    String name = invocation.options().getJobName();
    assertTrue(name.matches("pay-ments-\\d{8}-\\d{9}-[0-9a-f]{8}"), name);
  }

  @Test
  void aJobNameOfTheUserStands() {
    assertEquals(0, run("--jobName=nightly"), this::errors);
    assertEquals("nightly", invocation.options().getJobName());
  }

  @Test
  void onlyDataflowHasTemplates() throws IOException {
    assertEquals(2, run("--templateLocation=" + folder.resolve("template.json")));
    assertEquals(
        "Direct runner cannot write a template: --templateLocation is given (only Dataflow has"
            + " templates; use --runner=DataflowRunner)\n",
        errors());
    assertEquals(List.of("payments.csv", "payments.yaml"), names(folder));
  }

  @Test
  void whatATemplateStartsPublishesEachTime() throws IOException {
    start("first", null);
    start("first", null);
    start("second", null);
    start("first", null);

    for (String output : List.of("features", "rejects")) {
      Manifest manifest = Manifest.read(folder.resolve(output).toString()).orElseThrow();
      assertEquals("first", manifest.runId());
      List<String> files = new ArrayList<>(List.of("_featurebeam"));
      manifest.files().forEach(file -> files.add(file.path()));
      assertEquals(files, names(folder.resolve(output)));
      assertEquals(
          output.equals("features")
              ? List.of("manifest.json", "versions")
              : List.of("manifest.json"),
          names(folder.resolve(output + "/_featurebeam")));
    }
  }

  @Test
  void whatATemplateStartsCountsTimeFromItsBegin() throws IOException {
    String handOver = folder.resolve("hand-over").toString();
    String summary = start("later", handOver).ending().summary();
    assertTrue(summary.matches("(?s)pay_ments succeeded in \\d+(\\.\\d)? m?s on .*"), summary);
  }

  @Test
  void whatATemplateStartsFailsIfARuleObjects() throws IOException {
    Files.writeString(
        spec, Files.readString(spec).replace("max: 100 }", "max: 100, onFail: fail }"));
    Throwable thrown = assertThrows(RuntimeException.class, () -> start("objected", null));
    while (thrown.getCause() != null) {
      thrown = thrown.getCause();
    }
    assertEquals(VerdictException.class, thrown.getClass());
    assertEquals(
        "1 of 3 records break between(amount, 0, 100) (onFail: fail)", thrown.getMessage());
    assertEquals(Optional.empty(), Manifest.read(folder.resolve("features").toString()));
  }

  @Test
  void neitherSummaryNorReportShowsWhatCameFromTheEnvironment() throws IOException {
    Path report = folder.resolve("report.html");
    Files.writeString(
        spec,
        Files.readString(spec)
                .replace(
                    "validate:",
                    "validate:\n  - { column: user, rule: matches, pattern: \"${USERS}\" }")
            + "report: { path: "
            + report
            + " }\n");
    String summary = start("secret", folder.resolve("hand-over").toString()).ending().summary();
    assertTrue(summary.contains("matches(user, ${USERS})  1  rejected  such as bob"), summary);
    assertFalse(Files.readString(report).contains("hunter2"));
  }

  /** What the job of a template does, here. */
  private RunReporter start(String runId, @Nullable String handOver) {
    PipelineSpec parsed =
        SpecParser.withDefaults().withEnvironment(Map.of("USERS", "ann|hunter2")).read(spec).spec();
    Providers providers = Providers.discovered();
    PipelineGraph graph =
        new PipelineGraph(
            parsed,
            Sources.plan(parsed.source(), providers),
            providers,
            FittedFeatures.none(),
            new PipelineGraph.Run(runId, 0, Long.MIN_VALUE, Long.MAX_VALUE));
    RunReporter reporter = RunReporter.of(parsed, 0, "DirectRunner", handOver);
    Pipeline pipeline =
        Pipeline.create(PipelineOptionsFactory.fromArgs(RunnerDefaults.apply()).create());
    graph.apply(
        pipeline, new FinishRun(graph.recordsTo(), graph.rejectsTo(), runId, reporter).withBegin());
    pipeline.run().waitUntilFinish();
    return reporter;
  }

  private String output() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  private static List<String> names(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private int run(String... more) {
    String[] args =
        Stream.concat(Stream.of("--spec=" + spec), Stream.of(more)).toArray(String[]::new);
    PrintStream console = new PrintStream(out, true, StandardCharsets.UTF_8);
    return Cli.run(
        RunnerDefaults.apply(args),
        (parsed, context) -> {
          invocation = parsed;
          return new SpecRun(parsed, context, console).run();
        },
        console,
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }
}
