package io.featurebeam.pipelines;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.feature.FittedFeatures;
import io.featurebeam.io.file.parquet.ParquetBatchReader;
import io.featurebeam.io.file.publish.Publisher;
import io.featurebeam.io.file.write.WriteFlow;
import io.featurebeam.pipelines.cli.ExitCode;
import io.featurebeam.pipelines.cli.FeaturePipelineOptions;
import io.featurebeam.pipelines.cli.UsageException;
import io.featurebeam.pipelines.spec.FeatureGroupSpec;
import io.featurebeam.pipelines.spec.FitSpec;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.Providers;
import io.featurebeam.pipelines.spec.RejectsSpec;
import io.featurebeam.pipelines.spec.SinkSpec;
import io.featurebeam.pipelines.spec.SpecTest;
import io.featurebeam.pipelines.spec.SpecTestParser;
import io.featurebeam.pipelines.spec.SpecTests;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tests beside a spec: small inputs in the place of its source, output and rejects
 * compared with what is expected. The pipeline is the whole one, on the runner of the options.
 */
final class SpecTestRun {

  private final FeaturePipelineOptions options;
  private final Providers providers;
  private final PrintStream out;

  SpecTestRun(FeaturePipelineOptions options, Providers providers, PrintStream out) {
    this.options = options;
    this.providers = providers;
    this.out = out;
  }

  ExitCode run(String specFile, PipelineSpec spec) {
    List<SpecTest> tests = new ArrayList<>();
    for (String file : files(specFile, spec)) {
      tests.addAll(SpecTestParser.readFile(file, spec));
    }
    SpecTests.Report report = SpecTests.run(spec, tests, this::run);
    out.print(report.text());
    return report.failed() == 0 ? ExitCode.OK : ExitCode.FAILED;
  }

  /** The file of the flag, or those that the spec lists beside itself. */
  private List<String> files(String specFile, PipelineSpec spec) {
    String given = options.getTestSpec();
    if (given != null && !given.isEmpty() && !given.equals("true")) {
      return List.of(given);
    }
    if (spec.tests().isEmpty()) {
      throw new UsageException(
          "Missing tests: the spec lists none (give a file: --testSpec=FILE, or list files under tests:)");
    }
    return spec.tests().stream()
        .map(
            test ->
                Places.isLocal(specFile)
                    ? Path.of(specFile).resolveSibling(test).toString()
                    : specFile.substring(0, specFile.lastIndexOf('/') + 1) + test)
        .toList();
  }

  private SpecTests.Outcome run(PipelineSpec spec, SpecTest test) throws IOException {
    Path folder = Files.createTempDirectory("featurebeam-test");
    try {
      PipelineSpec here =
          new PipelineSpec(
              spec.name(),
              spec.source(),
              spec.eventTime(),
              spec.keys(),
              spec.sequence(),
              spec.dedupe(),
              spec.latenessMicros(),
              spec.validate(),
              spec.features(),
              null,
              null,
              spec.aggregate(),
              spec.trainingSet(),
              List.of(SinkSpec.parquet(folder.resolve("output").toString())),
              RejectsSpec.parquet(folder.resolve("rejects").toString()),
              null,
              spec.runner(),
              spec.mask(),
              List.of(),
              spec.secrets());
      PipelineGraph graph = graph(here, fitted(spec), test);
      claim(graph.recordsTo());
      claim(graph.rejectsTo());
      Pipeline pipeline = Pipeline.create(options);
      graph.apply(
          pipeline,
          new FinishRun(
              graph.recordsTo(), graph.rejectsTo(), "test", (facts, records, rejects) -> {}));
      pipeline.run().waitUntilFinish();
      return new SpecTests.Outcome(read(graph.recordsTo()), read(graph.rejectsTo()));
    } finally {
      delete(folder);
    }
  }

  private PipelineGraph graph(PipelineSpec spec, FittedFeatures fitted, SpecTest test)
      throws IOException {
    PipelineGraph.Run run = new PipelineGraph.Run("test", 0, Long.MIN_VALUE, Long.MAX_VALUE);
    SourcePlan input = source(test.input());
    if (test.groups().isEmpty()) {
      return new PipelineGraph(spec, input, providers, fitted, run);
    }
    Map<String, LabelJoin.Group> groups = new LinkedHashMap<>();
    for (Map.Entry<String, RecordBatch> records : test.groups().entrySet()) {
      String name = records.getKey();
      FeatureGroupSpec group = spec.trainingSet().groups().get(name);
      PipelineGraph features =
          PipelineGraph.ofGroup(
              group, source(records.getValue()), providers, fitted(group.features()), run);
      groups.put(name, LabelJoin.group(name, spec, group, features));
    }
    return new PipelineGraph(spec, input, providers, fitted, run, LabelJoin.of(spec, groups));
  }

  private static SourcePlan source(RecordBatch records) {
    return new MemorySource(records.schema(), records.size() == 0 ? List.of() : List.of(records));
  }

  /** What the spec uses, or what its own fit has learned before: a test learns nothing. */
  private FittedFeatures fitted(PipelineSpec spec) throws IOException {
    FitSpec fit = spec.fit();
    String state = spec.fitted() != null ? spec.fitted() : fit != null ? fit.path() : null;
    return state == null || !PipelineGraph.features(spec, providers).needsFit()
        ? FittedFeatures.none()
        : FittedFiles.read(state);
  }

  private static void claim(WriteFlow.@Nullable Destination destination) throws IOException {
    new Publisher(Objects.requireNonNull(destination).publication(), "test").claim();
  }

  private static List<RecordBatch> read(WriteFlow.@Nullable Destination destination)
      throws IOException {
    List<RecordBatch> batches = new ArrayList<>();
    Path folder = Path.of(destination.publication().output().path());
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).sorted().toList()) {
        try (ParquetBatchReader reader =
            ParquetBatchReader.open(file.toString(), List.of(), List.of())) {
          for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
            batches.add(batch);
          }
        }
      }
    }
    if (batches.isEmpty()) { // the columns are known all the same
      batches.add(RecordBatch.builder(destination.publication().recordSchema()).build());
    }
    return batches;
  }

  /** With all that is in it. */
  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + folder, e);
    }
  }
}
