package io.featurebeam.pipelines.spec;

import io.featurebeam.aggregate.Aggregate;
import io.featurebeam.aggregate.BoundAggregates;
import io.featurebeam.aggregate.Changes;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Spelling;
import io.featurebeam.expression.Condition;
import io.featurebeam.feature.Feature;
import io.featurebeam.rule.Rule;
import io.featurebeam.rule.Rules;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Compares a spec with the columns of its source: every column that it names exists and has a type
 * that the rule, feature or aggregate can use. Everything wrong is told at once, at its place in
 * the file.
 *
 * <pre>{@code
 * RecordSchema withFeatures = SpecChecker.check(parsed, sourceSchema, Providers.discovered());
 * }</pre>
 *
 * <p>Rules see the columns of the source; a feature sees them and those of the features before it;
 * aggregates see all of these. The columns of a feature that learns how many it makes are not known
 * before it is fitted, nor are those of one that is itself wrong, so nothing is said about columns
 * whose names start with its name.
 */
public final class SpecChecker {

  private static final Set<FieldType.Kind> ORDERED =
      Set.of(
          FieldType.Kind.INT64, FieldType.Kind.TIMESTAMP, FieldType.Kind.DATE, FieldType.Kind.TIME);

  private final PipelineSpec spec;
  private final SpecLocations locations;
  private final Providers providers;
  private final Problems problems = new Problems();
  private final List<String> unknown = new ArrayList<>();
  private final Set<String> masked = new TreeSet<>(); // also what features make of such columns

  private SpecChecker(ParsedSpec parsed, Providers providers) {
    this.spec = parsed.spec();
    this.locations = parsed.locations();
    this.providers = providers;
    this.masked.addAll(spec.mask());
    problems.redactWith(spec.secrets());
  }

  /**
   * The source's columns and behind them those of the features, as far as they are known before a
   * fit; or a {@link SpecException}.
   */
  public static RecordSchema check(ParsedSpec parsed, RecordSchema schema, Providers providers) {
    SpecChecker checker = new SpecChecker(parsed, providers);
    RecordSchema withFeatures = checker.check(schema);
    checker.problems.throwIfAny();
    return withFeatures;
  }

  /** As {@link #check}, where the source itself may refuse to say its columns: at its place. */
  public static RecordSchema check(
      ParsedSpec parsed, Supplier<RecordSchema> source, Providers providers) {
    SpecChecker checker = new SpecChecker(parsed, providers);
    AtomicReference<RecordSchema> schema = new AtomicReference<>(RecordSchema.of());
    Use use =
        parsed.spec().source() instanceof SourceSpec.Provided own ? own.use() : Use.of("source");
    checker.attempt("source." + use.provider(), use, () -> schema.set(source.get()));
    checker.problems.throwIfAny();
    return check(parsed, schema.get(), providers);
  }

  /**
   * What {@code part} gives; what it refuses is told at a place in the spec.
   *
   * @param path which part of the spec a message is about
   */
  public static <T> T at(ParsedSpec parsed, UnaryOperator<String> path, Supplier<T> part) {
    return at(parsed.locations(), parsed.spec().secrets(), path, part);
  }

  /** The same of a skew check. */
  public static <T> T at(ParsedSkew parsed, UnaryOperator<String> path, Supplier<T> part) {
    return at(parsed.locations(), parsed.spec().secrets(), path, part);
  }

  private static <T> T at(
      SpecLocations locations, Secrets secrets, UnaryOperator<String> path, Supplier<T> part) {
    try {
      return part.get();
    } catch (SpecException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      String at = path.apply(message);
      Problems problems = new Problems();
      problems.redactWith(secrets);
      problems.add(locations.of(at), locations.full(at), message);
      throw problems.exception(e);
    }
  }

