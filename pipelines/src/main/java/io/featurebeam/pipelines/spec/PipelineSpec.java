package io.featurebeam.pipelines.spec;

import io.featurebeam.columnar.Spelling;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A whole pipeline as a value: what it reads, checks, computes and writes.
 *
 * <pre>{@code
 * PipelineSpec spec = PipelineSpec.builder("flight-delays")
 *     .source(new SourceSpec.Parquet(List.of("data/flights-*.parquet"), List.of()))
 *     .eventTime("date")
 *     .keys("origin")
 *     .validate(RuleSpec.of(Use.of("between", "column", "delay", "min", -180, "max", 1440)))
 *     .feature("log_distance", Use.of("log1p", "column", "distance"))
 *     .aggregate(AggregateSpec.of(
 *         List.of(Window.of("1h"), Window.of("7d")),
 *         List.of(AggregateColumn.of("flights", Use.of("count")))))
 *     .sink(SinkSpec.parquet("out/features").partitionedBy("day(date)"))
 *     .build();
 * }</pre>
 *
 * @param name names the run, its steps and its report
 * @param source where events are read from
 * @param eventTime the timestamp column that says when an event happened
 * @param keys the entity key columns; empty if nothing is aggregated
 * @param sequence the column that orders events of equal time, null for none
 * @param dedupe which records are copies: they are duplicates
 * @param latenessMicros in a stream, for how long after it was complete a row still takes events
 * @param validate the rules, in the order in which they are checked
 * @param features the features per record, in the order of their columns
 * @param fit learn the fitted features in this run, or null
 * @param fitted the file of an earlier fit to use instead, or null
 * @param aggregate the groups of aggregates
 * @param trainingSet the features that are joined to each record, which is a label, or what becomes
 *     of the rows of aggregates; or null
 * @param sinks where the output goes: topics, and at most one folder of files; empty to run for the
 *     rejects and the report alone
 * @param rejects where rejects go; null to count them only
 * @param report the HTML file, or null
 * @param runner the options of each runner, by its name ({@link #RUNNERS}) and theirs; those of the
 *     runner that runs count
 * @param mask the columns that nothing but the output may show
 * @param tests spec test files, relative to the spec
 * @param secrets what came from the environment
 */
public record PipelineSpec(
    String name,
    SourceSpec source,
    String eventTime,
    List<String> keys,
    @Nullable String sequence,
    DedupeSpec dedupe,
    long latenessMicros,
    List<RuleSpec> validate,
    List<FeatureSpec> features,
    @Nullable FitSpec fit,
    @Nullable String fitted,
    List<AggregateSpec> aggregate,
    @Nullable TrainingSetSpec trainingSet,
    List<SinkSpec> sinks,
    @Nullable RejectsSpec rejects,
    @Nullable String report,
    Map<String, Map<String, String>> runner,
    List<String> mask,
    List<String> tests,
    Secrets secrets) {

  /** The runners that a spec may have options for. */
  public static final List<String> RUNNERS = List.of("direct", "flink", "spark", "dataflow");

  public PipelineSpec {
    Names.check("name", name);
    Objects.requireNonNull(source, "source is null");
    Objects.requireNonNull(eventTime, "eventTime is null");
    if (latenessMicros < 0) {
      throw new IllegalArgumentException(
          "Invalid lateness: " + latenessMicros + " microseconds (must be >= 0)");
    }
    keys = List.copyOf(keys);
    Objects.requireNonNull(dedupe, "dedupe is null");
    validate = List.copyOf(validate);
    features = List.copyOf(features);
    aggregate = List.copyOf(aggregate);
    sinks = List.copyOf(sinks);
    runner = checked(runner);
    mask = List.copyOf(mask);
    tests = List.copyOf(tests);
    Objects.requireNonNull(secrets, "secrets is null");
    if (source instanceof SourceSpec.Hybrid && dedupe.isEmpty()) {
      throw new IllegalArgumentException(
          "Missing dedupe: batch and stream have some records both; use for example dedupe: { by:"
              + " [id], within: 24h }");
    }
    Set<String> names = new HashSet<>();
    for (FeatureSpec feature : features) {
      if (!names.add(feature.name())) {
        throw new IllegalArgumentException(
            "Invalid feature name: '" + feature.name() + "' (is given twice)");
      }
    }
    if (sinks.stream().filter(SinkSpec::isFiles).count() > 1) {
      throw new IllegalArgumentException(
          "Invalid sink: more than one of files (must be one folder at most, beside any number of"
              + " topics; write the other by a spec of its own)");
    }
    if (keys.isEmpty() && aggregate.isEmpty() && sinks.stream().anyMatch(SinkSpec::isStore)) {
      throw new IllegalArgumentException(
          "Invalid keys: none given (a store keeps the newest row of each key); use for example"
              + " keys: [user]");
    }
    if (fit != null && fitted != null) {
      throw new IllegalArgumentException(
          "Invalid fit and fitted: both given (must be one: fit learns in this run, fitted uses"
              + " what an earlier run learned)");
    }
    if (trainingSet != null && trainingSet.groups().isEmpty() == aggregate.isEmpty()) {
      throw new IllegalArgumentException(
          aggregate.isEmpty()
              ? "Missing groups of trainingSet (labels need features of at least one; without"
                  + " labels, add aggregate: its rows are the training set)"
              : "Invalid aggregate beside groups of trainingSet (its records are labels; put the"
                  + " aggregates into a group)");
    }
    if (keys.isEmpty() && aggregate.stream().anyMatch(group -> group.keys().isEmpty())) {
      throw new IllegalArgumentException(
          "Invalid keys: none given (aggregates need entity keys); use for example keys: [user]");
    }
  }

  private static Map<String, Map<String, String>> checked(Map<String, Map<String, String>> runner) {
    Map<String, Map<String, String>> copy = new LinkedHashMap<>(); // keeps the order
    runner.forEach(
        (name, options) -> {
          if (!RUNNERS.contains(name)) {
            throw new IllegalArgumentException(
                "Unknown runner: '" + name + "'" + Spelling.hint(name, RUNNERS));
          }
          copy.put(name, Collections.unmodifiableMap(new LinkedHashMap<>(options)));
        });
    return Collections.unmodifiableMap(copy);
  }

  /**
   * A spec of this name; {@link PipelineSpecBuilder#source} and {@link
   * PipelineSpecBuilder#eventTime} are needed too.
   */
  public static PipelineSpecBuilder builder(String name) {
    return new PipelineSpecBuilder(name);
  }

  /** A builder that starts from this spec. */
  public PipelineSpecBuilder toBuilder() {
    return new PipelineSpecBuilder(this);
  }

  /** The entity keys of a group: its own, else the pipeline's. */
  public List<String> keysOf(AggregateSpec group) {
    return group.keys().isEmpty() ? keys : group.keys();
  }

  /** The sink of files; null if there is none. */
  public @Nullable SinkSpec files() {
    return sinks.stream().filter(SinkSpec::isFiles).findFirst().orElse(null);
  }

  /** The sinks that are topics. */
  public List<SinkSpec> topics() {
    return sinks.stream().filter(sink -> sink.kafka() != null).toList();
  }

  /** The sinks that keep the newest row of each key. */
  public List<SinkSpec> stores() {
    return sinks.stream().filter(SinkSpec::isStore).toList();
  }

  /** The entity keys of a row of the output. */
  public List<String> outputKeys() {
    return aggregate.isEmpty() ? keys : keysOf(aggregate.get(0));
  }

  /** Where a sink stands: {@code sink.parquet}, or {@code sink[1].parquet} of several. */
  public String place(SinkSpec sink) {
    String index = sinks.size() == 1 ? "" : "[" + sinks.indexOf(sink) + "]";
    return "sink" + index + "." + sink.kind();
  }

  /** The columns in which each record that is used has a value: event time, entity keys. */
  public List<String> requiredColumns() {
    Set<String> required = new LinkedHashSet<>(List.of(eventTime));
    if (!aggregate.isEmpty() || !stores().isEmpty()) {
      required.addAll(outputKeys());
    }
    return List.copyOf(required);
  }

  /** The spec as YAML, with variables in place of what came from the environment. */
  @Override
  public String toString() {
    return SpecWriter.toYaml(this);
  }
}
