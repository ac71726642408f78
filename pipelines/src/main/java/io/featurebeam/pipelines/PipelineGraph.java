package io.featurebeam.pipelines;

import io.featurebeam.aggregate.BoundAggregates;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.feature.FeatureSet;
import io.featurebeam.feature.FittedFeatures;
import io.featurebeam.io.file.publish.Manifest;
import io.featurebeam.io.file.publish.PartitionBy;
import io.featurebeam.io.file.publish.Publication;
import io.featurebeam.io.file.publish.PublishMode;
import io.featurebeam.io.file.publish.TimeUnit;
import io.featurebeam.io.file.write.WriteFlow;
import io.featurebeam.io.file.write.WriteLimits;
import io.featurebeam.pipelines.cli.Plan;
import io.featurebeam.pipelines.spec.AggregateColumn;
import io.featurebeam.pipelines.spec.AggregateSpec;
import io.featurebeam.pipelines.spec.FeatureSpec;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.Providers;
import io.featurebeam.pipelines.spec.RejectsSpec;
import io.featurebeam.pipelines.spec.RuleSpec;
import io.featurebeam.pipelines.spec.SinkSpec;
import io.featurebeam.rule.Rule;
import io.featurebeam.rule.RuleSet;
import io.featurebeam.rule.Rules;
import io.featurebeam.rule.Validation;
import io.featurebeam.time.Emission;
import io.featurebeam.transforms.aggregate.AggregateRecords;
import io.featurebeam.transforms.features.EngineerFeatures;
import io.featurebeam.transforms.records.Rejects;
import io.featurebeam.transforms.validate.ValidateRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.jspecify.annotations.Nullable;

/**
 * A spec over the columns of its source: every schema computed, every part bound, ready to be
 * {@link #apply applied} to a pipeline or {@link #plan explained}. Making one finds what does not
 * fit.
 */
final class PipelineGraph {

  /** How many records of input a shard of keys is meant for. */
  private static final long ROWS_PER_SHARD = 250_000;

  private static final int MIN_SHARDS = 4;
  private static final int MAX_SHARDS = 4096;

  private final PipelineSpec spec;
  private final SourcePlan source;
  private final Run run;
  private final RuleSet rules;
  private final FeatureSet features;
  private final FittedFeatures fitted;
  private final @Nullable WindowedAggregates aggregates;
  private final RecordSchema read;
  private final RecordSchema engineered;
  private final @Nullable BoundAggregates bound;

  /**
   * The times of output rows that an event in [first, last] may change, in whole partitions of the
   * sink; everything if the sink is not partitioned by time.
   */
  static Run affected(PipelineSpec spec, Providers providers, long first, long last, Run run) {
    WindowedAggregates aggregates = aggregates(spec, providers);
    boolean atEvents =
        aggregates == null || aggregates.emission().kind() == Emission.Kind.EVERY_EVENT;
    String time = atEvents ? spec.eventTime() : WindowedAggregates.WINDOW_END;
    TimeUnit unit =
        spec.sink() == null
            ? null
            : partitionBy(spec.sink()).finest(time).map(PartitionBy.Part::unit).orElse(null);
    long reach = aggregates == null ? 0 : aggregates.reach();
    if (unit == null || last + reach < last) {
      return run;
    }
    return new Run(run.id, run.startedAt, unit.floor(first), unit.next(unit.floor(last + reach)));
  }

  private static PartitionBy partitionBy(SinkSpec sink) {
    return PartitionBy.parse(
        sink.partitionBy().stream().map(SinkSpec.Partition::toString).toArray(String[]::new));
  }

  /**
   * What is of this run and not of the spec.
   *
   * @param id names temporary files
   * @param startedAt microseconds since 1970
   * @param from the first time of output rows that is wanted
   * @param to the first that is not wanted any more
   */
  record Run(String id, long startedAt, long from, long to) {
    boolean isRanged() {
      return from != Long.MIN_VALUE || to != Long.MAX_VALUE;
    }
  }

