package io.featurebeam.pipelines;

import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.io.file.write.WriteBatches;
import io.featurebeam.pipelines.cli.Cli;
import io.featurebeam.pipelines.cli.ExitCode;
import io.featurebeam.pipelines.cli.FeaturePipelineOptions;
import io.featurebeam.pipelines.cli.Invocation;
import io.featurebeam.pipelines.cli.UsageException;
import io.featurebeam.pipelines.report.HtmlReport;
import io.featurebeam.pipelines.report.SkewPrinter;
import io.featurebeam.pipelines.report.SkewSummary;
import io.featurebeam.pipelines.report.SkewVerdict;
import io.featurebeam.pipelines.spec.FileSchemes;
import io.featurebeam.pipelines.spec.KafkaSource;
import io.featurebeam.pipelines.spec.ParsedSkew;
import io.featurebeam.pipelines.spec.Providers;
import io.featurebeam.pipelines.spec.Secrets;
import io.featurebeam.pipelines.spec.SkewSpec;
import io.featurebeam.pipelines.spec.SourceSpec;
import io.featurebeam.pipelines.spec.SpecChecker;
import io.featurebeam.pipelines.spec.SpecParser;
import io.featurebeam.skew.Side;
import io.featurebeam.skew.SkewLimits;
import io.featurebeam.skew.SkewPlan;
import io.featurebeam.skew.SkewStats;
import io.featurebeam.time.Micros;
import io.featurebeam.transforms.skew.CheckSkew;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.jspecify.annotations.Nullable;

/** One skew check, from the arguments to the closing words. */
final class SkewRun {

  private static final long ROWS_PER_SHARD = 250_000;
  private static final int MIN_SHARDS = 4;
  private static final int MAX_SHARDS = 4096;

  private final FeaturePipelineOptions options;
  private final Invocation invocation;
  private final Cli.Context context;
  private final PrintStream out;
  private final Providers providers = Providers.discovered();

  SkewRun(Invocation invocation, Cli.Context context, PrintStream out) {
    this.invocation = invocation;
    this.options = invocation.options();
    this.context = context;
    this.out = out;
  }

  ExitCode run() throws IOException {
    String file = options.getSpec();
    if (file == null) {
      throw new UsageException("Missing option: --spec=FILE (the skew check to run; see --help)");
    }
    FileSystems.setDefaultPipelineOptions(options);
    ParsedSkew parsed =
        SpecParser.withDefaults()
            .withProviders(providers)
            .withOverrides(invocation.overrides())
            .readSkew(file);
    SkewSpec spec = parsed.spec();
    context.hide(spec.secrets());
    SkewSummary skew = run(parsed);
    if (skew == null) {
      out.println(
          spec.secrets().redact(spec.name())
              + (options.isDryRun() ? " would run" : " goes on on the cluster"));
      return ExitCode.OK;
    }
    String text = SkewPrinter.print(skew, spec.verdictPath(), spec.report());
    out.print(spec.secrets().redact(text));
    return skew.passed() ? ExitCode.OK : ExitCode.VERDICT;
  }

