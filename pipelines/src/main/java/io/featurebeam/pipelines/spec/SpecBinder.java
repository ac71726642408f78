package io.featurebeam.pipelines.spec;

import io.featurebeam.aggregate.Changes;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.dataset.KeySplit;
import io.featurebeam.dataset.Sampling;
import io.featurebeam.dataset.Split;
import io.featurebeam.dataset.TimeSplit;
import io.featurebeam.join.PointInTime;
import io.featurebeam.pipelines.spec.Values.Chosen;
import io.featurebeam.pipelines.spec.Values.Offered;
import io.featurebeam.skew.SkewLimits;
import io.featurebeam.skew.Tolerance;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Micros;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Builds the value types from what was read of the sections. */
final class SpecBinder {

  private final Problems problems;
  private final BiFunction<String, Boolean, PipelineSpec> others;

  /**
   * @param others gives the features of the spec in another file, by its path there and whether
   *     their records come from elsewhere
   */
  SpecBinder(Problems problems, BiFunction<String, Boolean, PipelineSpec> others) {
    this.problems = problems;
    this.others = others;
  }

  /** The spec, or null if a part of it is wrong. */
  @Nullable PipelineSpec spec(Values root, Secrets secrets) {
    // Each part is bound whether or not another is wrong, so that one run tells of all.
    SourceSpec source = source(root);
    FitSpec fit = fit(root);
    List<AggregateSpec> aggregate = aggregate(root);
    TrainingSetSpec trainingSet = trainingSet(root, aggregate);
    List<SinkSpec> sinks = sinks(root);
    if (!problems.isEmpty() || source == null) {
      return null;
    }
    Values rejects = root.orNull("rejects", Values.class);
    return build(
        root,
        () -> {
          PipelineSpecBuilder builder =
              PipelineSpec.builder(root.text("name"))
                  .source(source)
                  .eventTime(root.text("eventTime"))
                  .keys(texts(root, "keys"))
                  .sequence(root.orNull("sequence", String.class))
                  .dedupe(dedupe(root.or("dedupe", Object.class, List.of())))
                  .lateness(root.or("lateness", Long.class, 0L))
                  .fit(fit)
                  .fitted(pathOf(root, "fitted"))
                  .aggregate(aggregate.toArray(AggregateSpec[]::new))
                  .trainingSet(trainingSet)
                  .sink(sinks.toArray(SinkSpec[]::new))
                  .rejects(rejects == null ? null : rejects(rejects))
                  .report(pathOf(root, "report"))
                  .mask(texts(root, "mask"))
                  .tests(texts(root, "tests"))
                  .secrets(withGroups(secrets, trainingSet));
          for (Offered rule : root.list("validate", Offered.class)) {
            builder.validate(new RuleSpec(rule.use(), rule.onFail()));
          }
          Values runners = root.orNull("runner", Values.class);
          for (String name : runners == null ? List.<String>of() : PipelineSpec.RUNNERS) {
            runners
                .map(name, String.class)
                .forEach((option, value) -> builder.runnerOption(name, option, value));
          }
          root.map("features", Offered.class).forEach((name, f) -> builder.feature(name, f.use()));
          return builder.build();
        });
  }

  /** The spec of a skew check, or null if a part of it is wrong. */
  @Nullable SkewSpec skew(Values root, Secrets secrets) {
    SourceSpec logged = source(root, "logged");
    SourceSpec recomputed = source(root, "recomputed");
    Values tolerance = root.orNull("tolerance", Values.class);
    Tolerance tolerated =
        tolerance == null
            ? Tolerance.NONE
            : build(
                tolerance,
                () ->
                    new Tolerance(
                        tolerance.or("relative", Double.class, 0.0),
                        tolerance.or("absolute", Double.class, 0.0),
                        tolerance.or("time", Long.class, 0L)));
    Values fail = root.orNull("fail", Values.class);
    SkewLimits usual = SkewLimits.DEFAULT;
    SkewLimits limits =
        fail == null
            ? usual
            : build(
                fail,
                () ->
                    new SkewLimits(
                        fail.or("below", Double.class, usual.below()),
                        fail.or("missing", Double.class, usual.missing()),
                        fail.or("extra", Double.class, usual.extra())));
    if (!problems.isEmpty()
        || logged == null
        || recomputed == null
        || tolerated == null
        || limits == null) {
      return null;
    }
    return build(
        root,
        () ->
            new SkewSpec(
                root.text("name"),
                logged,
                recomputed,
                root.list("on", String.class),
                root.list("columns", String.class),
                root.orNull("revision", String.class),
                tolerated,
                limits,
                root.list("mask", String.class),
                pathOf(root, "report"),
                pathOf(root, "verdict"),
                secrets));
  }