  PipelineGraph(
      PipelineSpec spec, SourcePlan source, Providers providers, FittedFeatures fitted, Run run) {
    this.spec = spec;
    this.source = source;
    this.run = run;
    this.fitted = fitted;
    this.rules = rules(spec, providers);
    this.features = features(spec, providers);
    this.aggregates = aggregates(spec, providers);
    RecordSchema all = features.outputSchema(source.schema(), fitted);
    this.read = source.schema().project(neededColumns(all));
    this.engineered = features.outputSchema(read, fitted);
    this.bound = aggregates == null ? null : BoundAggregates.bind(aggregates, engineered);
  }

  static FeatureSet features(PipelineSpec spec, Providers providers) {
    FeatureSet.Builder builder = FeatureSet.builder();
    for (FeatureSpec feature : spec.features()) {
      builder.add(feature.name(), providers.feature(feature.use()));
    }
    return builder.build();
  }

  /** The declared rules, behind those that aggregates need: a record has a time, key and window. */
  static RuleSet rules(PipelineSpec spec, Providers providers) {
    List<Validation> validations = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    List<String> needed = new ArrayList<>(List.of(spec.eventTime()));
    if (!spec.aggregate().isEmpty()) {
      needed.addAll(spec.keysOf(spec.aggregate().get(0)));
    }
    for (String column : needed) {
      Rule rule = Rules.notNull(column);
      if (ids.add(rule.id())) {
        validations.add(Validation.reject(rule));
      }
    }
    WindowedAggregates aggregates = aggregates(spec, providers);
    if (aggregates != null && aggregates.lastTime() < Long.MAX_VALUE) {
      validations.add(
          Validation.reject(
              new HasWindow(spec.eventTime(), aggregates.hop(), aggregates.lastTime())));
    }
    for (RuleSpec declared : spec.validate()) {
      Rule rule = providers.rule(declared.use());
      switch (declared.onFail()) {
        case REJECT -> {
          if (ids.add(rule.id())) {
            validations.add(Validation.reject(rule));
          }
        }
        case WARN -> validations.add(Validation.warn(rule));
        case FAIL -> validations.add(Validation.fail(rule));
      }
    }
    return RuleSet.of(validations);
  }

  private static @Nullable WindowedAggregates aggregates(PipelineSpec spec, Providers providers) {
    if (spec.aggregate().isEmpty()) {
      return null;
    }
    AggregateSpec first = spec.aggregate().get(0);
    List<WindowedAggregates.Group> groups = new ArrayList<>();
    for (AggregateSpec group : spec.aggregate()) {
      if (!spec.keysOf(group).equals(spec.keysOf(first)) || !group.emit().equals(first.emit())) {
        throw new IllegalArgumentException(
            "Invalid aggregate: groups with different keys or emit (rows of one output have one key and"
                + " one time; put the others into a spec of their own)");
      }
      List<WindowedAggregates.Feature> columns = new ArrayList<>();
      for (AggregateColumn column : group.columns()) {
        columns.add(
            new WindowedAggregates.Feature(
                column.name(), providers.aggregate(column.use()), column.where()));
      }
      groups.add(new WindowedAggregates.Group(group.windows(), group.bounds(), columns));
    }
    return new WindowedAggregates(
        spec.keysOf(first), spec.eventTime(), spec.sequence(), first.emit(), groups);
  }

  /** In the order of the source. All of them where each record comes out again. */
  private List<String> neededColumns(RecordSchema withFeatures) {
    List<String> available = source.schema().names();
    if (aggregates == null) {
      return available;
    }
    BoundAggregates overAll = BoundAggregates.bind(aggregates, withFeatures);
    Set<String> needed = new LinkedHashSet<>(overAll.inputColumns());
    needed.addAll(spec.dedupe());
    rules.validations().forEach(v -> needed.addAll(v.rule().columns()));
    features.features().values().forEach(f -> needed.addAll(f.inputs()));
    return available.stream().filter(needed::contains).toList();
  }

