package io.featurebeam.pipelines;

import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.expression.Condition;
import io.featurebeam.feature.FeatureSet;
import io.featurebeam.feature.FittedFeatures;
import io.featurebeam.feature.TrainingRange;
import io.featurebeam.io.file.publish.Origin;
import io.featurebeam.io.file.publish.Publication;
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
import io.featurebeam.pipelines.spec.FeatureGroupSpec;
import io.featurebeam.pipelines.spec.FitSpec;
import io.featurebeam.pipelines.spec.KafkaSource;
import io.featurebeam.pipelines.spec.ParsedSpec;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.Providers;
import io.featurebeam.pipelines.spec.SchemaWriter;
import io.featurebeam.pipelines.spec.SinkSpec;
import io.featurebeam.pipelines.spec.SourceSpec;
import io.featurebeam.pipelines.spec.SpecChecker;
import io.featurebeam.pipelines.spec.SpecParser;
import io.featurebeam.pipelines.spec.Times;
import io.featurebeam.pipelines.spec.TrainingSetSpec;
import io.featurebeam.pipelines.spec.UnionSource;
import io.featurebeam.runners.RunnerLimits;
import io.featurebeam.runners.Workers;
import io.featurebeam.time.Micros;
import io.featurebeam.transforms.features.FitFeatures;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.LiveCounts;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.ApplicationNameOptions;
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

  FeaturePipelineOptions options() {
    return options;
  }

  ExitCode run() throws IOException {
    if (options.getWriteSchema() != null) {
      return writeSchema(options.getWriteSchema());
    }
    if (options.getReproduce() != null) {
      return reproduce(options.getReproduce());
    }
    String file = options.getSpec();
    if (file == null) {
      throw new UsageException("Missing option: --spec=FILE (the pipeline to run; see --help)");
    }
    FileSystems.setDefaultPipelineOptions(options);
    ParsedSpec parsed =
        SpecParser.withDefaults()
            .withProviders(providers)
            .withOverrides(invocation.overrides())
            .readFile(file);
    PipelineSpec spec = parsed.spec();
    context.hide(spec.secrets());
    return withOptionsOf(parsed).run(parsed, file);
  }

  private ExitCode reproduce(String place) throws IOException {
    if (place.isEmpty() || place.equals("true")) {
      throw new UsageException(
          "Missing value: --reproduce=FOLDER (the data set to build again and compare)");
    }
    FileSystems.setDefaultPipelineOptions(options);
    Reproduction reproduction =
        Reproduction.read(place, options.getSpec(), invocation.overrides(), providers);
    context.hide(reproduction.secrets());
    out.print(reproduction.header(CodeVersion.of(providers)));
    RunResult result;
    try (Reproduction.Target target = reproduction.target()) {
      ParsedSpec parsed = target.spec();
      SpecRun run = withOptionsOf(parsed).over(reproduction.range());
      Places.check(parsed);
      SourcePlan source = reproduction.checked(run.source(parsed), run.groupSources(parsed));
      out.print(reproduction.inputsLine());
      RunResult built = run.run(parsed, source);
      result = built.problem().isEmpty() ? reproduction.verdict(target) : built;
    }
    out.print(result.text());
    if (!result.problem().isEmpty()) {
      throw new VerdictException(result.problem());
    }
    return result.exitCode();
  }

  /** The same over what a manifest says that it holds. */
  private SpecRun over(Origin.@Nullable Range range) {
    return range == null
        ? this
        : new SpecRun(invocation.over(micros(range.from()), micros(range.to())), context, out);
  }

  private static OptionalLong micros(@Nullable String time) {
    return time == null
        ? OptionalLong.empty()
        : OptionalLong.of(Times.parse("range of the manifest", time));
  }

  private ExitCode run(ParsedSpec parsed, String file) throws IOException {
    if (options.getTestSpec() != null) {
      return new SpecTestRun(options, providers, out).run(file, parsed.spec());
    }
    RunResult result = run(parsed);
    out.print(result.text());
    if (!result.problem().isEmpty()) {
      throw new VerdictException(result.problem());
    }
    return result.exitCode();
  }

  /**
   * The same run, with what the spec says for its runner; a wrong option is told where it stands.
   */
  SpecRun withOptionsOf(ParsedSpec parsed) {
    String runner = runner().toLowerCase(Locale.ROOT).replaceFirst("runner$", "");
    Map<String, String> ofSpec = parsed.spec().runner().getOrDefault(runner, Map.of());
    ofSpec.forEach(
        (name, value) ->
            SpecChecker.at(
                parsed,
                message -> "runner." + runner + "." + name,
                () -> Invocation.checkOption(name, value)));
    return ofSpec.isEmpty() ? this : new SpecRun(invocation.with(ofSpec), context, out);
  }

  /** A spec that was read or made in Java. */
  RunResult run(ParsedSpec parsed) throws IOException {
    FileSystems.setDefaultPipelineOptions(options);
    PipelineSpec spec = parsed.spec();
    Dataflow.check(options, spec);
    Places.check(parsed);
    EndlessSource.checkDeclared(parsed, options);
    checkExactlyOnce(parsed);
    return run(parsed, source(parsed));
  }

  /** Over a source that was looked at. */
  private RunResult run(ParsedSpec parsed, SourcePlan planned) throws IOException {
    PipelineSpec spec = parsed.spec();
    SourcePlan source = planned;
    SpecChecker.check(parsed, source::schema, providers);
    boolean isEndless = EndlessSource.check(parsed, source, options);
    Map<String, GroupPlan> groups = groups(parsed);
    @Nullable String endless =
        Stream.concat(
                isEndless ? Stream.of(spec.source().kind()) : Stream.empty(),
                groups.values().stream()
                    .filter(GroupPlan::isEndless)
                    .map(group -> group.features().spec().source().kind()))
            .findFirst()
            .orElse(null);
    boolean isStream = endless != null;
    if (isStream) {
      StreamRun.check(parsed, endless, isEndless);
    }
    PipelineGraph.Run run = newRun(isStream);
    if (options.getReplay() != null) {
      Replay replay = Replay.read(options.getReplay(), source, spec);
      source = replay.source();
      run = PipelineGraph.affected(spec, providers, replay.firstTime(), replay.lastTime(), run);
    }
    FittedFeatures fitted = fitted(parsed, source);
    PipelineGraph graph =
        spec.trainingSet() == null || spec.trainingSet().groups().isEmpty()
            ? graph(parsed, source, fitted, run)
            : trainingSet(parsed, source, fitted, groups, run);
    checkConditions(parsed, graph);
    if (options.isExplain()) {
      return RunResult.of(
          Explain.text(graph.plan(), spec.secrets())
              + Explain.options(runner(), invocation.settings(), spec.secrets()));
    }
    return run(parsed, graph);
  }

  private void checkExactlyOnce(ParsedSpec parsed) {
    for (SinkSpec sink : parsed.spec().topics()) {
      if (sink.kafka().exactlyOnce() == null) {
        continue;
      }
      var unused =
          SpecChecker.at(
              parsed,
              message -> parsed.spec().place(sink) + ".exactlyOnce",
              () -> {
                RunnerLimits.refusal(
                        RunnerLimits.Need.EXACTLY_ONCE, runner(), "the sink says exactlyOnce")
                    .ifPresent(
                        message -> {
                          throw new IllegalArgumentException(message);
                        });
                return sink;
              });
    }
  }

  /** Looks at the input; what is wrong with it is told where the spec names it. */
  private SourcePlan source(ParsedSpec parsed) {
    SourceSpec source = parsed.spec().source();
    SourcePlan plan;
    if (source instanceof UnionSource union) {
      plan = union(parsed, union);
    } else if (source instanceof SourceSpec.Hybrid hybrid) {
      plan = hybrid(parsed, hybrid);
    } else {
      plan = source(parsed, "source", source);
    }
    return HideSecrets.in(plan, parsed.spec().secrets());
  }

  private List<SourcePlan> groupSources(ParsedSpec parsed) {
    TrainingSetSpec trainingSet = parsed.spec().trainingSet();
    return trainingSet == null
        ? List.of()
        : trainingSet.groups().keySet().stream().map(name -> source(parsed.group(name))).toList();
  }

  private SourcePlan hybrid(ParsedSpec parsed, SourceSpec.Hybrid hybrid) {
    SourcePlan batch = source(parsed, "source.batch", hybrid.batch());
    SourcePlan stream = source(parsed, "source.stream", hybrid.stream());
    return SpecChecker.at(
        parsed,
        message -> "source.batch",
        () -> HybridSource.of(batch, stream, hybrid.cutMicros()));
  }

  private SourcePlan source(ParsedSpec parsed, String at, SourceSpec source) {
    String path = at + "." + source.kind();
    return SpecChecker.at(
        parsed,
        message ->
            source instanceof KafkaSource
                ? path + KafkaPlans.placeOf(message)
                : path + (message.startsWith("Unknown column") ? ".columns" : ".path"),
        () -> Sources.plan(source, providers));
  }

  private SourcePlan union(ParsedSpec parsed, UnionSource union) {
    List<UnionPlan.Input> inputs = new ArrayList<>();
    union
        .inputs()
        .forEach(
            (name, input) -> {
              String path = "source.union." + name;
              SourcePlan plan = source(parsed, path, input.source());
              inputs.add(
                  SpecChecker.at(
                      parsed,
                      message -> path + (message.startsWith("Unknown column") ? ".columns" : ""),
                      () -> UnionPlan.Input.of(name, input, plan)));
            });
    return SpecChecker.at(parsed, message -> "source.union", () -> UnionPlan.of(inputs));
  }

  private PipelineGraph graph(
      ParsedSpec parsed, SourcePlan source, FittedFeatures fitted, PipelineGraph.Run run) {
    return SpecChecker.at(
        parsed,
        SpecRun::placeOf,
        () -> new PipelineGraph(parsed.spec(), source, providers, fitted, run));
  }

  /** The labels' pipeline, with that of each group of features. */
  private PipelineGraph trainingSet(
      ParsedSpec parsed,
      SourcePlan source,
      FittedFeatures fitted,
      Map<String, GroupPlan> plans,
      PipelineGraph.Run run)
      throws IOException {
    if (options.getReplay() != null && parsed.spec().rejects() != null) {
      throw new UsageException(
          "Invalid --replay of a training set that keeps rejects (a repaired record of a group may"
              + " change labels of any later time; repair the input and compute it whole)");
    }
    Map<String, LabelJoin.Group> groups = new LinkedHashMap<>();
    for (String name : parsed.spec().trainingSet().groups().keySet()) {
      groups.put(name, group(parsed, name, plans.get(name), run));
    }
    LabelJoin join = LabelJoin.of(parsed.spec(), groups);
    return SpecChecker.at(
        parsed,
        message -> groupOf(message, groups.keySet()),
        () -> {
          PipelineGraph graph =
              new PipelineGraph(parsed.spec(), source, providers, fitted, run, join);
          if (run.isStream()) {
            join.checkStream(graph.engineered);
          }
          return graph;
        });
  }

  /** A group of a training set, and where its records are read from. */
  private record GroupPlan(ParsedSpec features, SourcePlan source, boolean isEndless) {}

  private Map<String, GroupPlan> groups(ParsedSpec parsed) {
    Map<String, GroupPlan> groups = new LinkedHashMap<>();
    TrainingSetSpec trainingSet = parsed.spec().trainingSet();
    if (trainingSet != null) {
      for (String name : trainingSet.groups().keySet()) {
        ParsedSpec features = parsed.group(name);
        EndlessSource.checkDeclared(features, options);
        SourcePlan source = source(features);
        SpecChecker.check(features, source::schema, providers);
        boolean isEndless = EndlessSource.check(features, source, options);
        if (isEndless) {
          StreamRun.checkDedupe(features);
        }
        groups.put(name, new GroupPlan(features, source, isEndless));
      }
    }
    return groups;
  }

  private LabelJoin.Group group(
      ParsedSpec parsed, String name, GroupPlan plan, PipelineGraph.Run run) throws IOException {
    String place = "trainingSet.groups." + name;
    FeatureGroupSpec spec =
        parsed.spec().trainingSet().groups().get(name).withLateness(parsed.spec().latenessMicros());
    FittedFeatures fitted = fitted(plan.features(), plan.source());
    return SpecChecker.at(
        parsed,
        message -> place,
        () ->
            LabelJoin.group(
                name,
                parsed.spec(),
                spec,
                PipelineGraph.ofGroup(spec, plan.source(), providers, fitted, run)));
  }

  /** The group that a refusal is about: the first that it names. */
  private static String groupOf(String message, Set<String> names) {
    return names.stream()
        .filter(name -> message.contains("group '" + name + "'"))
        .min(Comparator.comparingInt(name -> message.indexOf("group '" + name + "'")))
        .map(name -> "trainingSet.groups." + name)
        .orElseGet(() -> placeOf(message));
  }

  /** A condition of a sink is over the columns of the output, which are known by now. */
  private static void checkConditions(ParsedSpec parsed, PipelineGraph graph) {
    for (SinkSpec sink : parsed.spec().sinks()) {
      String where = sink.where();
      if (where != null) {
        var unused =
            SpecChecker.at(
                parsed,
                message -> parsed.spec().place(sink) + ".where",
                () -> Condition.of(where, graph.outputSchema()));
      }
    }
  }

  /** Which part of a spec a message is about that names none. */
  private static String placeOf(String message) {
    if (message.startsWith("Invalid aggregate")) {
      return "aggregate";
    }
    if (message.startsWith("Invalid trainingSet")) {
      return "trainingSet";
    }
    if (message.startsWith("Invalid sample: ") || message.startsWith("Invalid split: ")) {
      return "trainingSet." + message.substring("Invalid ".length(), message.indexOf(':'));
    }
    return message.startsWith("Feature '") ? "fitted" : "";
  }

  /** With what this class path offers, so that an editor knows a user's own extensions too. */
  private ExitCode writeSchema(String file) throws IOException {
    if (file.isEmpty() || file.equals("true")) {
      throw new UsageException(
          "Missing value: --writeSchema=FILE (the JSON Schema to write for an editor)");
    }
    Files.writeString(Path.of(file), SchemaWriter.write(providers));
    out.println("Wrote the JSON Schema of specs to " + file);
    return ExitCode.OK;
  }

  private PipelineGraph.Run newRun(boolean isStream) {
    if (isStream
        && (options.getReplay() != null
            || invocation.fromMicros().isPresent()
            || invocation.toMicros().isPresent())) {
      throw new UsageException(
          "Invalid --replay, --from or --to (the source has no end; bound it to compute a part)");
    }
    if (options.getReplay() != null
        && (invocation.fromMicros().isPresent() || invocation.toMicros().isPresent())) {
      throw new UsageException(
          "Invalid --replay with --from or --to (a replay recomputes what its records affect)");
    }
    return new PipelineGraph.Run(
        WriteBatches.newRunId(),
        Micros.floor(Instant.now()),
        invocation.fromMicros().orElse(Long.MIN_VALUE),
        invocation.toMicros().orElse(Long.MAX_VALUE),
        isStream,
        runner());
  }

  /** Runners show a run under the spec's name unless an argument gives another. */
  private void nameJob(String name, String runId) {
    String guessed = Invocation.class.getSimpleName(); // by Beam, from who parsed the arguments
    if (options.as(ApplicationNameOptions.class).getAppName().equals(guessed)
        && options.getJobName().startsWith(guessed.toLowerCase(Locale.ROOT))) {
      options.setJobName(name.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-", "") + "-" + runId);
    }
  }

  @SuppressWarnings("try") // the interruption works by being there
  private RunResult run(ParsedSpec parsed, PipelineGraph graph) throws IOException {
    PipelineSpec spec = parsed.spec();
    nameJob(spec.secrets().redact(spec.name()), graph.runId());
    Pipeline pipeline = Pipeline.create(options); // an option may be refused here
    checkStores(parsed, graph);
    if (options.getTemplateLocation() != null) {
      return writeTemplate(spec, graph, pipeline);
    }
    graph.unusedFeatures().forEach(unused -> out.println("Feature in no output: " + unused));
    boolean here = !Dataflow.isChosen(options);
    WriteFlow.Destination records = graph.recordsTo();
    WriteFlow.Destination rejects = graph.rejectsTo();
    checkOutputs(
        parsed,
        records,
        rejects,
        graph.run.isStream() ? Publication::checkAppend : Publication::check);
    checkTopic(parsed, graph);
    if (!graph.run.isStream()) {
      checkApart(parsed, records, rejects, graph.runId());
    }
    if (options.isDryRun()) {
      if (graph.run.isStream()) {
        graph.applyStream(pipeline);
      } else if (spec.fit() == null) { // else there is nothing yet to apply
        RunReporter nowhere = RunReporter.of(spec, graph.startedAt(), runner(), null);
        graph.apply(pipeline, new FinishRun(records, rejects, graph.runId(), nowhere));
      }
      return DryRun.of(parsed, runner(), records, rejects);
    }
    if (graph.run.isStream()) {
      return new StreamRun(spec, graph, options, context, out).run(pipeline);
    }
    RunReporter reporter =
        RunReporter.of(spec, graph.startedAt(), runner(), handOver(graph)).over(graph.range());
    try (OutputClaims claims = new OutputClaims(graph.runId());
        Interruption interruption = interruption(claims, reporter)) {
      graph.apply(pipeline, new FinishRun(records, rejects, graph.runId(), reporter));
      if (here) {
        reporter.check();
      }
      claim(records, claims);
      claim(rejects, claims);
      if (here) {
        reporter.begin();
      }
      if (isLeftAlone(pipeline, reporter)) {
        claims.keep();
        return RunResult.of(spec.secrets().redact(spec.name()) + " goes on on the cluster\n");
      }
      RunReporter.Ending ending = reporter.ending();
      claims.keep();
      String problem = ending.problem();
      String head =
          problem.isEmpty() && here && spec.files() != null
              ? spec.secrets().redact(Head.text(spec.files(), graph.runId(), graph.hiddenOutput()))
              : "";
      return new RunResult(
          problem.isEmpty() ? ExitCode.OK : ExitCode.VERDICT, ending.summary() + head, problem);
    } finally {
      reporter.clear();
    }
  }

  /** Nothing to do where the run goes on without this process. */
  private @Nullable Interruption interruption(OutputClaims claims, RunReporter reporter) {
    return Workers.of(options) == Workers.ELSEWHERE
        ? null
        : Interruption.watch(claims, reporter, context, out);
  }

  /** The run as a file, to be started by others at another time: nothing is claimed now. */
  private RunResult writeTemplate(PipelineSpec spec, PipelineGraph graph, Pipeline pipeline) {
    RunReporter reporter =
        RunReporter.of(spec, graph.startedAt(), runner(), null).over(graph.range());
    graph.apply(
        pipeline,
        new FinishRun(graph.recordsTo(), graph.rejectsTo(), graph.runId(), reporter).withBegin());
    pipeline.run(); // what this gives cannot be waited for
    StringBuilder text = new StringBuilder("Template written: ");
    text.append(options.getTemplateLocation())
        .append("\n  It reads what the source holds now; make it again when there is more.\n");
    List<String> local = Places.local(spec);
    if (!local.isEmpty()) {
      String paths = spec.secrets().redact(String.join(", ", local));
      text.append("  Its workers will not see what is on this machine: ")
          .append(paths)
          .append('\n');
    }
    return RunResult.of(text.toString());
  }

  /** Runs and waits, unless nobody may wait. */
  private boolean isLeftAlone(Pipeline pipeline, RunReporter reporter) {
    try {
      PipelineResult.State state =
          Dataflow.isChosen(options) ? waitFor(pipeline.run()) : runHere(pipeline);
      if (state != PipelineResult.State.DONE) {
        throw new IllegalStateException("The run ended as " + state);
      }
      return false;
    } catch (RuntimeException | Error e) {
      if (Detached.is(e)) {
        return true;
      }
      if (!Dataflow.isChosen(options)) {
        reporter.failed(Cli.causes(e));
      }
      throw e;
    }
  }

  private PipelineResult.State waitFor(PipelineResult job) {
    out.println("Started " + new Dataflow(options).page(job));
    return job.waitUntilFinish();
  }

  @SuppressWarnings("try") // the meter works by being there
  private PipelineResult.State runHere(Pipeline pipeline) {
    try (ProgressMeter progress =
        Workers.of(options) == Workers.HERE
            ? ProgressMeter.start(counts(), out)
            : ProgressMeter.startElsewhere(out)) {
      return pipeline.run().waitUntilFinish();
    }
  }

  private String runner() {
    return options.getRunner().getSimpleName();
  }

  /**
   * Where workers leave the summary: a file that they and this process see. In an output it is one
   * of those that the next run deletes if this one is killed.
   */
  private String handOver(PipelineGraph graph) throws IOException {
    String temp =
        Dataflow.isChosen(options)
            ? new Dataflow(options).tempLocation()
            : options.getTempLocation();
    if (temp != null && !Places.isLocal(temp)) {
      return temp.replaceFirst("/$", "") + "/featurebeam-" + graph.runId() + ".txt";
    }
    for (WriteFlow.Destination output : Arrays.asList(graph.recordsTo(), graph.rejectsTo())) {
      if (output != null) {
        return output.publication().output().notePath(graph.runId());
      }
    }
    return Files.createTempFile("featurebeam-run", ".txt").toString();
  }

  /** Since this run began: a JVM may run several. */
  private static Supplier<ProgressCounts> counts() {
    long read = LiveCounts.read();
    long rejected = LiveCounts.rejected();
    long written = LiveCounts.written();
    return () ->
        new ProgressCounts(
            LiveCounts.read() - read,
            LiveCounts.rejected() - rejected,
            LiveCounts.written() - written);
  }

  /** A topic that cannot be written is told where the spec names it. */
  private static void checkTopic(ParsedSpec parsed, PipelineGraph graph) {
    for (SinkSpec topic : parsed.spec().topics()) {
      var unused =
          SpecChecker.at(
              parsed,
              message -> parsed.spec().place(topic) + KafkaPlans.placeOf(message),
              () -> {
                graph.sendTo(topic).check();
                return topic;
              });
    }
  }

  /** A store that cannot be written is told where the spec names it. */
  private static void checkStores(ParsedSpec parsed, PipelineGraph graph) {
    for (SinkSpec store : parsed.spec().stores()) {
      StorePlans plans = StorePlans.of(parsed.spec(), store);
      var unused =
          SpecChecker.at(
              parsed,
              message -> parsed.spec().place(store) + plans.placeOf(message),
              () -> {
                plans.check(graph.storedRows());
                return store;
              });
    }
  }

  /** An output that cannot be had is told where the spec names it. */
  static void checkOutputs(
      ParsedSpec parsed,
      WriteFlow.@Nullable Destination records,
      WriteFlow.@Nullable Destination rejects,
      Consumer<Publication> check) {
    if (records != null) {
      checkAt(parsed, parsed.spec().place(parsed.spec().files()) + ".path", records, check);
    }
    if (rejects != null) {
      checkAt(parsed, "rejects.path", rejects, check);
    }
  }

  private static void checkAt(
      ParsedSpec parsed,
      String path,
      WriteFlow.Destination destination,
      Consumer<Publication> check) {
    SpecChecker.at(
        parsed,
        message -> path,
        () -> {
          check.accept(destination.publication());
          return destination;
        });
  }

  private static void checkApart(
      ParsedSpec parsed,
      WriteFlow.@Nullable Destination records,
      WriteFlow.@Nullable Destination rejects,
      String runId) {
    if (records != null && rejects != null) {
      var unused =
          SpecChecker.at(
              parsed, message -> "rejects.path", () -> WriteFlow.to(records, rejects, runId));
    }
  }

  static void claim(WriteFlow.@Nullable Destination destination, OutputClaims claims)
      throws IOException {
    if (destination != null) {
      claims.take(destination.publication());
    }
  }

  /** The state of fitted features: learned now, learned before, or none. */
  private FittedFeatures fitted(ParsedSpec parsed, SourcePlan source) throws IOException {
    PipelineSpec spec = parsed.spec();
    FeatureSet features = PipelineGraph.features(spec, providers);
    String earlier = spec.fitted();
    if (earlier != null) {
      return SpecChecker.at(parsed, message -> "fitted.path", () -> FittedFiles.read(earlier));
    }
    FitSpec fit = spec.fit();
    if (!features.needsFit()) {
      return FittedFeatures.none();
    }
    if (fit == null) {
      return SpecChecker.at(
          parsed,
          message -> "features",
          () -> {
            throw new IllegalArgumentException(
                "Missing fit: "
                    + features
                    + " must learn from data first (add fit: {path, from, to} to learn in this run,"
                    + " or fitted: {path} with the file of an earlier one)");
          });
    }
    return options.isExplain() || options.isDryRun()
        ? FittedFeatures.none()
        : learn(spec, source, features, fit);
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
            spec.latenessMicros(),
            spec.validate(),
            List.of(),
            null,
            null,
            List.of(),
            null,
            List.of(),
            null,
            null,
            spec.runner(),
            spec.mask(),
            List.of(),
            spec.secrets());
    PipelineGraph graph =
        new PipelineGraph(
            training,
            source,
            providers,
            FittedFeatures.none(),
            new PipelineGraph.Run(
                "fit", newRun(false).startedAt(), fit.fromMicros(), fit.toMicros()),
            PipelineGraph.rules(spec, providers));
    RecordSchema schema = graph.readSchema();
    Pipeline pipeline = Pipeline.create(options);
    graph
        .applyValidated(pipeline.begin())
        .apply("Training records", Flow.split())
        .records()
        .apply(
            "Fit",
            FitFeatures.of(features, schema)
                .withRange(
                    TrainingRange.of(
                        spec.eventTime(),
                        Micros.instant(fit.fromMicros()),
                        Micros.instant(fit.toMicros()))))
        .apply("Save", FittedFiles.write(fit.path()));
    pipeline.run().waitUntilFinish();
    return FittedFiles.read(Objects.requireNonNull(fit.path()));
  }
}
