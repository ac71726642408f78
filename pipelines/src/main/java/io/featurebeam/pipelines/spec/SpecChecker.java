package io.featurebeam.pipelines.spec;

import io.featurebeam.aggregate.Aggregate;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Spelling;
import io.featurebeam.expression.Expressions;
import io.featurebeam.feature.Feature;
import io.featurebeam.time.Emission;
import io.featurebeam.time.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

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
 * aggregates see all of these, but their keys are columns of the source. The columns of a feature
 * that learns how many it makes are not known before it is fitted, so nothing is said about columns
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
  private final List<String> learned = new ArrayList<>();

  private SpecChecker(ParsedSpec parsed, Providers providers) {
    this.spec = parsed.spec();
    this.locations = parsed.locations();
    this.providers = providers;
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

  private RecordSchema check(RecordSchema schema) {
    checkTime(schema);
    columns("keys", spec.keys(), schema);
    columns("dedupe", spec.dedupe(), schema);
    columns("mask", spec.mask(), schema);
    int maskedTime = spec.mask().indexOf(spec.eventTime());
    if (maskedTime >= 0) {
      problem(
          "mask[" + maskedTime + "]",
          "Invalid mask: '"
              + spec.eventTime()
              + "' is the event time (by which rejects are found again; mask other columns)");
    }
    if (spec.source() instanceof SourceSpec.Parquet parquet) {
      columns("source.parquet.columns", parquet.columns(), schema);
    } else if (spec.source() instanceof SourceSpec.Avro avro) {
      columns("source.avro.columns", avro.columns(), schema);
    }
    for (int i = 0; i < spec.validate().size(); i++) {
      Use use = spec.validate().get(i).use();
      attempt("validate[" + i + "]", () -> providers.rule(use).bind(schema));
    }
    RecordSchema withFeatures = features(schema);
    Set<String> made = new TreeSet<>();
    Map<List<String>, Set<String>> perKeys = new HashMap<>();
    for (int i = 0; i < spec.aggregate().size(); i++) {
      AggregateSpec group = spec.aggregate().get(i);
      String path = "aggregate[" + i + "]";
      columns(path + ".keys", group.keys(), schema);
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

  private static String mistyped(Field field, String needed) {
    return "Column '" + field.name() + "' is " + field.type() + " (must be " + needed + ")";
  }

  private RecordSchema features(RecordSchema schema) {
    RecordSchema[] columns = {schema};
    for (FeatureSpec feature : spec.features()) {
      attempt(
          "features." + feature.name(),
          () -> columns[0] = columns[0].with(outputs(feature, columns[0]).toArray(Field[]::new)));
    }
    return columns[0];
  }

  private List<Field> outputs(FeatureSpec declared, RecordSchema schema) {
    Feature feature = providers.feature(declared.use());
    if (feature.learnsColumns()) {
      var unused =
          feature.summary(schema); // checks the inputs, all that can be checked before a fit
      learned.add(declared.name());
      return List.of();
    }
    List<Field> outputs = feature.outputs(declared.name(), schema, null);
    for (Field output : outputs) {
      if (schema.contains(output.name())) {
        throw new IllegalArgumentException(
            "Duplicate column: '" + output.name() + "' exists (give the feature another name)");
      }
    }
    return outputs;
  }

  private void group(String path, AggregateSpec group, RecordSchema schema, Set<String> taken) {
    for (AggregateColumn column : group.columns()) {
      String columnPath = path + ".features." + column.name();
      attempt(
          columnPath,
          () -> {
            Aggregate aggregate = providers.aggregate(column.use());
            var unused = aggregate.outputType(schema);
          });
      String where = column.where();
      if (where != null) {
        attempt(columnPath + ".where", () -> checkCondition(where, schema));
      }
      for (Window window : group.windows()) {
        String name = column.name() + "_" + window;
        if (!taken.add(name)) {
          problem(columnPath, "Duplicate column: '" + name + "' (another part makes it too)");
        }
      }
    }
  }

  private static void checkCondition(String where, RecordSchema schema) {
    FieldType type = Expressions.compile(where, schema).type();
    if (!type.equals(FieldType.BOOLEAN)) {
      throw new IllegalArgumentException(
          "Invalid where: '" + where + "' is " + type + " (must be boolean)");
    }
  }

  private void checkPartitions(RecordSchema schema, Set<String> made) {
    SinkSpec sink = spec.sink();
    if (sink == null) {
      return;
    }
    for (int i = 0; i < sink.partitionBy().size(); i++) {
      SinkSpec.Partition partition = sink.partitionBy().get(i);
      String path = "sink." + SpecShape.word(sink.format()) + ".partitionBy[" + i + "]";
      String name = partition.column();
      boolean computed = made.contains(name) || name.equals("window_end");
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
    if (!schema.contains(name) && !isLearned(name)) {
      problem(path, "Unknown column: '" + name + "'" + Spelling.hint(name, schema.names()));
    }
  }

  private boolean isLearned(String column) {
    return learned.stream().anyMatch(column::startsWith);
  }

  private void attempt(String path, Runnable binding) {
    try {
      binding.run();
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      if (learned.stream().noneMatch(name -> message.startsWith("Unknown column: '" + name))) {
        problem(path, message);
      }
    }
  }

  private void problem(String path, String message) {
    problems.add(locations.of(path), path, message);
  }
}