  private @Nullable SourceSpec source(Values root) {
    if (root.orNull("source", Object.class) instanceof Values hybrid) {
      SourceSpec batch = source(hybrid, "batch");
      SourceSpec stream = source(hybrid, "stream");
      return batch == null || stream == null
          ? null
          : build(
              hybrid, () -> new SourceSpec.Hybrid(batch, stream, hybrid.get("cut", Long.class)));
    }
    return source(root, "source");
  }

  private @Nullable SourceSpec source(Values around, String key) {
    Chosen chosen = around.orNull(key, Chosen.class);
    if (chosen == null) {
      return null;
    }
    return chosen.key().equals("union") ? union(chosen) : source(chosen);
  }

  private @Nullable SourceSpec union(Chosen chosen) {
    Map<String, UnionSource.Input> inputs = new LinkedHashMap<>();
    boolean complete = true;
    for (Map.Entry<?, ?> entry : ((Map<?, ?>) chosen.value()).entrySet()) {
      Chosen input = (Chosen) entry.getValue();
      String name = (String) entry.getKey();
      SourceSpec source = source(input);
      Map<String, String> columns = new LinkedHashMap<>();
      if (input.beside().get("columns") instanceof Map<?, ?> given) {
        given.forEach((their, our) -> columns.put((String) their, (String) our));
      }
      UnionSource.Input made =
          source == null
              ? null
              : build(
                  input.node(),
                  "source.union." + name,
                  () -> new UnionSource.Input(source, columns));
      complete &= made != null;
      if (made != null) {
        inputs.put(name, made);
      }
    }
    return complete ? build(chosen.node(), "source.union", () -> new UnionSource(inputs)) : null;
  }

  private @Nullable SourceSpec source(Chosen chosen) {
    if (chosen.value() instanceof Use use) {
      return new SourceSpec.Provided(use);
    }
    Values values = (Values) chosen.value();
    if (chosen.key().equals("kafka")) {
      return build(values, () -> KafkaBinder.source(values));
    }
    return build(
        values,
        () -> {
          List<String> paths = values.list("path", String.class);
          Map<String, FieldType> types =
              chosen.key().equals("csv") || chosen.key().equals("json")
                  ? values.map("columns", FieldType.class)
                  : Map.of();
          Map<String, String> formats = values.map("timestampFormats", String.class);
          return switch (chosen.key()) {
            case "parquet" -> new SourceSpec.Parquet(paths, values.list("columns", String.class));
            case "avro" -> new SourceSpec.Avro(paths, values.list("columns", String.class));
            case "json" -> new SourceSpec.Json(paths, types, formats, maxRecord(values));
            case "csv" ->
                new SourceSpec.Csv(
                    paths,
                    types,
                    values.or("header", Boolean.class, true),
                    dialect(values),
                    values.has("nulls")
                        ? values.list("nulls", String.class)
                        : SourceSpec.Csv.DEFAULT_NULLS,
                    Charset.forName(values.or("encoding", String.class, "UTF-8")),
                    formats,
                    maxRecord(values));
            default -> throw new AssertionError("No source " + chosen.key());
          };
        });
  }

  private static long maxRecord(Values values) {
    return values.or("maxRecord", Long.class, SourceSpec.DEFAULT_MAX_RECORD);
  }

  private static SourceSpec.Dialect dialect(Values values) {
    SourceSpec.Dialect usual = SourceSpec.Dialect.RFC_4180;
    return new SourceSpec.Dialect(
        values.or("delimiter", Character.class, usual.delimiter()),
        values.or("quote", Character.class, usual.quote()),
        values.or("escape", Character.class, usual.escape()),
        values.or("comment", Character.class, usual.comment()),
        values.or("trim", Boolean.class, usual.trim()));
  }

  private static DedupeSpec dedupe(Object dedupe) {
    if (dedupe instanceof Values values) {
      return new DedupeSpec(values.list("by", String.class), values.or("within", Long.class, 0L));
    }
    return new DedupeSpec(((List<?>) dedupe).stream().map(String.class::cast).toList(), 0);
  }