  /** How it ended; null if it was not to run, or if nobody may wait. */
  @Nullable SkewSummary run(ParsedSkew parsed) throws IOException {
    FileSystems.setDefaultPipelineOptions(options);
    refuseOthers();
    SkewSpec spec = parsed.spec();
    String verdictPath = SpecChecker.at(parsed, message -> "", spec::verdictPath);
    Dataflow.check(options, paths(spec, verdictPath));
    checkPath(parsed, "report.path", spec.report());
    checkPath(parsed, "verdict.path", verdictPath);
    SourcePlan logged = source(parsed, "logged", spec.logged());
    SourcePlan recomputed = source(parsed, "recomputed", spec.recomputed());
    SkewPlan plan = SpecChecker.at(parsed, SkewRun::placeOf, () -> plan(spec, logged, recomputed));
    ReportFile verdict = new ReportFile(verdictPath);
    ReportFile report = spec.report() == null ? null : new ReportFile(spec.report());
    if (!Dataflow.isChosen(options)) {
      verdict.check();
      if (report != null) {
        report.check();
      }
    }
    Instant started = Micros.instant(Micros.floor(Instant.now()));
    Pipeline pipeline = Pipeline.create(options);
    PCollectionTuple.of(
            CheckSkew.LOGGED, read(pipeline, "Read the log", logged, Side.LOGGED, plan, parsed))
        .and(
            CheckSkew.RECOMPUTED,
            read(pipeline, "Read the recomputation", recomputed, Side.RECOMPUTED, plan, parsed))
        .apply("Check skew", CheckSkew.of(plan).withShards(shards(logged, recomputed)))
        .apply(
            "Write verdict",
            ParDo.of(
                new WriteFn(
                    spec.name(),
                    Micros.floor(started),
                    runner(),
                    spec.limits(),
                    spec.secrets(),
                    verdict,
                    report)));
    if (options.isDryRun()) {
      return null;
    }
    options.setJobName(
        spec.secrets().redact(spec.name()).replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-", "")
            + "-"
            + WriteBatches.newRunId());
    verdict.delete(); // a run that fails leaves none, rather than an old one
    return runs(pipeline) ? ending(verdict) : null;
  }

  private void refuseOthers() {
    refuse("--from", options.getFrom());
    refuse("--to", options.getTo());
    refuse("--replay", options.getReplay());
    refuse("--testSpec", options.getTestSpec());
    refuse("--templateLocation", options.getTemplateLocation());
    refuse("--explain", options.isExplain() ? "true" : null);
  }

  private static void refuse(String flag, @Nullable String value) {
    if (value != null) {
      throw new UsageException(
          "Invalid option: " + flag + " (a skew check compares two whole inputs; leave it out)");
    }
  }

  private static List<String> paths(SkewSpec spec, String verdictPath) {
    List<String> paths = new ArrayList<>(Places.sources(spec.logged()));
    paths.addAll(Places.sources(spec.recomputed()));
    paths.add(verdictPath);
    if (spec.report() != null) {
      paths.add(spec.report());
    }
    return paths;
  }

  private static void checkPath(ParsedSkew parsed, String place, @Nullable String path) {
    if (path != null) {
      SpecChecker.at(
          parsed,
          message -> place,
          () -> {
            FileSchemes.check(path);
            return path;
          });
    }
  }

  private SourcePlan source(ParsedSkew parsed, String at, SourceSpec source) {
    String path = at + "." + source.kind();
    Places.sources(source).forEach(file -> checkPath(parsed, path + ".path", file));
    SourcePlan plan =
        SpecChecker.at(
            parsed,
            message ->
                source instanceof KafkaSource
                    ? path + KafkaPlans.placeOf(message)
                    : path + (message.startsWith("Unknown column") ? ".columns" : ".path"),
            () -> Sources.plan(source, providers));
    return HideSecrets.in(plan, parsed.spec().secrets());
  }

  private static SkewPlan plan(SkewSpec spec, SourcePlan logged, SourcePlan recomputed) {
    SkewPlan plan = SkewPlan.of(logged.schema(), recomputed.schema(), spec.on(), spec.columns());
    plan = spec.revision() == null ? plan : plan.withRevision(spec.revision());
    return plan.withTolerance(spec.tolerance()).withMasked(spec.mask());
  }

  /** Which part of a spec a message is about. */
  private static String placeOf(String message) {
    if (message.contains("' of on ") || message.contains("Invalid on")) {
      return "on";
    }
    if (message.contains("' of columns ")) {
      return "columns";
    }
    if (message.contains("' of mask ")) {
      return "mask";
    }
    return message.contains("revision") ? "revision" : "";
  }