  /** The columns of the output. */
  RecordSchema outputSchema() {
    return bound == null ? engineered : bound.outputSchema();
  }

  private String outputTime() {
    return bound == null ? spec.eventTime() : bound.outputTime();
  }

  String runId() {
    return run.id;
  }

  long startedAt() {
    return run.startedAt;
  }

  /** The rules, whose verdict decides on publishing. */
  RuleSet rules() {
    return rules;
  }

  private SourcePlan.Request request() {
    long reach = aggregates == null ? 0 : aggregates.reach();
    long from = run.from == Long.MIN_VALUE ? Long.MIN_VALUE : run.from - reach;
    return new SourcePlan.Request(
        read.names(),
        spec.eventTime(),
        from > run.from ? Long.MIN_VALUE : from, // the reach is longer than time
        // a row at the last wanted time may see events of that very time
        run.to,
        Set.copyOf(spec.mask()),
        run.startedAt);
  }

  /** Read, validate, drop duplicates: what a fit learns from, too. */
  PCollection<RecordBatch> applyValidated(Pipeline pipeline) {
    PCollection<RecordBatch> flow =
        pipeline
            .apply("Read " + spec.source().kind(), source.read(request()))
            .apply("Validate", validate("validate", rules).inFlow());
    if (spec.dedupe().isEmpty()) {
      return flow;
    }
    Validation unique = Validation.reject(Rules.unique(spec.dedupe().toArray(String[]::new)));
    return flow.apply("Deduplicate", validate(RunFacts.DEDUPE, RuleSet.of(unique)).inFlow());
  }

  private ValidateRecords validate(String step, RuleSet checked) {
    return ValidateRecords.of(checked, read)
        .withStep(step)
        .withMasked(spec.mask().stream().filter(read::contains).toList())
        .withEventTime(spec.eventTime())
        .withRejectedAt(run.startedAt)
        .withShards(shards());
  }

  /** The columns that are read. */
  RecordSchema readSchema() {
    return read;
  }

  /** The whole flow: records of the output, rejects and facts. */
  PCollection<RecordBatch> applyFlow(Pipeline pipeline) {
    PCollection<RecordBatch> flow = applyValidated(pipeline);
    if (!features.features().isEmpty()) {
      flow =
          flow.apply(
              "Engineer features", EngineerFeatures.of(features, read).withFitted(fitted).inFlow());
    }
    if (spec.report() != null) {
      flow = flow.apply("Profile", ProfileFlow.of(engineered, spec.mask()));
    }
    if (aggregates != null) {
      AggregateRecords aggregate =
          AggregateRecords.of(aggregates, engineered).withShards(shards()).inFlow();
      flow =
          flow.apply(
              "Aggregate", run.isRanged() ? aggregate.withRange(run.from, run.to) : aggregate);
    }
    return flow;
  }

  /** The flow written to files and published at the end, with the report. */
  void apply(Pipeline pipeline, FinishRun finish) {
    withKeptRejects(pipeline, applyFlow(pipeline))
        .apply("Write", WriteFlow.to(recordsTo(), rejectsTo(), run.id))
        .apply("Finish", finish);
  }

  /** A run over a range publishes the rejects of other times again, as they are. */
  private PCollection<RecordBatch> withKeptRejects(
      Pipeline pipeline, PCollection<RecordBatch> flow) {
    RejectsSpec rejects = spec.rejects();
    if (rejects == null || !run.isRanged()) {
      return flow;
    }
    List<String> published = published(rejects.path());
    if (published.isEmpty()) {
      return flow;
    }
    SourcePlan.Request request = request();
    PCollection<RecordBatch> kept =
        pipeline.apply(
            "Keep rejects", KeptRejects.of(rejects, published, request.from(), request.to()));
    return PCollectionList.of(flow).and(kept).apply("With kept rejects", Flatten.pCollections());
  }

  private static List<String> published(String path) {
    try {
      return Manifest.read(path).map(manifest -> manifest.paths(path)).orElse(List.of());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the rejects of earlier runs: " + path, e);
    }
  }