  private @Nullable FitSpec fit(Values root) {
    Values fit = root.orNull("fit", Values.class);
    return fit == null
        ? null
        : build(
            fit,
            () ->
                new FitSpec(
                    fit.text("path"), fit.get("from", Long.class), fit.get("to", Long.class)));
  }

  private static Secrets withGroups(Secrets secrets, @Nullable TrainingSetSpec trainingSet) {
    Secrets all = secrets;
    if (trainingSet != null) {
      for (FeatureGroupSpec group : trainingSet.groups().values()) {
        all = all.with(group.features().secrets());
      }
    }
    return all;
  }

  private @Nullable TrainingSetSpec trainingSet(Values root, List<AggregateSpec> aggregate) {
    Values values = root.orNull("trainingSet", Values.class);
    if (values == null) {
      return null;
    }
    Map<String, FeatureGroupSpec> groups = new LinkedHashMap<>();
    boolean complete = true;
    for (Map.Entry<String, Values> group : values.map("groups", Values.class).entrySet()) {
      FeatureGroupSpec made = group(group.getKey(), group.getValue());
      complete &= made != null;
      if (made != null) {
        groups.put(group.getKey(), made);
      }
    }
    if (!complete) {
      return null;
    }
    Set<String> keys = new TreeSet<>();
    groups.values().forEach(group -> keys.addAll(group.keys().values()));
    if (groups.isEmpty()) {
      List<String> own = aggregate.isEmpty() ? List.of() : aggregate.get(0).keys();
      keys.addAll(own.isEmpty() ? root.list("keys", String.class) : own);
    }
    boolean atEvents =
        aggregate.isEmpty() || aggregate.get(0).emit().kind() == Emission.Kind.EVERY_EVENT;
    String time = atEvents ? root.or("eventTime", String.class, "") : WindowedAggregates.WINDOW_END;
    return build(
        values,
        () ->
            new TrainingSetSpec(
                groups,
                values.or("horizon", Long.class, 0L),
                values.orNull("asOf", Long.class),
                samples(values, time, keys),
                split(values.orNull("split", Chosen.class), time)));
  }

  /**
   * @param time that of a label, or of a row of aggregates
   * @param keys those that tell them apart, unless a sample says others
   */
  private static List<Sampling> samples(Values trainingSet, String time, Set<String> keys) {
    List<Sampling> samples = new ArrayList<>();
    for (Values sample : trainingSet.list("sample", Values.class)) {
      samples.add(
          new Sampling(
              sample.text("where"),
              sample.get("keep", Double.class),
              sample.has("keys") ? sample.list("keys", String.class) : List.copyOf(keys),
              time,
              sample.or("seed", Long.class, 0L),
              sample.or("weight", String.class, Sampling.WEIGHT)));
    }
    return samples;
  }

  private static @Nullable Split split(@Nullable Chosen chosen, String time) {
    if (chosen == null) {
      return null;
    }
    Values values = (Values) chosen.value();
    if (chosen.key().equals("byTime")) {
      return byTime(values, time);
    }
    KeySplit.Builder builder = KeySplit.by(values.list("keys", String.class));
    values.map("shares", Double.class).forEach(builder::share);
    KeySplit split = builder.rest(values.text("rest")).withSeed(values.or("seed", Long.class, 0L));
    for (Map.Entry<String, Values> part : values.map("within", Values.class).entrySet()) {
      split = split.within(part.getKey(), byTime(part.getValue(), time));
    }
    return split;
  }

  private static TimeSplit byTime(Values values, String time) {
    TimeSplit.Builder builder = TimeSplit.by(time);
    values
        .map("until", Long.class)
        .forEach((part, end) -> builder.until(part, Micros.instant(end)));
    return builder.rest(values.text("rest"));
  }

  private @Nullable FeatureGroupSpec group(String name, Values group) {
    SourceSpec source = source(group);
    List<AggregateSpec> aggregate = aggregate(group);
    return build(
        group,
        () ->
            new FeatureGroupSpec(
                features(name, group, source, aggregate),
                group.map("labelKeys", String.class),
                asOf(group.orNull("asOf", Values.class)),
                group.or("ttl", Long.class, PointInTime.ANY_AGE),
                group.or("knownAfter", Long.class, 0L),
                group.or("unmatched", String.class, "nulls").equals("drop")));
  }

