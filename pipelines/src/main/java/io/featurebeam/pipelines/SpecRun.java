package io.featurebeam.pipelines;

import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.feature.FeatureSet;
import io.featurebeam.feature.FittedFeatures;
import io.featurebeam.feature.TrainingRange;
import io.featurebeam.io.file.publish.OutputFolder;
import io.featurebeam.io.file.write.WriteBatches;
import io.featurebeam.io.file.write.WriteFlow;
import io.featurebeam.pipelines.cli.Cli;
import io.featurebeam.pipelines.cli.ExitCode;
import io.featurebeam.pipelines.cli.Explain;
import io.featurebeam.pipelines.cli.FeaturePipelineOptions;
import io.featurebeam.pipelines.cli.Invocation;
import io.featurebeam.pipelines.cli.UsageException;
import io.featurebeam.pipelines.cli.VerdictException;
import io.featurebeam.pipelines.report.ProgressCounts;
import io.featurebeam.pipelines.report.ProgressMeter;
import io.featurebeam.pipelines.spec.FitSpec;
import io.featurebeam.pipelines.spec.ParsedSpec;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.Providers;
import io.featurebeam.pipelines.spec.SourceSpec;
import io.featurebeam.pipelines.spec.SpecChecker;
import io.featurebeam.pipelines.spec.SpecParser;
import io.featurebeam.transforms.features.FitFeatures;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.LiveCounts;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.FileSystems;
import org.jspecify.annotations.Nullable;

/** One invocation of a spec, from the arguments to the closing summary. */
final class SpecRun {

  private final Invocation invocation;
  private final FeaturePipelineOptions options;
  private final Cli.Context context;
  private final PrintStream out;
  private final Providers providers = Providers.discovered();

  SpecRun(Invocation invocation, Cli.Context context, PrintStream out) {
    this.invocation = invocation;
    this.options = invocation.options();
    this.context = context;
    this.out = out;
  }

  ExitCode run() throws IOException {
    String file = options.getSpec();
    if (file == null) {
      throw new UsageException("Missing option: --spec=FILE (the pipeline to run; see --help)");
    }
    FileSystems.setDefaultPipelineOptions(options);
    ParsedSpec parsed =
        SpecParser.withDefaults()
            .withProviders(providers)
            .withOverrides(invocation.overrides())
            .read(Path.of(file));
    PipelineSpec spec = parsed.spec();
    context.hide(spec.secrets());
    if (options.getTestSpec() != null) {
      return new SpecTestRun(options, providers, out).run(Path.of(file), spec);
    }
    SourcePlan source =
        parsed.at(sourcePath(spec.source()), () -> Sources.plan(spec.source(), providers));
    SpecChecker.check(parsed, source.schema(), providers);
    PipelineGraph.Run run = newRun();
    if (options.getReplay() != null) {
      Replay replay = Replay.read(options.getReplay(), source, spec.eventTime());
      source = replay.source();
      run = PipelineGraph.affected(spec, providers, replay.firstTime(), replay.lastTime(), run);
    }
    FittedFeatures fitted = fitted(spec, source);
    PipelineGraph graph = new PipelineGraph(spec, source, providers, fitted, run);
    if (options.isExplain()) {
      out.print(Explain.text(graph.plan(), spec.secrets()));
      return ExitCode.OK;
    }
    return run(parsed, graph);
  }