  private static PCollection<RecordBatch> read(
      Pipeline pipeline,
      String name,
      SourcePlan source,
      Side side,
      SkewPlan plan,
      ParsedSkew parsed) {
    List<String> columns = plan.needed(side);
    Set<String> masked = new TreeSet<>(parsed.spec().mask());
    masked.retainAll(source.schema().names());
    String time = // by which a topic's messages are told apart in time; files need none
        plan.keyFields().stream()
            .filter(field -> field.type().equals(FieldType.TIMESTAMP))
            .map(Field::name)
            .filter(key -> source.schema().field(key).type().equals(FieldType.TIMESTAMP))
            .findFirst()
            .orElse(columns.get(0));
    PCollection<RecordBatch> flow =
        pipeline.apply(
            name,
            source.read(
                new SourcePlan.Request(
                    columns,
                    time,
                    Long.MIN_VALUE,
                    Long.MAX_VALUE,
                    masked,
                    Micros.floor(Instant.now()))));
    return SpecChecker.at(
        parsed,
        message -> side == Side.LOGGED ? "logged" : "recomputed",
        () -> {
          if (flow.isBounded() == PCollection.IsBounded.UNBOUNDED) {
            throw new IllegalArgumentException(
                "Invalid source: it has no end (must have one, such as a topic with until: latest)");
          }
          return flow;
        });
  }

  /** Of the larger side, as the smaller one may be a sample of it. */
  private static int shards(SourcePlan logged, SourcePlan recomputed) {
    long rows = Math.max(logged.rows(), recomputed.rows());
    long wanted = rows < 0 ? CheckSkew.DEFAULT_SHARDS : rows / ROWS_PER_SHARD + 1;
    return (int) Math.max(MIN_SHARDS, Math.min(MAX_SHARDS, wanted));
  }

  private String runner() {
    return options.getRunner().getSimpleName();
  }

  /** Runs and waits, unless nobody may wait. */
  private static boolean runs(Pipeline pipeline) {
    try {
      PipelineResult.State state = pipeline.run().waitUntilFinish();
      if (state != PipelineResult.State.DONE) {
        throw new IllegalStateException("The run ended as " + state);
      }
      return true;
    } catch (RuntimeException | Error e) {
      if (Detached.is(e)) {
        return false;
      }
      throw e;
    }
  }

  private static SkewSummary ending(ReportFile verdict) throws IOException {
    try {
      return SkewVerdict.parse(verdict.read());
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw new IOException(
          "The run ended, but workers left no verdict in "
              + verdict.path()
              + " (give a path that they and this machine see)",
          e);
    }
  }

  /** On one worker, so that a run nobody waits for leaves a verdict too. */
  private static final class WriteFn extends DoFn<SkewStats, String> {
    private static final long serialVersionUID = 1L;
    private final String name;
    private final long startedAt;
    private final String runner;
    private final SkewLimits limits;
    private final Secrets secrets;
    private final ReportFile verdict;
    private final @Nullable ReportFile report;

    WriteFn(
        String name,
        long startedAt,
        String runner,
        SkewLimits limits,
        Secrets secrets,
        ReportFile verdict,
        @Nullable ReportFile report) {
      this.name = name;
      this.startedAt = startedAt;
      this.runner = runner;
      this.limits = limits;
      this.secrets = secrets;
      this.verdict = verdict;
      this.report = report;
    }

    @ProcessElement
    public void process(@Element SkewStats stats, OutputReceiver<String> out) throws IOException {
      Instant started = Micros.instant(startedAt);
      SkewSummary skew =
          SkewSummary.of(
              name,
              started,
              Duration.between(started, Instant.now()),
              Versions.of(runner),
              limits,
              stats,
              secrets::redact);
      if (report != null) {
        report.write(HtmlReport.render(skew));
      }
      verdict.replace(SkewVerdict.toJson(skew)); // last, as others wait for it
      out.output(skew.verdict());
    }
  }
}