  /** What a group reads and computes: of another spec, with what stands here before it. */
  private PipelineSpec features(
      String name, Values group, @Nullable SourceSpec source, List<AggregateSpec> aggregate) {
    String file = group.orNull("spec", String.class);
    PipelineSpecBuilder builder =
        file == null
            ? PipelineSpec.builder(name)
            : PipelineSpec.builder(name).from(others.apply(file, source != null));
    if (source != null) {
      builder.source(source);
    }
    if (group.has("eventTime")) {
      builder.eventTime(group.text("eventTime"));
    }
    if (group.has("keys")) {
      builder.replaceKeys(group.list("keys", String.class));
    }
    if (group.has("sequence")) {
      builder.sequence(group.text("sequence"));
    }
    if (group.has("dedupe")) {
      builder.dedupe(dedupe(group.get("dedupe", Object.class)));
    }
    if (group.has("fitted")) {
      builder.fitted(pathOf(group, "fitted"));
    }
    for (Offered rule : group.list("validate", Offered.class)) {
      builder.validate(new RuleSpec(rule.use(), rule.onFail()));
    }
    group.map("features", Offered.class).forEach((column, f) -> builder.feature(column, f.use()));
    return builder.aggregate(aggregate.toArray(AggregateSpec[]::new)).build();
  }

  private static FeatureGroupSpec.@Nullable AsOf asOf(@Nullable Values values) {
    return values == null
        ? null
        : new FeatureGroupSpec.AsOf(
            values.map("columns", String.class),
            values.orNull("created", String.class),
            values.orNull("where", String.class),
            (values.or("right", String.class, "closed").equals("closed")
                    ? WindowBounds.FEAST
                    : WindowBounds.DEFAULT)
                .withDelay(values.or("delay", Long.class, 0L)));
  }

  private List<AggregateSpec> aggregate(Values root) {
    List<AggregateSpec> groups = new ArrayList<>();
    for (Values group : root.list("aggregate", Values.class)) {
      AggregateSpec spec = build(group, () -> group(group));
      if (spec != null) {
        groups.add(spec);
      }
    }
    return groups;
  }

  private static AggregateSpec group(Values group) {
    List<AggregateColumn> columns = new ArrayList<>();
    group
        .map("features", Offered.class)
        .forEach(
            (name, offered) ->
                columns.add(
                    new AggregateColumn(name, offered.use(), offered.where(), offered.per())));
    return new AggregateSpec(
        group.list("window", Object.class).stream().map(SpecBinder::window).toList(),
        emission(group).withEarly(group.or("early", Long.class, 0L)),
        bounds(group),
        group.list("keys", String.class),
        columns,
        group.orNull("rows", String.class),
        changes(group));
  }

  private static @Nullable Changes changes(Values group) {
    Values changes = group.orNull("changes", Values.class);
    return changes == null
        ? null
        : new Changes(changes.text("column"), changes.list("deletes", String.class));
  }

  private static Window window(Object window) {
    return window instanceof Values values
        ? Window.session(values.get("session", Long.class))
        : (Window) window;
  }

  private static Emission emission(Values group) {
    if (group.has("every")) {
      if (group.has("emit")) {
        throw new IllegalArgumentException(
            "Invalid every: given beside emit (must be one of them: every is short for emit:"
                + " every)");
      }
      return Emission.every(group.get("every", Long.class));
    }
    Object emit = group.or("emit", Object.class, "everyEvent");
    if (emit instanceof Values values) {
      return Emission.every(values.get("every", Long.class));
    }
    return emit.equals("windowClose") ? Emission.windowClose() : Emission.everyEvent();
  }

