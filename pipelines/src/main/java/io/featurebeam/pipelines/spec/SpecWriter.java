package io.featurebeam.pipelines.spec;

import io.featurebeam.aggregate.PerCategory;
import io.featurebeam.dataset.KeySplit;
import io.featurebeam.dataset.Sampling;
import io.featurebeam.dataset.Split;
import io.featurebeam.dataset.TimeSplit;
import io.featurebeam.join.PointInTime;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Micros;
import io.featurebeam.time.Spans;
import io.featurebeam.time.Window;
import io.featurebeam.time.WindowBounds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a spec as the YAML that {@link SpecParser} reads as an equal spec. What came from the
 * environment is written as the variable, so the text holds no secret.
 */
public final class SpecWriter {

  private final PipelineSpec spec;

  private SpecWriter(PipelineSpec spec) {
    this.spec = spec;
  }

  /** The spec as YAML; keys at their default are left out. */
  public static String toYaml(PipelineSpec spec) {
    return YamlText.of(new SpecWriter(spec).root(), spec.secrets());
  }

  private Map<String, Object> root() {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("name", spec.name());
    root.put("source", chosen(spec.source()));
    root.put("eventTime", spec.eventTime());
    putUnlessEmpty(root, "keys", spec.keys());
    Optional.ofNullable(spec.sequence()).ifPresent(column -> root.put("sequence", column));
    putDedupe(root, spec.dedupe());
    if (spec.latenessMicros() > 0) {
      root.put("lateness", Spans.format(spec.latenessMicros()));
    }
    putUnlessEmpty(root, "validate", spec.validate().stream().map(SpecWriter::rule).toList());
    Map<String, Object> features = new LinkedHashMap<>();
    spec.features().forEach(f -> features.put(f.name(), use(f.use())));
    if (!features.isEmpty()) {
      root.put("features", features);
    }
    Optional.ofNullable(spec.fit()).ifPresent(fit -> root.put("fit", fit(fit)));
    Optional.ofNullable(spec.fitted()).ifPresent(p -> root.put("fitted", Map.of("path", p)));
    putUnlessEmpty(root, "aggregate", spec.aggregate().stream().map(SpecWriter::group).toList());
    Optional.ofNullable(spec.trainingSet())
        .ifPresent(trainingSet -> root.put("trainingSet", trainingSet(trainingSet)));
    List<Object> sinks = new ArrayList<>();
    spec.sinks().forEach(sink -> sinks.add(Map.of(sink.kind(), sink(sink))));
    if (!sinks.isEmpty()) {
      root.put("sink", sinks.size() == 1 ? sinks.get(0) : sinks);
    }
    Optional.ofNullable(spec.rejects()).ifPresent(r -> root.put("rejects", rejects(r)));
    Optional.ofNullable(spec.report()).ifPresent(p -> root.put("report", Map.of("path", p)));
    if (!spec.runner().isEmpty()) {
      root.put("runner", runner(spec.runner()));
    }
    putUnlessEmpty(root, "mask", spec.mask());
    putUnlessEmpty(root, "tests", spec.tests());
    return root;
  }

  private static Map<String, Object> trainingSet(TrainingSetSpec trainingSet) {
    Map<String, Object> keys = new LinkedHashMap<>();
    Map<String, Object> groups = new LinkedHashMap<>();
    trainingSet.groups().forEach((name, group) -> groups.put(name, featureGroup(group)));
    if (!groups.isEmpty()) {
      keys.put("groups", groups);
    }
    if (trainingSet.horizonMicros() > 0) {
      keys.put("horizon", Spans.format(trainingSet.horizonMicros()));
    }
    Optional.ofNullable(trainingSet.asOfMicros())
        .ifPresent(asOf -> keys.put("asOf", Times.format(asOf)));
    putUnlessEmpty(keys, "sample", trainingSet.samples().stream().map(SpecWriter::sample).toList());
    Optional.ofNullable(trainingSet.split()).ifPresent(split -> keys.put("split", split(split)));
    return keys;
  }

