package io.featurebeam.pipelines.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the parts of a {@link PipelineSpec}; methods that take several add to what is there. */
public final class PipelineSpecBuilder {

  private final String name;
  private @Nullable SourceSpec source;
  private @Nullable String eventTime;
  private final List<String> keys = new ArrayList<>();
  private @Nullable String sequence;
  private DedupeSpec dedupe = DedupeSpec.NONE;
  private long latenessMicros;
  private final List<RuleSpec> validate = new ArrayList<>();
  private final List<FeatureSpec> features = new ArrayList<>();
  private @Nullable FitSpec fit;
  private @Nullable String fitted;
  private final List<AggregateSpec> aggregate = new ArrayList<>();
  private @Nullable TrainingSetSpec trainingSet;
  private final List<SinkSpec> sinks = new ArrayList<>();
  private @Nullable RejectsSpec rejects;
  private @Nullable String report;
  private final Map<String, Map<String, String>> runner = new LinkedHashMap<>();
  private final List<String> mask = new ArrayList<>();
  private final List<String> tests = new ArrayList<>();
  private Secrets secrets = Secrets.NONE;

  PipelineSpecBuilder(String name) {
    this.name = name;
  }

  PipelineSpecBuilder(PipelineSpec spec) {
    this(spec.name());
    var unused = from(spec);
  }

  /** All of another spec but its name. */
  PipelineSpecBuilder from(PipelineSpec spec) {
    this.source = spec.source();
    this.eventTime = spec.eventTime();
    this.keys.addAll(spec.keys());
    this.sequence = spec.sequence();
    this.dedupe = spec.dedupe();
    this.latenessMicros = spec.latenessMicros();
    this.validate.addAll(spec.validate());
    this.features.addAll(spec.features());
    this.fit = spec.fit();
    this.fitted = spec.fitted();
    this.aggregate.addAll(spec.aggregate());
    this.trainingSet = spec.trainingSet();
    this.sinks.addAll(spec.sinks());
    this.rejects = spec.rejects();
    this.report = spec.report();
    spec.runner().forEach((name, options) -> this.runner.put(name, new LinkedHashMap<>(options)));
    this.mask.addAll(spec.mask());
    this.tests.addAll(spec.tests());
    this.secrets = spec.secrets();
    return this;
  }

  public PipelineSpecBuilder source(SourceSpec newSource) {
    this.source = newSource;
    return this;
  }

  public PipelineSpecBuilder eventTime(String column) {
    this.eventTime = column;
    return this;
  }

  public PipelineSpecBuilder keys(String... columns) {
    keys.addAll(List.of(columns));
    return this;
  }

  /** In the place of those that were there. */
  PipelineSpecBuilder replaceKeys(List<String> columns) {
    keys.clear();
    keys.addAll(columns);
    return this;
  }

  public PipelineSpecBuilder sequence(@Nullable String column) {
    this.sequence = column;
    return this;
  }

  public PipelineSpecBuilder dedupe(String... columns) {
    List<String> all = new ArrayList<>(dedupe.by());
    all.addAll(List.of(columns));
    return dedupe(new DedupeSpec(all, dedupe.withinMicros()));
  }

  public PipelineSpecBuilder dedupe(DedupeSpec newDedupe) {
    this.dedupe = newDedupe;
    return this;
  }

  public PipelineSpecBuilder lateness(long micros) {
    this.latenessMicros = micros;
    return this;
  }

  public PipelineSpecBuilder validate(RuleSpec... rules) {
    validate.addAll(List.of(rules));
    return this;
  }

  public PipelineSpecBuilder feature(String column, Use use) {
    features.add(new FeatureSpec(column, use));
    return this;
  }

  public PipelineSpecBuilder fit(@Nullable FitSpec newFit) {
    this.fit = newFit;
    return this;
  }

  public PipelineSpecBuilder fitted(@Nullable String path) {
    this.fitted = path;
    return this;
  }

  public PipelineSpecBuilder aggregate(AggregateSpec... groups) {
    aggregate.addAll(List.of(groups));
    return this;
  }

  /** In the place of those that were there. */
  PipelineSpecBuilder replaceAggregate(List<AggregateSpec> groups) {
    aggregate.clear();
    aggregate.addAll(groups);
    return this;
  }

  /** Makes the records labels. */
  public PipelineSpecBuilder trainingSet(@Nullable TrainingSetSpec newTrainingSet) {
    this.trainingSet = newTrainingSet;
    return this;
  }

  /** In the place of what was there; none to run for the rejects and the report alone. */
  public PipelineSpecBuilder sink(SinkSpec... newSinks) {
    sinks.clear();
    sinks.addAll(List.of(newSinks));
    return this;
  }

  public PipelineSpecBuilder rejects(@Nullable RejectsSpec newRejects) {
    this.rejects = newRejects;
    return this;
  }

  public PipelineSpecBuilder report(@Nullable String path) {
    this.report = path;
    return this;
  }

  /**
   * An option of one runner, such as {@code runnerOption("flink", "parallelism", 4)}. It counts
   * where {@link io.featurebeam.pipelines.FeaturePipeline#options(PipelineSpec, String...)} makes
   * the options.
   */
  public PipelineSpecBuilder runnerOption(String runnerName, String option, Object value) {
    runner
        .computeIfAbsent(runnerName, name -> new LinkedHashMap<>())
        .put(option, String.valueOf(value));
    return this;
  }

  public PipelineSpecBuilder mask(String... columns) {
    mask.addAll(List.of(columns));
    return this;
  }

  public PipelineSpecBuilder tests(String... files) {
    tests.addAll(List.of(files));
    return this;
  }

  PipelineSpecBuilder secrets(Secrets newSecrets) {
    this.secrets = newSecrets;
    return this;
  }

  public PipelineSpec build() {
    if (source == null) {
      throw new IllegalArgumentException("Missing source (every pipeline reads from one)");
    }
    if (eventTime == null) {
      throw new IllegalArgumentException(
          "Missing eventTime (the column that says when an event happened)");
    }
    return new PipelineSpec(
        name,
        source,
        eventTime,
        keys,
        sequence,
        dedupe,
        latenessMicros,
        validate,
        features,
        fit,
        fitted,
        aggregate,
        trainingSet,
        sinks,
        rejects,
        report,
        runner,
        mask,
        tests,
        secrets);
  }
}