  private RecordSchema check(RecordSchema schema) {
    checkTime(schema);
    checkFit();
    boolean isShort = spec.dedupe().withinMicros() == 0;
    columns(isShort ? "dedupe" : "dedupe.by", spec.dedupe().by(), schema);
    columns("mask", spec.mask(), schema);
    int maskedTime = spec.mask().indexOf(spec.eventTime());
    if (maskedTime >= 0) {
      problem(
          "mask[" + maskedTime + "]",
          "Invalid mask: '"
              + spec.eventTime()
              + "' is the event time (by which rejects are found again; mask other columns)");
    }
    if (spec.source() instanceof SourceSpec.Hybrid hybrid) {
      readColumns("source.batch.", hybrid.batch(), schema);
      readColumns("source.stream.", hybrid.stream(), schema);
    } else {
      readColumns("source.", spec.source(), schema);
    }
    Map<String, String> ids = new HashMap<>();
    for (int i = 0; i < spec.validate().size(); i++) {
      String path = "validate[" + i + "]";
      RuleSpec declared = spec.validate().get(i);
      attempt(path, declared.use(), () -> rule(path, declared, schema, ids));
    }
    RecordSchema withFeatures = features(schema);
    columns("keys", spec.keys(), withFeatures);
    Set<String> made = new TreeSet<>();
    Map<List<String>, Set<String>> perKeys = new HashMap<>();
    for (int i = 0; i < spec.aggregate().size(); i++) {
      AggregateSpec group = spec.aggregate().get(i);
      String path = "aggregate[" + i + "]";
      columns(path + ".keys", group.keys(), withFeatures);
      String rows = group.rows();
      if (rows != null) {
        attempt(path + ".rows", Use.of("rows"), () -> Condition.of("rows", rows, withFeatures));
      }
      Set<String> taken = perKeys.computeIfAbsent(spec.keysOf(group), k -> new TreeSet<>());
      if (group.emit().kind() == Emission.Kind.EVERY_EVENT) {
        taken.addAll(withFeatures.names());
      }
      group(path, group, withFeatures, taken);
      made.addAll(taken);
    }
    checkPartitions(withFeatures, made);
    return withFeatures;
  }

  private void readColumns(String place, SourceSpec source, RecordSchema schema) {
    if (source instanceof SourceSpec.Parquet parquet) {
      columns(place + "parquet.columns", parquet.columns(), schema);
    } else if (source instanceof SourceSpec.Avro avro) {
      columns(place + "avro.columns", avro.columns(), schema);
    }
  }

  private void checkTime(RecordSchema schema) {
    column("eventTime", spec.eventTime(), schema);
    if (schema.contains(spec.eventTime())
        && !schema.field(spec.eventTime()).type().equals(FieldType.TIMESTAMP)) {
      problem("eventTime", mistyped(schema.field(spec.eventTime()), "timestamp"));
    }
    String sequence = spec.sequence();
    if (sequence != null) {
      column("sequence", sequence, schema);
      if (schema.contains(sequence) && !ORDERED.contains(schema.field(sequence).type().kind())) {
        problem("sequence", mistyped(schema.field(sequence), "int64, timestamp, date or time"));
      }
    }
  }

  private void checkFit() {
    boolean learns =
        spec.features().stream()
            .anyMatch(
                feature -> {
                  try {
                    return providers.feature(feature.use()).needsFit();
                  } catch (RuntimeException | LinkageError e) {
                    return true; // what is wrong with it is told at its own place
                  }
                });
    if (spec.fit() != null && !learns) {
      problem("fit", "Invalid fit: no feature learns from data (remove fit)");
    }
    if (spec.fitted() != null && !learns) {
      problem("fitted", "Invalid fitted: no feature learns from data (remove fitted)");
    }
  }

  private void rule(String path, RuleSpec declared, RecordSchema schema, Map<String, String> ids) {
    Rule rule = sendable(providers.rule(declared.use()), declared.use().provider());
    var unused = rule.bind(schema);
    String before = ids.putIfAbsent(rule.id(), path);
    if (before != null) {
      problem(path, "Duplicate rule: " + rule.id() + " (" + before + " is the same; drop one)");
    }
    if (declared.onFail() == RuleSpec.OnFail.WARN
        && spec.requiredColumns().stream().anyMatch(c -> Rules.notNull(c).id().equals(rule.id()))) {
      problem(
          path + ".onFail",
          "Invalid onFail: warn for "
              + rule.id()
              + " (a record without an event time or entity key cannot be used: must be reject or"
              + " fail)");
    }
  }

  private static String mistyped(Field field, String needed) {
    return "Column '" + field.name() + "' is " + field.type() + " (must be " + needed + ")";
  }

  private RecordSchema features(RecordSchema schema) {
    RecordSchema[] columns = {schema};
    for (FeatureSpec feature : spec.features()) {
      boolean known =
          attempt(
              "features." + feature.name(),
              feature.use(),
              () ->
                  columns[0] = columns[0].with(outputs(feature, columns[0]).toArray(Field[]::new)));
      if (!known) {
        unknown.add(feature.name()); // one mistake, told once
      }
    }
    return columns[0];
  }

  private List<Field> outputs(FeatureSpec declared, RecordSchema schema) {
    Feature feature = sendable(providers.feature(declared.use()), declared.use().provider());
    boolean tells = feature.inputs().stream().anyMatch(masked::contains);
    if (feature.learnsColumns()) {
      var unused =
          feature.summary(schema); // checks the inputs, all that can be checked before a fit
      unknown.add(declared.name());
      if (tells) {
        throw new IllegalArgumentException(
            "Invalid "
                + declared.use().provider()
                + " of a masked column: it names its columns by values that it learns (declare the"
                + " categories, or use hash or vocabulary)");
      }
      return List.of();
    }
    List<Field> outputs = feature.outputs(declared.name(), schema, null);
    if (tells) {
      outputs.forEach(output -> masked.add(output.name()));
    }
    for (Field output : outputs) {
      if (schema.contains(output.name())) {
        throw new IllegalArgumentException(
            "Duplicate column: '" + output.name() + "' exists (give the feature another name)");
      }
    }
    return outputs;
  }