  private static Map<String, Object> sample(Sampling sampling) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("where", sampling.where());
    keys.put("keep", sampling.keep());
    keys.put("keys", sampling.keys());
    if (sampling.seed() != 0) {
      keys.put("seed", sampling.seed());
    }
    if (!sampling.weight().equals(Sampling.WEIGHT)) {
      keys.put("weight", sampling.weight());
    }
    return keys;
  }

  private static Map<String, Object> split(Split split) {
    if (split instanceof TimeSplit byTime) {
      return Map.of("byTime", byTime(byTime));
    }
    KeySplit byKey = (KeySplit) split;
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("keys", byKey.keys());
    Map<String, Object> shares = new LinkedHashMap<>();
    byKey.parts().forEach(part -> shares.put(part.name(), part.share()));
    keys.put("shares", shares);
    keys.put("rest", byKey.rest());
    if (byKey.seed() != 0) {
      keys.put("seed", byKey.seed());
    }
    if (!byKey.within().isEmpty()) {
      Map<String, Object> within = new LinkedHashMap<>();
      byKey.within().forEach((part, parts) -> within.put(part, byTime(parts)));
      keys.put("within", within);
    }
    return Map.of("byKey", keys);
  }

  private static Map<String, Object> byTime(TimeSplit split) {
    Map<String, Object> until = new LinkedHashMap<>();
    split.parts().forEach(part -> until.put(part.name(), Times.format(Micros.floor(part.end()))));
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("until", until);
    keys.put("rest", split.rest());
    return keys;
  }

  private static Map<String, Object> featureGroup(FeatureGroupSpec group) {
    Map<String, Object> keys = new SpecWriter(group.features()).root();
    keys.keySet().retainAll(SpecShape.GROUP_KEYS);
    FeatureGroupSpec.AsOf asOf = group.asOf();
    if (asOf != null) {
      Map<String, Object> row = new LinkedHashMap<>();
      putTexts(row, "columns", asOf.columns());
      Optional.ofNullable(asOf.created()).ifPresent(created -> row.put("created", created));
      Optional.ofNullable(asOf.where()).ifPresent(where -> row.put("where", where));
      if (!asOf.bounds().rightClosed()) {
        row.put("right", "open");
      }
      if (asOf.bounds().delayMicros() > 0) {
        row.put("delay", Spans.format(asOf.bounds().delayMicros()));
      }
      keys.put("asOf", row);
    }
    putTexts(keys, "labelKeys", group.labelKeys());
    if (group.ttlMicros() < PointInTime.ANY_AGE) {
      keys.put("ttl", Spans.format(group.ttlMicros()));
    }
    if (group.knownAfterMicros() > 0) {
      keys.put("knownAfter", Spans.format(group.knownAfterMicros()));
    }
    if (group.dropsUnmatched()) {
      keys.put("unmatched", "drop");
    }
    return keys;
  }

  private static void putDedupe(Map<String, Object> root, DedupeSpec dedupe) {
    if (dedupe.withinMicros() == 0) {
      putUnlessEmpty(root, "dedupe", dedupe.by());
      return;
    }
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("by", dedupe.by());
    keys.put("within", Spans.format(dedupe.withinMicros()));
    root.put("dedupe", keys);
  }

  private static Map<String, Object> chosen(SourceSpec source) {
    if (source instanceof SourceSpec.Hybrid hybrid) {
      Map<String, Object> keys = new LinkedHashMap<>();
      keys.put("batch", chosen(hybrid.batch()));
      keys.put("stream", chosen(hybrid.stream()));
      keys.put("cut", Times.format(hybrid.cutMicros()));
      return keys;
    }
    return Map.of(source.kind(), source(source));
  }

  private static Map<String, Object> source(SourceSpec source) {
    Map<String, Object> keys = new LinkedHashMap<>();
    if (source instanceof UnionSource union) {
      union
          .inputs()
          .forEach(
              (name, input) -> {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put(input.source().kind(), source(input.source()));
                putTexts(one, "columns", input.columns());
                keys.put(name, one);
              });
    } else if (source instanceof SourceSpec.Parquet parquet) {
      keys.put("path", oneOrMore(parquet.paths()));
      putUnlessEmpty(keys, "columns", parquet.columns());
    } else if (source instanceof SourceSpec.Avro avro) {
      keys.put("path", oneOrMore(avro.paths()));
      putUnlessEmpty(keys, "columns", avro.columns());
    } else if (source instanceof SourceSpec.Json json) {
      keys.put("path", oneOrMore(json.paths()));
      putTexts(keys, "columns", json.columns());
      putTexts(keys, "timestampFormats", json.timestampFormats());
      putMaxRecord(keys, json.maxRecord());
    } else if (source instanceof SourceSpec.Csv csv) {
      keys.put("path", oneOrMore(csv.paths()));
      putDialect(keys, csv.dialect());
      if (!csv.encoding().equals(StandardCharsets.UTF_8)) {
        keys.put("encoding", csv.encoding().name());
      }
      if (!csv.header()) {
        keys.put("header", false);
      }
      putTexts(keys, "columns", csv.columns());
      if (!csv.nulls().equals(SourceSpec.Csv.DEFAULT_NULLS)) {
        keys.put("nulls", csv.nulls());
      }
      putTexts(keys, "timestampFormats", csv.timestampFormats());
      putMaxRecord(keys, csv.maxRecord());
    } else if (source instanceof KafkaSource kafka) {
      keys.putAll(KafkaKeys.of(kafka));
    } else {
      keys.putAll(((SourceSpec.Provided) source).use().settings());
    }
    return keys;
  }

  private static void putDialect(Map<String, Object> keys, SourceSpec.Dialect dialect) {
    SourceSpec.Dialect usual = SourceSpec.Dialect.RFC_4180;
    putUnlessUsual(keys, "delimiter", dialect.delimiter(), usual.delimiter());
    putUnlessUsual(keys, "quote", dialect.quote(), usual.quote());
    putUnlessUsual(keys, "escape", dialect.escape(), usual.escape());
    putUnlessUsual(keys, "comment", dialect.comment(), usual.comment());
    if (dialect.trim()) {
      keys.put("trim", true);
    }
  }

  private static void putUnlessUsual(Map<String, Object> keys, String key, char c, char usual) {
    if (c != usual) {
      keys.put(key, SpecShape.word(c));
    }
  }

  private static void putMaxRecord(Map<String, Object> keys, long maxRecord) {
    if (maxRecord != SourceSpec.DEFAULT_MAX_RECORD) {
      keys.put("maxRecord", Sizes.format(maxRecord));
    }
  }

  private static Map<String, Object> rule(RuleSpec rule) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("rule", rule.use().provider());
    keys.putAll(rule.use().settings());
    if (rule.onFail() != RuleSpec.OnFail.REJECT) {
      keys.put("onFail", SpecShape.word(rule.onFail()));
    }
    return keys;
  }

  private static Object use(Use use) {
    return use.settings().isEmpty()
        ? use.provider()
        : new LinkedHashMap<>(Map.of(use.provider(), use.settings()));
  }

  private static Map<String, Object> fit(FitSpec fit) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("path", fit.path());
    keys.put("from", Times.format(fit.fromMicros()));
    keys.put("to", Times.format(fit.toMicros()));
    return keys;
  }

  private static Map<String, Object> group(AggregateSpec group) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("window", group.windows().stream().map(SpecWriter::window).toList());
    if (group.emit().kind() == Emission.Kind.EVERY) {
      keys.put("emit", Map.of("every", Spans.format(group.emit().everyMicros())));
    } else {
      keys.put("emit", SpecShape.word(group.emit().kind()));
    }
    if (group.emit().earlyMicros() > 0) {
      keys.put("early", Spans.format(group.emit().earlyMicros()));
    }
    if (!group.bounds().equals(WindowBounds.DEFAULT)) {
      keys.put("bounds", bounds(group.bounds()));
    }
    putUnlessEmpty(keys, "keys", group.keys());
    Optional.ofNullable(group.rows()).ifPresent(rows -> keys.put("rows", rows));
    if (group.changes() != null) {
      Map<String, Object> changes = new LinkedHashMap<>();
      changes.put("column", group.changes().column());
      changes.put("deletes", group.changes().deletes());
      keys.put("changes", changes);
    }
    Map<String, Object> features = new LinkedHashMap<>();
    for (AggregateColumn column : group.columns()) {
      features.put(column.name(), aggregate(column));
    }
    keys.put("features", features);
    return keys;
  }

  private static Object window(Window window) {
    return window.isSession()
        ? Map.of("session", Spans.format(window.micros()))
        : window.toString();
  }

  private static Object aggregate(AggregateColumn column) {
    if (column.where() == null && column.per() == null) {
      return use(column.use());
    }
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put(column.use().provider(), column.use().settings());
    Optional.ofNullable(column.where()).ifPresent(where -> keys.put("where", where));
    Optional.ofNullable(column.per()).ifPresent(per -> keys.put("per", per(per)));
    return keys;
  }

  private static Object per(Per per) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("column", per.column());
    putUnlessEmpty(keys, "values", per.values());
    if (per.maxCategories() != PerCategory.DEFAULT_MAX) {
      keys.put("maxCategories", (long) per.maxCategories());
    }
    PerCategory.Top top = per.top();
    if (top != null) {
      keys.put("top", (long) top.n());
      keys.put("by", top.by().name().toLowerCase(Locale.ROOT));
    }
    return keys.size() == 1 ? per.column() : keys;
  }

  private static Map<String, Object> bounds(WindowBounds bounds) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("left", bounds.leftClosed() ? "closed" : "open");
    keys.put("right", bounds.rightClosed() ? "closed" : "open");
    if (bounds.delayMicros() > 0) {
      keys.put("delay", Spans.format(bounds.delayMicros()));
    }
    if (bounds.hopMicros() > 0) {
      keys.put("hop", Spans.format(bounds.hopMicros()));
    }
    if (bounds.rowCap() > 0) {
      keys.put("rowCap", (long) bounds.rowCap());
    }
    if (bounds.excludeCurrent()) {
      keys.put("excludeCurrent", true);
    }
    if (bounds.rowDelay() > 0) {
      keys.put("rowDelay", (long) bounds.rowDelay());
    }
    if (bounds.ties() != WindowBounds.Ties.ALL) {
      keys.put("ties", bounds.ties().name().toLowerCase(Locale.ROOT));
    }
    return keys;
  }

  private static Map<String, Object> sink(SinkSpec sink) {
    Map<String, Object> keys =
        switch (sink.format()) {
          case KAFKA -> new LinkedHashMap<>(KafkaKeys.of(sink.kafka()));
          case REDIS -> RedisKeys.of(sink.redis());
          case JDBC -> JdbcKeys.of(sink.jdbc());
          default -> files(sink);
        };
    Optional.ofNullable(sink.where()).ifPresent(where -> keys.put("where", where));
    return keys;
  }

  private static Map<String, Object> files(SinkSpec sink) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("path", sink.path());
    putUnlessEmpty(
        keys,
        "partitionBy",
        sink.partitionBy().stream().map(SinkSpec.Partition::toString).toList());
    Optional.ofNullable(sink.compression())
        .ifPresent(compression -> keys.put("compression", SpecShape.word(compression)));
    if (sink.fileSize() != SinkSpec.DEFAULT_FILE_SIZE) {
      keys.put("fileSize", Sizes.format(sink.fileSize()));
    }
    if (sink.overwrite()) {
      keys.put("overwrite", true);
    }
    if (!sink.manifest().equals(ManifestSpec.DEFAULT)) {
      keys.put("manifest", manifest(sink.manifest()));
    }
    return keys;
  }

  private static Map<String, Object> manifest(ManifestSpec manifest) {
    Map<String, Object> keys = new LinkedHashMap<>();
    if (manifest.inputs() != ManifestSpec.DEFAULT.inputs()) {
      keys.put("inputs", SpecShape.word(manifest.inputs()));
    }
    if (manifest.versions() != ManifestSpec.DEFAULT.versions()) {
      keys.put("versions", manifest.versions());
    }
    return keys;
  }

  private static Map<String, Object> rejects(RejectsSpec rejects) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("path", rejects.path());
    if (rejects.format() != RejectsSpec.Format.PARQUET) {
      keys.put("format", SpecShape.word(rejects.format()));
    }
    if (rejects.overwrite()) {
      keys.put("overwrite", true);
    }
    return keys;
  }

  private static Map<String, Object> runner(Map<String, Map<String, String>> runners) {
    Map<String, Object> keys = new LinkedHashMap<>();
    runners.forEach(
        (name, options) -> {
          Map<String, Object> values = new LinkedHashMap<>();
          options.forEach((option, value) -> values.put(option, plain(value)));
          keys.put(name, values);
        });
    return keys;
  }

  /** A number, true and false stand without quotes, where they read back as the same text. */
  private static Object plain(String text) {
    if (text.matches("0|-?[1-9][0-9]{0,17}")) {
      return Long.valueOf(text);
    }
    return text.equals("true") || text.equals("false") ? Boolean.valueOf(text) : text;
  }

  private static Object oneOrMore(List<String> paths) {
    return paths.size() == 1 ? paths.get(0) : new ArrayList<Object>(paths);
  }

  private static void putUnlessEmpty(Map<String, Object> keys, String key, List<?> values) {
    if (!values.isEmpty()) {
      keys.put(key, values);
    }
  }

  private static void putTexts(Map<String, Object> keys, String key, Map<String, ?> values) {
    if (!values.isEmpty()) {
      Map<String, Object> texts = new LinkedHashMap<>();
      values.forEach((name, value) -> texts.put(name, value.toString()));
      keys.put(key, texts);
    }
  }
}
