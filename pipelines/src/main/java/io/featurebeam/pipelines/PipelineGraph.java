package io.featurebeam.pipelines;

import io.featurebeam.aggregate.BoundAggregates;
import io.featurebeam.aggregate.LiveShard;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.expression.Condition;
import io.featurebeam.feature.Feature;
import io.featurebeam.feature.FeatureSet;
import io.featurebeam.feature.FittedFeatures;
import io.featurebeam.io.file.publish.Manifest;
import io.featurebeam.io.file.publish.Origin;
import io.featurebeam.io.file.publish.PartitionBy;
import io.featurebeam.io.file.publish.Publication;
import io.featurebeam.io.file.publish.PublishMode;
import io.featurebeam.io.file.publish.TimeUnit;
import io.featurebeam.io.file.write.AppendFiles;
import io.featurebeam.io.file.write.WriteFlow;
import io.featurebeam.io.file.write.WriteLimits;
import io.featurebeam.io.kafka.WriteKafka;
import io.featurebeam.pipelines.cli.Plan;
import io.featurebeam.pipelines.spec.AggregateColumn;
import io.featurebeam.pipelines.spec.AggregateSpec;
import io.featurebeam.pipelines.spec.FeatureGroupSpec;
import io.featurebeam.pipelines.spec.FeatureSpec;
import io.featurebeam.pipelines.spec.ManifestSpec;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.Providers;
import io.featurebeam.pipelines.spec.RejectsSpec;
import io.featurebeam.pipelines.spec.RuleSpec;
import io.featurebeam.pipelines.spec.SinkSpec;
import io.featurebeam.pipelines.spec.Times;
import io.featurebeam.pipelines.spec.TrainingSetSpec;
import io.featurebeam.rule.Rule;
import io.featurebeam.rule.RuleSet;
import io.featurebeam.rule.Rules;
import io.featurebeam.rule.Validation;
import io.featurebeam.runners.Unrecoverable;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Micros;
import io.featurebeam.transforms.aggregate.AggregateRecords;
import io.featurebeam.transforms.features.EngineerFeatures;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.Rejects;
import io.featurebeam.transforms.validate.ValidateRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.values.PBegin;
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

  final PipelineSpec spec;
  final SourcePlan source;
  final Run run;
  final RuleSet rules;
  final RuleSet featureRules;
  final FeatureSet features;
  private final FittedFeatures fitted;
  final @Nullable WindowedAggregates aggregates;
  final RecordSchema read;
  final RecordSchema engineered;
  final @Nullable BoundAggregates bound;
  private final @Nullable Origin origin;
  private final Map<String, String> hashed;

  /** Of a training set, what is joined to its labels. */
  final @Nullable LabelJoin join;

  /** Of a training set without labels, what becomes of the rows of its aggregates. */
  final @Nullable TrainingRows trainingRows;

  private final RecordSchema outputSchema;

  /** Which columns are needed of a group of a training set; else null. */
  private final @Nullable FeatureGroupSpec group;

  /**
   * The times of output rows that a new event in [first, last] may change, in whole partitions of
   * the sink; everything if the sink is not partitioned by time. There is no end to them if windows
   * have none, or if later records may turn out to be copies of the event.
   */
  static Run affected(PipelineSpec spec, Providers providers, long first, long last, Run run) {
    WindowedAggregates aggregates = aggregates(spec, providers);
    boolean atEvents =
        aggregates == null || aggregates.emission().kind() == Emission.Kind.EVERY_EVENT;
    String time = atEvents ? spec.eventTime() : WindowedAggregates.WINDOW_END;
    SinkSpec files = spec.files();
    TimeUnit unit =
        files == null
            ? null
            : partitionBy(files).finest(time).map(PartitionBy.Part::unit).orElse(null);
    if (unit == null) {
      return run;
    }
    long reach = aggregates == null ? 0 : aggregates.reach();
    boolean endless =
        reach == Long.MAX_VALUE || last + reach < last || seesCopies(spec, rules(spec, providers));
    long to = endless ? Long.MAX_VALUE : unit.next(unit.floor(last + reach));
    return new Run(run.id, run.startedAt, unit.floor(first), to, run.isStream, run.runner);
  }

  /** Whether a record of this run may be rejected because of one long before. */
  boolean seesCopies() {
    return seesCopies(spec, rules);
  }

  /** Whether a record is rejected because of an earlier one, however long ago that was. */
  private static boolean seesCopies(PipelineSpec spec, RuleSet rules) {
    return !spec.dedupe().isEmpty()
        || rules.runRules().validations().stream().anyMatch(v -> v.onFail().rejects());
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
   * @param isStream whether the source has no end
   * @param runner what runs it; null if nobody will ask how its output was made
   */
  record Run(
      String id, long startedAt, long from, long to, boolean isStream, @Nullable String runner) {
    /** Of a source that ends, and of whose output nobody will ask how it was made. */
    Run(String id, long startedAt, long from, long to) {
      this(id, startedAt, from, to, false, null);
    }

    boolean isRanged() {
      return from != Long.MIN_VALUE || to != Long.MAX_VALUE;
    }
  }

  PipelineGraph(
      PipelineSpec spec, SourcePlan source, Providers providers, FittedFeatures fitted, Run run) {
    this(spec, source, providers, fitted, run, rules(spec, providers), null, null);
  }

  /** Of a training set. */
  PipelineGraph(
      PipelineSpec spec,
      SourcePlan source,
      Providers providers,
      FittedFeatures fitted,
      Run run,
      LabelJoin join) {
    this(spec, source, providers, fitted, run, rules(spec, providers), join, null);
  }

  /** With rules that need not be those of the spec. */
  PipelineGraph(
      PipelineSpec spec,
      SourcePlan source,
      Providers providers,
      FittedFeatures fitted,
      Run run,
      RuleSet rules) {
    this(spec, source, providers, fitted, run, rules, null, null);
  }

  /** Up to where its records meet the labels of a training set. */
  static PipelineGraph ofGroup(
      FeatureGroupSpec group,
      SourcePlan source,
      Providers providers,
      FittedFeatures fitted,
      Run run) {
    PipelineSpec spec = group.features();
    return new PipelineGraph(
        spec, source, providers, fitted, run, rules(spec, providers), null, group);
  }

  private PipelineGraph(
      PipelineSpec spec,
      SourcePlan source,
      Providers providers,
      FittedFeatures fitted,
      Run run,
      RuleSet rules,
      @Nullable LabelJoin join,
      @Nullable FeatureGroupSpec group) {
    this.spec = spec;
    this.source = source;
    this.run = run;
    this.fitted = fitted;
    this.rules = over(rules, source.schema(), true);
    this.featureRules = over(rules, source.schema(), false);
    this.features = features(spec, providers);
    this.aggregates = aggregates(spec, providers);
    this.join = join;
    this.group = group;
    RecordSchema all = features.knownSchema(source.schema(), fitted);
    this.read = source.schema().project(neededColumns(all));
    this.engineered = features.knownSchema(read, fitted);
    this.bound =
        aggregates == null || group != null ? null : BoundAggregates.bind(aggregates, engineered);
    this.hashed = new LinkedHashMap<>();
    this.origin =
        run.runner == null || run.isStream || spec.files() == null ? null : origin(providers);
    this.trainingRows =
        spec.trainingSet() == null || join != null ? null : new TrainingRows(spec.trainingSet());
    if (trainingRows != null && run.isStream) {
      throw new IllegalArgumentException(
          "Invalid trainingSet without groups of a source without an end (rows of a stream change as"
              + " events come, and a sample might keep one state of a row and not the next; make it"
              + " of what the stream has written, or give a source that ends)");
    }
    this.outputSchema = join == null ? ownSchema() : join.outputSchema(engineered);
    for (RecordSchema columns : List.of(read, engineered, outputSchema)) {
      if (Flow.isReserved(columns)) {
        throw new IllegalArgumentException(
            "Invalid columns: they are exactly those of rejects or facts, which travel along with"
                + " records (leave a column out with columns:, or add a feature)");
      }
    }
  }

  /** How the output is made; finds the files whose hashes workers shall tell, too. */
  private Origin origin(Providers providers) {
    boolean hashes =
        spec.files().manifest().inputs() == ManifestSpec.Inputs.HASHES && !run.isRanged();
    List<Origin.Input> inputs = new ArrayList<>();
    List<PipelineGraph> groups =
        join == null ? List.of() : join.groups().values().stream().map(g -> g.graph()).toList();
    Set<Origin.Input> told = new HashSet<>(); // of all that read a file the first tells its hash
    for (PipelineGraph reader : Stream.concat(Stream.of(this), groups.stream()).toList()) {
      for (Origin.Input input : reader.source.reads()) {
        if (hashes && input.is(Origin.Kind.FILE) && told.add(input)) {
          reader.hashed.put(input.name(), shown(input));
        }
      }
    }
    for (Origin.Input input : inputs(source, groups.stream().map(g -> g.source).toList(), spec)) {
      inputs.add(input.named(shown(input)));
    }
    return new Origin(
        run.runner,
        CodeVersion.of(providers),
        run.isRanged() ? new Origin.Range(instant(run.from), instant(run.to)) : null,
        null,
        inputs,
        spec.toString().lines().toList());
  }

  private String shown(Origin.Input input) {
    return spec.secrets().redact(Inputs.shown(input.name()));
  }

  /**
   * All that the output depends on beside the spec, with names as they are.
   *
   * @param others the sources of the groups of a training set
   */
  static List<Origin.Input> inputs(SourcePlan source, List<SourcePlan> others, PipelineSpec spec) {
    Set<Origin.Input> inputs = new LinkedHashSet<>(source.reads()); // a file of two counts once
    others.forEach(other -> inputs.addAll(other.reads()));
    List<Origin.Input> all = new ArrayList<>(inputs);
    if (spec.fitted() != null) {
      all.add(Inputs.file(Origin.Kind.FITTED, spec.fitted()));
    }
    if (spec.trainingSet() != null) {
      spec.trainingSet().groups().values().stream()
          .map(group -> group.features().fitted())
          .filter(fitted -> fitted != null)
          .distinct()
          .forEach(fitted -> all.add(Inputs.file(Origin.Kind.FITTED, fitted)));
    }
    return all;
  }

  private static @Nullable String instant(long micros) {
    return micros == Long.MIN_VALUE || micros == Long.MAX_VALUE
        ? null
        : Micros.instant(micros).toString();
  }

  /** The rules whose columns are all there, or the others. */
  private static RuleSet over(RuleSet rules, RecordSchema columns, boolean there) {
    return RuleSet.of(
        rules.validations().stream()
            .filter(v -> columns.names().containsAll(v.rule().columns()) == there)
            .toList());
  }

  static FeatureSet features(PipelineSpec spec, Providers providers) {
    FeatureSet.Builder builder = FeatureSet.builder();
    for (FeatureSpec feature : spec.features()) {
      builder.add(feature.name(), providers.feature(feature.use()));
    }
    return builder.build();
  }

  /**
   * The declared rules, behind those that the flow needs: a record has a time and, if there are
   * aggregates, a key and a window. One of these that is declared too may fail the run, but not
   * only warn.
   */
  static RuleSet rules(PipelineSpec spec, Providers providers) {
    Map<String, Validation> needed = new LinkedHashMap<>();
    for (String column : spec.requiredColumns()) {
      Rule rule = Rules.notNull(column);
      needed.put(rule.id(), Validation.reject(rule));
    }
    WindowedAggregates aggregates = aggregates(spec, providers);
    if (aggregates != null && aggregates.lastTime() < Long.MAX_VALUE) {
      Rule rule = new HasWindow(spec.eventTime(), aggregates.hop(), aggregates.lastTime());
      needed.put(rule.id(), Validation.reject(rule));
    }
    TrainingSetSpec trainingSet = spec.trainingSet();
    if (trainingSet != null && trainingSet.asOfMicros() != null) {
      Rule rule =
          new KnownBy(spec.eventTime(), trainingSet.horizonMicros(), trainingSet.asOfMicros());
      needed.put(rule.id(), Validation.reject(rule));
    }
    List<Validation> others = new ArrayList<>();
    for (RuleSpec declared : spec.validate()) {
      Rule rule = providers.rule(declared.use());
      Validation validation =
          switch (declared.onFail()) {
            case REJECT -> Validation.reject(rule);
            case WARN -> Validation.warn(rule);
            case FAIL -> Validation.fail(rule);
          };
      if (!needed.containsKey(rule.id())) {
        others.add(validation);
      } else if (validation.onFail().rejects()) {
        needed.put(rule.id(), validation);
      } else {
        throw new IllegalArgumentException(
            "Invalid onFail of "
                + rule.id()
                + ": warn (records without it cannot be used; must be reject or fail)");
      }
    }
    List<Validation> all = new ArrayList<>(needed.values());
    all.addAll(others);
    return RuleSet.of(all);
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
            "Invalid aggregate: groups with different keys or emit (rows of one output have one key"
                + " and one time; put the others into a spec of their own)");
      }
      if (!Objects.equals(group.changes(), first.changes())) {
        throw new IllegalArgumentException(
            "Invalid aggregate: groups with different changes (a record deletes for all of them;"
                + " give each the same)");
      }
      if (!Objects.equals(group.rows(), first.rows())) {
        throw new IllegalArgumentException(
            "Invalid aggregate: groups with different rows (an event has one row in one output; say"
                + " the same in each group, or put the others into a spec of their own)");
      }
      List<WindowedAggregates.Feature> columns = new ArrayList<>();
      for (AggregateColumn column : group.columns()) {
        columns.addAll(column.features(providers));
      }
      groups.add(new WindowedAggregates.Group(group.windows(), group.bounds(), columns));
    }
    return new WindowedAggregates(
        spec.keysOf(first),
        spec.eventTime(),
        spec.sequence(),
        first.emit(),
        groups,
        first.rows(),
        first.changes());
  }

  /** In the order of the source. All of them where each record comes out again. */
  private List<String> neededColumns(RecordSchema withFeatures) {
    List<String> available = source.schema().names();
    Set<String> needed = new LinkedHashSet<>();
    if (group != null) {
      needed.addAll(LabelJoin.neededColumns(group, aggregates, withFeatures));
    } else if (aggregates != null) {
      needed.addAll(BoundAggregates.bind(aggregates, withFeatures).inputColumns());
    } else {
      return available;
    }
    needed.addAll(spec.dedupe().by());
    rules.validations().forEach(v -> needed.addAll(v.rule().columns()));
    features.features().values().forEach(f -> needed.addAll(f.inputs()));
    return available.stream().filter(needed::contains).toList();
  }

  /** The columns of the output. */
  RecordSchema outputSchema() {
    return outputSchema;
  }

  private RecordSchema ownSchema() {
    if (bound == null || group != null) {
      return engineered;
    }
    RecordSchema rows = run.isStream ? LiveShard.rowSchema(bound) : bound.outputSchema();
    return trainingRows == null ? rows : trainingRows.split(trainingRows.sampled(rows));
  }

  String outputTime() {
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

  /** The first event time that an output row may see. */
  private long firstSeen() {
    long reach = aggregates == null ? 0 : aggregates.reach();
    if (group != null) { // whether a label is matched may depend on a record of any age
      reach = Math.max(reach, group.ttlMicros());
    }
    long first = run.from - reach;
    boolean all = reach == Long.MAX_VALUE || first > run.from; // longer than time
    return all ? Long.MIN_VALUE : first;
  }

  SourcePlan.Request request() {
    return new SourcePlan.Request(
        read.names(),
        spec.eventTime(),
        seesCopies() ? Long.MIN_VALUE : firstSeen(),
        // a row at the last wanted time may see events of that very time
        run.to,
        Set.copyOf(spec.mask()),
        run.startedAt,
        hashed);
  }

  /** Read, validate, drop duplicates: what a fit learns from, too. */
  PCollection<RecordBatch> applyValidated(PBegin pipeline) {
    PCollection<RecordBatch> flow =
        pipeline
            .apply("Read " + spec.source().kind(), source.read(request()))
            .apply("Validate", validate("validate", rules, read).inFlow());
    if (!spec.dedupe().isEmpty()) {
      flow = flow.apply("Deduplicate", deduplicate().inFlow());
    }
    return request().from() < firstSeen()
        ? flow.apply("Look back", LookBack.until(spec.eventTime(), firstSeen()))
        : flow;
  }

  private ValidateRecords deduplicate() {
    Validation unique = Validation.reject(Rules.unique(spec.dedupe().by().toArray(String[]::new)));
    ValidateRecords validate = validate(RunFacts.DEDUPE, RuleSet.of(unique), read);
    long within = spec.dedupe().withinMicros();
    return within == 0 ? validate : validate.withHorizon(within, lateness(within));
  }

  /** How far behind a record may be for a row to see it yet; without aggregates all see it. */
  private long lateness(long within) {
    if (aggregates == null) {
      return Math.max(within, spec.latenessMicros());
    }
    long hop = aggregates.hop();
    long lateness = spec.latenessMicros();
    return lateness > Long.MAX_VALUE - hop ? Long.MAX_VALUE : lateness + hop;
  }

  private ValidateRecords validate(String step, RuleSet checked, RecordSchema columns) {
    return ValidateRecords.of(checked, columns)
        .withStep(step)
        .withMasked(hidden().stream().filter(columns::contains).toList())
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
    PCollection<RecordBatch> flow = applyEngineered(pipeline.begin());
    if (spec.report() != null) {
      flow = flow.apply("Profile", ProfileFlow.of(engineered, hidden()));
    }
    if (join != null) {
      Set<String> masked = run.isStream ? hiddenOutput() : hidden(); // records may be late there
      return join.apply(flow, engineered, shards(), masked, run.startedAt, spec.latenessMicros());
    }
    if (aggregates != null) {
      AggregateRecords aggregate =
          AggregateRecords.of(aggregates, engineered)
              .withShards(shards())
              .withLateness(spec.latenessMicros())
              .withMasked(hidden().stream().filter(engineered::contains).toList())
              .withSavedState(StateDefinitions.of(this), Unrecoverable::of)
              .inFlow();
      flow =
          flow.apply(
              "Aggregate", run.isRanged() ? aggregate.withRange(run.from, run.to) : aggregate);
    }
    if (trainingRows != null) {
      RecordSchema rows = bound.outputSchema();
      flow = trainingRows.sample(flow, rows, RunFacts.SAMPLE_ROWS);
      flow = trainingRows.split(flow, trainingRows.sampled(rows));
    }
    return flow;
  }

  /** Read, validated, with their features: what is aggregated, or joined to labels. */
  PCollection<RecordBatch> applyEngineered(PBegin pipeline) {
    PCollection<RecordBatch> flow = applyValidated(pipeline);
    if (!features.features().isEmpty()) {
      flow =
          flow.apply(
              "Engineer features", EngineerFeatures.of(features, read).withFitted(fitted).inFlow());
    }
    if (!featureRules.isEmpty()) {
      flow =
          flow.apply(
              "Validate features",
              validate(RunFacts.FEATURE_RULES, featureRules, engineered).inFlow());
    }
    return flow;
  }

  /** The masked columns and what features make of them. */
  private Set<String> hidden() {
    return features.computedFrom(spec.mask(), read, fitted);
  }

  /** The flow written to files and published at the end, with the report. */
  void apply(Pipeline pipeline, FinishRun finish) {
    PCollection<RecordBatch> flow = withKeptRejects(pipeline, applyFlow(pipeline));
    if (!spec.secrets().isEmpty()) {
      flow = flow.apply("Hide secrets", HideSecrets.of(spec.secrets()));
    }
    flow = send(flow);
    if (awaitsVerdict()) {
      flow = flow.apply("Await verdict", AwaitVerdict.withShards(shards()));
    }
    wanted(store(flow))
        .apply("Write", WriteFlow.to(recordsTo(), rejectsTo(), run.id))
        .apply("Finish", finish);
  }

  /** The flow of a stream: files appear bundle by bundle. */
  void applyStream(Pipeline pipeline) {
    PCollection<RecordBatch> flow = applyFlow(pipeline);
    if (!spec.secrets().isEmpty()) {
      flow = flow.apply("Hide secrets", HideSecrets.of(spec.secrets()));
    }
    if (aggregates == null && join == null) {
      flow = flow.apply("Count", CountRows.create());
    }
    flow = store(send(flow));
    WriteFlow.Destination records = recordsTo();
    if (records != null) {
      wanted(flow)
          .apply("Rows", Filter.by(Flow::isRecords))
          .setCoder(BatchCoder.of())
          .apply("Write", AppendFiles.to(records, run.id).counting());
    }
    WriteFlow.Destination rejects = rejectsTo();
    if (rejects != null) {
      flow.apply("Rejects", Filter.by(Flow::isRejects))
          .setCoder(BatchCoder.of())
          .apply("Keep rejects", AppendFiles.to(rejects, run.id));
    }
  }

  /** The rows sent to each topic; they go on if there are stores or files too. */
  private PCollection<RecordBatch> send(PCollection<RecordBatch> flow) {
    PCollection<RecordBatch> sent = flow;
    List<SinkSpec> topics = spec.topics();
    for (int i = 0; i < topics.size(); i++) {
      SinkSpec topic = topics.get(i);
      boolean isLast = i == topics.size() - 1 && spec.stores().isEmpty() && spec.files() == null;
      sent =
          sent.apply(
              topics.size() == 1 ? "Send" : "Send to " + topic.kafka().topic(),
              isLast ? sendTo(topic) : sendTo(topic).handingOn());
    }
    return sent;
  }

  /** The rows kept in each store; they go on if there are files too. */
  private PCollection<RecordBatch> store(PCollection<RecordBatch> flow) {
    PCollection<RecordBatch> stored = flow;
    List<SinkSpec> stores = spec.stores();
    for (int i = 0; i < stores.size(); i++) {
      StorePlans plans = StorePlans.of(spec, stores.get(i));
      boolean isLast = i == stores.size() - 1 && spec.files() == null;
      stored =
          stored.apply(
              stores.size() == 1 ? "Keep newest" : "Keep newest in " + plans.place(),
              plans.write(storedRows(), !isLast));
    }
    return stored;
  }

  /** Whether rows wait for the rules that may fail the run, as a store takes nothing back. */
  boolean awaitsVerdict() {
    return !run.isStream && !spec.stores().isEmpty() && mayFail();
  }

  private boolean mayFail() {
    return Stream.of(rules, featureRules)
            .flatMap(set -> set.validations().stream())
            .anyMatch(validation -> validation.onFail() == Validation.OnFail.FAIL)
        || (join != null && join.groups().values().stream().anyMatch(g -> g.graph().mayFail()));
  }

  /** The rows that files shall hold, and what is no rows. */
  private PCollection<RecordBatch> wanted(PCollection<RecordBatch> flow) {
    SinkSpec files = spec.files();
    return files == null || files.where() == null
        ? flow
        : flow.apply("Where", KeepRows.where(Condition.of(files.where(), outputSchema())));
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
    KeptRejects ofOwn = KeptRejects.of(published, request.from(), request.to(), source.replaced());
    PCollection<RecordBatch> kept =
        pipeline.apply("Keep rejects", join == null ? ofOwn : join.keeping(ofOwn));
    return PCollectionList.of(flow).and(kept).apply("With kept rejects", Flatten.pCollections());
  }

  private static List<String> published(String path) {
    try {
      return Manifest.read(path).map(manifest -> manifest.paths(path)).orElse(List.of());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the rejects of earlier runs: " + path, e);
    }
  }

  int shards() {
    long own = source.rows();
    long all = own < 0 || join == null ? own : join.rows() < 0 ? -1 : own + join.rows();
    long rows = all < 0 ? MIN_SHARDS * 8 * ROWS_PER_SHARD : all;
    return (int) Math.max(MIN_SHARDS, Math.min(MAX_SHARDS, rows / ROWS_PER_SHARD));
  }

  /** How rows go to a topic. */
  WriteKafka sendTo(SinkSpec topic) {
    WriteKafka send =
        KafkaPlans.sink(topic.kafka(), outputSchema(), outputTime(), SpecHash.of(spec));
    return topic.where() == null ? send : send.withWhere(topic.where());
  }

  /** What stores keep of rows: not what only a stream says of them. */
  StorePlans.Rows storedRows() {
    RecordSchema rows = run.isStream && bound != null ? bound.outputSchema() : outputSchema;
    List<String> features = new ArrayList<>(rows.names());
    features.removeAll(spec.outputKeys());
    boolean ofEvents =
        aggregates == null || aggregates.emission().kind() == Emission.Kind.EVERY_EVENT;
    List<String> own =
        ofEvents ? rows.names().stream().filter(engineered::contains).toList() : List.of();
    return new StorePlans.Rows(
        outputSchema, outputTime(), spec.outputKeys(), features, own, SpecHash.of(spec));
  }

  /** Where files of the output go; null if the spec has none. */
  WriteFlow.@Nullable Destination recordsTo() {
    SinkSpec sink = spec.files();
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
            .withExtension(Formats.of(sink).extension())
            .withOrigin(origin, (int) sink.manifest().versions());
    return new WriteFlow.Destination(named(publication), Formats.of(sink), limits(sink));
  }

  /** A manifest is read by others. */
  private Publication named(Publication publication) {
    return publication.withSpec(spec.secrets().redact(spec.name()), SpecHash.of(spec));
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
        named(Publication.of(rejects.path(), Rejects.SCHEMA).withOverwrite(rejects.overwrite())),
        Formats.of(rejects),
        WriteLimits.defaults());
  }

  /**
   * The features none of whose columns come out: rows of aggregates hold keys and aggregates alone,
   * unless there is one for every event.
   */
  List<String> unusedFeatures() {
    if (aggregates == null || aggregates.emission().kind() == Emission.Kind.EVERY_EVENT) {
      return List.of();
    }
    Map<String, List<String>> made = made();
    Set<String> used = new HashSet<>(bound.inputColumns());
    List<String> names = new ArrayList<>(made.keySet());
    List<String> unused = new ArrayList<>();
    for (int i = names.size() - 1; i >= 0; i--) { // a feature reads only those before it
      if (Collections.disjoint(made.get(names.get(i)), used)) {
        unused.add(0, names.get(i));
      } else {
        used.addAll(features.features().get(names.get(i)).inputs());
      }
    }
    return unused;
  }

  /** The columns that each feature makes, in order, as far as they are known. */
  Map<String, List<String>> made() {
    Map<String, List<String>> made = new LinkedHashMap<>();
    FeatureSet.Builder soFar = FeatureSet.builder();
    int before = read.size();
    for (Map.Entry<String, Feature> feature : features.features().entrySet()) {
      soFar.add(feature.getKey(), feature.getValue());
      List<String> columns = soFar.build().knownSchema(read, fitted).names();
      made.put(feature.getKey(), columns.subList(before, columns.size()));
      before = columns.size();
    }
    return made;
  }

  /** What {@link #apply} will do, step by step. */
  Plan plan() {
    return GraphPlan.of(this);
  }

  /** Which rows are computed; null for all. */
  RunReporter.@Nullable Range range() {
    if (!run.isRanged()) {
      return null;
    }
    String from = run.from == Long.MIN_VALUE ? null : Times.format(run.from);
    String to = run.to == Long.MAX_VALUE ? null : Times.format(run.to);
    String rows = "rows with " + outputTime();
    String suffix;
    if (from == null) {
      rows += " before " + to;
      suffix = "before-" + to;
    } else if (to == null) {
      rows += " from " + from + " on";
      suffix = "from-" + from;
    } else {
      rows += " from " + from + " to before " + to;
      suffix = from + "-to-" + to;
    }
    return new RunReporter.Range(rows, suffix.replace(":", ""));
  }

  /** Of a masked column, the columns of the output that may show its values. */
  Set<String> hiddenOutput() {
    Set<String> hidden = new LinkedHashSet<>(hidden());
    if (join != null) {
      join.groups().values().forEach(g -> hidden.addAll(g.graph().hiddenOutput()));
    }
    if (group != null && group.asOf() != null) {
      group.asOf().columns().forEach((theirs, ours) -> addIf(hidden, theirs, ours));
    }
    if (aggregates != null) {
      for (WindowedAggregates.Group group : aggregates.groups()) {
        for (WindowedAggregates.Feature column : group.features()) {
          if (BoundAggregates.columns(column.aggregate(), engineered).stream()
              .anyMatch(hidden::contains)) {
            group.windows().forEach(window -> hidden.add(column.name() + "_" + window));
          }
        }
      }
    }
    return hidden;
  }

  private static void addIf(Set<String> hidden, String there, String more) {
    if (hidden.contains(there)) {
      hidden.add(more);
    }
  }
}