  private void group(String path, AggregateSpec group, RecordSchema schema, Set<String> taken) {
    Changes changes = group.changes();
    if (changes != null) {
      attempt(path + ".changes", Use.of("changes"), () -> changes.check(schema));
    }
    for (AggregateColumn column : group.columns()) {
      String columnPath = path + ".features." + column.name();
      boolean fits =
          attempt(
              columnPath,
              column.use(),
              () -> {
                Aggregate aggregate =
                    sendable(providers.aggregate(column.use()), column.use().provider());
                aggregate.parts().forEach(part -> sendable(part, column.use().provider()));
                var unused = BoundAggregates.outputType(aggregate, schema);
                group.windows().forEach(aggregate::checkWindow);
                if (changes != null) {
                  changes.check(column.name(), aggregate);
                }
              });
      Per per = column.per();
      if (per != null) {
        attempt(columnPath + ".per", Use.of("per"), () -> checkPer(column, per, fits, schema));
      }
      String where = column.where();
      if (where != null) {
        attempt(columnPath + ".where", Use.of("where"), () -> Condition.of(where, schema));
      }
      for (String feature : column.names()) {
        for (Window window : group.windows()) {
          String name = feature + "_" + window;
          if (!taken.add(name)) {
            problem(columnPath, "Duplicate column: '" + name + "' (another part makes it too)");
          }
        }
      }
    }
  }

  private void checkPer(AggregateColumn column, Per per, boolean fits, RecordSchema schema) {
    per.check(schema);
    if (fits && per.values().isEmpty()) {
      column.features(providers).forEach(f -> f.aggregate().outputType(schema));
    }
  }

  private void checkPartitions(RecordSchema schema, Set<String> made) {
    SinkSpec sink = spec.files();
    if (sink == null) {
      return;
    }
    for (int i = 0; i < sink.partitionBy().size(); i++) {
      SinkSpec.Partition partition = sink.partitionBy().get(i);
      String path = spec.place(sink) + ".partitionBy[" + i + "]";
      String name = partition.column();
      boolean computed =
          made.contains(name)
              || spec.trainingSet() != null
              || name.equals(WindowedAggregates.WINDOW_END)
              || (name.equals(WindowedAggregates.WINDOW_START)
                  && spec.aggregate().stream().anyMatch(AggregateSpec::isSessionClose));
      if (!computed) {
        column(path, name, schema);
      }
      if (partition.unit() != SinkSpec.Partition.Unit.VALUE && schema.contains(name)) {
        FieldType.Kind kind = schema.field(name).type().kind();
        if (kind != FieldType.Kind.TIMESTAMP && kind != FieldType.Kind.DATE) {
          problem(path, mistyped(schema.field(name), "timestamp or date"));
        }
      }
    }
  }

  private void columns(String path, List<String> names, RecordSchema schema) {
    for (int i = 0; i < names.size(); i++) {
      column(path + "[" + i + "]", names.get(i), schema);
    }
  }

  private void column(String path, String name, RecordSchema schema) {
    if (!schema.contains(name) && !isUnknown(name)) {
      problem(path, "Unknown column: '" + name + "'" + Spelling.hint(name, schema.names()));
    }
  }

  private boolean isUnknown(String column) {
    return unknown.stream().anyMatch(column::startsWith);
  }

  /** Runners send it to workers; better to learn here that they cannot, and where. */
  private static <T extends Serializable> T sendable(T made, String name) {
    try (ObjectOutputStream out = new ObjectOutputStream(OutputStream.nullOutputStream())) {
      out.writeObject(made);
      return made;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "'"
              + name
              + "' cannot be sent to workers: "
              + e
              + " (it and all it holds must be serializable)",
          e);
    }
  }

  private boolean attempt(String path, Use use, Runnable binding) {
    try {
      binding.run();
      return true;
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      if (unknown.stream().noneMatch(name -> message.startsWith("Unknown column: '" + name))) {
        String setting = use.settingIn(message);
        problem(setting == null ? path : path + "." + setting, message);
      }
    } catch (RuntimeException | LinkageError e) {
      problems.addFailure(locations.of(path), locations.full(path), use.provider(), e);
    }
    return false;
  }

  private void problem(String path, String message) {
    problems.add(locations.of(path), locations.full(path), message);
  }
}