  private PipelineGraph.Run newRun() {
    if (options.getReplay() != null
        && (invocation.fromMicros().isPresent() || invocation.toMicros().isPresent())) {
      throw new UsageException(
          "Invalid --replay with --from or --to (a replay recomputes what its records affect)");
    }
    return new PipelineGraph.Run(
        WriteBatches.newRunId(),
        ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()),
        invocation.fromMicros().orElse(Long.MIN_VALUE),
        invocation.toMicros().orElse(Long.MAX_VALUE));
  }

  private ExitCode run(ParsedSpec parsed, PipelineGraph graph) throws IOException {
    PipelineSpec spec = parsed.spec();
    WriteFlow.Destination records = graph.recordsTo();
    WriteFlow.Destination rejects = graph.rejectsTo();
    checkOutputs(parsed, records, rejects, graph.runId());
    try (OutputClaims claims = new OutputClaims(graph.runId())) {
      claim(records, claims);
      claim(rejects, claims);
      RunReporter reporter =
          RunReporter.of(
              spec, graph.startedAt(), options.getRunner().getSimpleName(), claims.notes());
      Pipeline pipeline = Pipeline.create(options);
      graph.apply(pipeline, new FinishRun(records, rejects, graph.runId(), reporter));
      run(pipeline);
      out.print(reporter.summary());
      String problem = reporter.problem();
      claims.keep();
      claims.deleteNotes();
      if (!problem.isEmpty()) {
        throw new VerdictException(problem);
      }
      return ExitCode.OK;
    }
  }

  private void run(Pipeline pipeline) {
    PipelineResult.State state;
    ProgressMeter progress = ProgressMeter.start(counts(), out);
    try {
      state = pipeline.run().waitUntilFinish();
    } finally {
      progress.close();
    }
    if (state != PipelineResult.State.DONE) {
      throw new IllegalStateException("The run ended as " + state);
    }
  }

  /** Since this run began: a JVM may run several. */
  private static Supplier<ProgressCounts> counts() {
    long read = LiveCounts.read();
    long rejected = LiveCounts.rejected();
    return () -> new ProgressCounts(LiveCounts.read() - read, LiveCounts.rejected() - rejected);
  }

  /** As far as looking tells, before anything is written. */
  private static void checkOutputs(
      ParsedSpec parsed,
      WriteFlow.@Nullable Destination records,
      WriteFlow.@Nullable Destination rejects,
      String runId) {
    PipelineSpec spec = parsed.spec();
    if (spec.sink() != null) {
      String format = spec.sink().format().name().toLowerCase(Locale.ROOT);
      var unused = parsed.at("sink." + format + ".path", () -> WriteFlow.to(records, null, runId));
    }
    if (rejects != null) {
      var unused = parsed.at("rejects.path", () -> WriteFlow.to(records, rejects, runId));
    }
    String report = spec.report();
    if (report != null) {
      var unused = parsed.at("report.path", () -> checkReport(report));
    }
  }

  private static OutputFolder checkReport(String path) {
    OutputFolder folder =
        OutputFolder.of(FileSystems.matchNewResource(path, false).getCurrentDirectory().toString());
    folder.checkPath();
    return folder;
  }

  private static void claim(WriteFlow.@Nullable Destination destination, OutputClaims claims)
      throws IOException {
    if (destination != null) {
      claims.take(destination.publication());
    }
  }

  private static String sourcePath(SourceSpec source) {
    String path = "source." + source.kind();
    return source instanceof SourceSpec.Provided ? path : path + ".path";
  }

  /** The state of fitted features: learned now, learned before, or none. */
  private FittedFeatures fitted(PipelineSpec spec, SourcePlan source) throws IOException {
    FeatureSet features = PipelineGraph.features(spec, providers);
    if (spec.fitted() != null) {
      return FittedFiles.read(spec.fitted());
    }
    FitSpec fit = spec.fit();
    if (!features.needsFit()) {
      return FittedFeatures.none();
    }
    if (fit == null) {
      throw new UsageException(
          "Missing fit: "
              + features
              + " must learn from data first (add fit: {path, from, to} to learn in this run, or fitted:"
              + " with the file of an earlier one)");
    }
    return options.isExplain() ? FittedFeatures.none() : learn(spec, source, features, fit);
  }

  private FittedFeatures learn(
      PipelineSpec spec, SourcePlan source, FeatureSet features, FitSpec fit) throws IOException {
    PipelineSpec training = // reads and checks as the run will, over the training range
        new PipelineSpec(
            spec.name(),
            spec.source(),
            spec.eventTime(),
            spec.keys(),
            spec.sequence(),
            spec.dedupe(),
            spec.validate(),
            List.of(),
            null,
            null,
            List.of(),
            null,
            null,
            null,
            spec.mask(),
            List.of(),
            spec.secrets());
    PipelineGraph graph =
        new PipelineGraph(
            training,
            source,
            providers,
            FittedFeatures.none(),
            new PipelineGraph.Run("fit", newRun().startedAt(), fit.fromMicros(), fit.toMicros()));
    RecordSchema schema = graph.readSchema();
    Pipeline pipeline = Pipeline.create(options);
    graph
        .applyValidated(pipeline)
        .apply("Training records", Flow.split())
        .records()
        .apply(
            "Fit",
            FitFeatures.of(features, schema)
                .withRange(
                    TrainingRange.of(
                        spec.eventTime(), instant(fit.fromMicros()), instant(fit.toMicros()))))
        .apply("Save", FittedFiles.write(fit.path()));
    pipeline.run().waitUntilFinish();
    return FittedFiles.read(Objects.requireNonNull(fit.path()));
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