  private int shards() {
    long rows = source.rows() < 0 ? MIN_SHARDS * 8 * ROWS_PER_SHARD : source.rows();
    return (int) Math.max(MIN_SHARDS, Math.min(MAX_SHARDS, rows / ROWS_PER_SHARD));
  }

  /** Where the output goes; null if the spec has no sink. */
  WriteFlow.@Nullable Destination recordsTo() {
    SinkSpec sink = spec.sink();
    if (sink == null) {
      return null;
    }
    Publication publication =
        Publication.of(sink.path(), outputSchema())
            .withPartitionBy(partitionBy(sink))
            .withEventTime(outputTime())
            .withMode(
                run.isRanged()
                    ? PublishMode.replaceRange(run.from, run.to)
                    : PublishMode.replaceAll())
            .withOverwrite(sink.overwrite())
            .withSpec(spec.name(), SpecHash.of(spec));
    return new WriteFlow.Destination(publication, Formats.of(sink), limits(sink));
  }

  private static WriteLimits limits(SinkSpec sink) {
    WriteLimits defaults = WriteLimits.defaults();
    return new WriteLimits(sink.fileSize(), defaults.maxOpenFiles(), defaults.maxMemoryBytes());
  }

  /** Where rejects go; null if the spec does not keep them. */
  WriteFlow.@Nullable Destination rejectsTo() {
    RejectsSpec rejects = spec.rejects();
    if (rejects == null) {
      return null;
    }
    return new WriteFlow.Destination(
        Publication.of(rejects.path(), Rejects.SCHEMA).withSpec(spec.name(), SpecHash.of(spec)),
        Formats.of(rejects),
        WriteLimits.defaults());
  }

  /** What {@link #apply} will do, step by step. */
  Plan plan() {
    List<Plan.Step> steps = new ArrayList<>();
    String last =
        add(steps, "Read " + spec.source().kind(), "source", null, read, source.notes(request()));
    last =
        add(
            steps,
            "Validate",
            "rules",
            last,
            read,
            rules.validations().stream().map(v -> v.rule().id()).toList());
    if (!spec.dedupe().isEmpty()) {
      last =
          add(
              steps,
              "Deduplicate",
              "unique",
              last,
              read,
              List.of("by " + String.join(", ", spec.dedupe()), "one shuffle of the records"));
    }
    if (!features.features().isEmpty()) {
      last =
          add(
              steps,
              "Engineer features",
              "features",
              last,
              engineered,
              features.features().entrySet().stream()
                  .map(e -> e.getKey() + ": " + e.getValue().id())
                  .toList());
    }
    if (bound != null && aggregates != null) {
      last =
          add(steps, "Aggregate", "window aggregates", last, bound.outputSchema(), windowNotes());
    }
    if (spec.sink() != null) {
      add(
          steps,
          "Write",
          spec.sink().format().name().toLowerCase(Locale.ROOT) + " sink",
          last,
          null,
          List.of(
              "partitioned by "
                  + (spec.sink().partitionBy().isEmpty() ? "nothing" : spec.sink().partitionBy()),
              "published at once when the run has ended"));
    }
    return new Plan(spec.name(), steps);
  }

  private List<String> windowNotes() {
    List<String> notes = new ArrayList<>();
    for (WindowedAggregates.Group group : aggregates.groups()) {
      notes.add("windows " + group.windows());
    }
    notes.add(
        bound.isTiled()
            ? "reduced to tiles before the shuffle; one shuffle in " + shards() + " shards"
            : "one shuffle of the needed columns in " + shards() + " shards");
    if (run.isRanged()) {
      notes.add(
          "events from " + aggregates.reach() / 1_000_000 + " s before the range are read too");
    }
    return notes;
  }

  private static String add(
      List<Plan.Step> steps,
      String name,
      String kind,
      @Nullable String input,
      @Nullable RecordSchema outputs,
      List<String> notes) {
    steps.add(
        new Plan.Step(name, kind, input == null ? List.of() : List.of(input), outputs, notes));
    return name;
  }
}