  private static WindowBounds bounds(Values group) {
    WindowBounds profile =
        switch (group.or("profile", String.class, "default")) {
          case "feast" -> WindowBounds.FEAST;
          case "chronon" -> WindowBounds.CHRONON;
          case "feathr" -> WindowBounds.FEATHR;
          case "openmldb" -> WindowBounds.OPENMLDB;
          default -> WindowBounds.DEFAULT;
        };
    Values bounds = group.orNull("bounds", Values.class);
    if (bounds == null) {
      return profile;
    }
    long rowCap = bounds.or("rowCap", Long.class, (long) profile.rowCap());
    if (bounds.has("rowCap") && (rowCap < 1 || rowCap > Integer.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "Invalid rowCap: "
              + rowCap
              + " (must be 1 to "
              + Integer.MAX_VALUE
              + "; leave it out to count all)");
    }
    long rowDelay = bounds.or("rowDelay", Long.class, (long) profile.rowDelay());
    if (rowDelay < 0 || rowDelay > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "Invalid rowDelay: " + rowDelay + " (must be 0 to " + Integer.MAX_VALUE + ")");
    }
    return new WindowBounds(
        bounds.has("left") ? bounds.text("left").equals("closed") : profile.leftClosed(),
        bounds.has("right") ? bounds.text("right").equals("closed") : profile.rightClosed(),
        bounds.or("delay", Long.class, profile.delayMicros()),
        bounds.or("hop", Long.class, profile.hopMicros()),
        (int) rowCap,
        bounds.or("excludeCurrent", Boolean.class, profile.excludeCurrent()),
        (int) rowDelay,
        bounds.has("ties")
            ? WindowBounds.Ties.valueOf(bounds.text("ties").toUpperCase(Locale.ROOT))
            : profile.ties());
  }

  private List<SinkSpec> sinks(Values root) {
    List<SinkSpec> sinks = new ArrayList<>();
    for (Chosen chosen : root.list("sink", Chosen.class)) {
      Values values = (Values) chosen.value();
      SinkSpec sink = sink(chosen.key(), values);
      if (sink != null) {
        sinks.add(sink.where(values.orNull("where", String.class)));
      }
    }
    return sinks;
  }

  private @Nullable SinkSpec sink(String kind, Values values) {
    if (kind.equals("kafka")) {
      return build(values, () -> SinkSpec.kafka(KafkaBinder.sink(values)));
    }
    if (kind.equals("redis")) {
      return build(values, () -> SinkSpec.redis(RedisKeys.sink(values)));
    }
    if (kind.equals("jdbc")) {
      return build(values, () -> SinkSpec.jdbc(JdbcKeys.sink(values)));
    }
    return build(
        values,
        () ->
            new SinkSpec(
                    SinkSpec.Format.valueOf(kind.toUpperCase(Locale.ROOT)),
                    values.text("path"),
                    values.list("partitionBy", SinkSpec.Partition.class),
                    values.has("compression")
                        ? SinkSpec.Compression.valueOf(
                            values.text("compression").toUpperCase(Locale.ROOT))
                        : null,
                    values.or("fileSize", Long.class, SinkSpec.DEFAULT_FILE_SIZE),
                    values.or("overwrite", Boolean.class, false))
                .manifest(manifest(values.orNull("manifest", Values.class))));
  }

  private ManifestSpec manifest(@Nullable Values values) {
    ManifestSpec usual = ManifestSpec.DEFAULT;
    ManifestSpec given =
        values == null
            ? usual
            : build(
                values,
                () ->
                    new ManifestSpec(
                        values.has("inputs")
                            ? ManifestSpec.Inputs.valueOf(
                                values.text("inputs").toUpperCase(Locale.ROOT))
                            : usual.inputs(),
                        values.or("versions", Long.class, usual.versions())));
    return given == null ? usual : given;
  }

  private static RejectsSpec rejects(Values values) {
    String format = values.or("format", String.class, "parquet");
    return new RejectsSpec(
        values.text("path"),
        RejectsSpec.Format.valueOf(format.toUpperCase(Locale.ROOT)),
        values.or("overwrite", Boolean.class, false));
  }

  private static @Nullable String pathOf(Values root, String key) {
    Values values = root.orNull(key, Values.class);
    return values == null ? null : values.text("path");
  }

  private static String[] texts(Values values, String key) {
    return values.list(key, String.class).toArray(String[]::new);
  }

  /** What {@code make} makes; null if the section was read with errors or the value refuses it. */
  private <T> @Nullable T build(Values values, Supplier<T> make) {
    return values.complete() ? build(values.node(), values.path(), make) : null;
  }

  private <T> @Nullable T build(Node node, String path, Supplier<T> make) {
    try {
      return make.get();
    } catch (IllegalArgumentException e) {
      problems.add(node, path, String.valueOf(e.getMessage()));
      return null;
    }
  }
}
