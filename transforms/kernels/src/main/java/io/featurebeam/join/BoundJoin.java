package io.featurebeam.join;

import io.featurebeam.aggregate.BoundAggregates;
import io.featurebeam.aggregate.ShardSplitter;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.RowHashes;
import io.featurebeam.columnar.Spelling;
import io.featurebeam.expression.Condition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PointInTime} bound to the schemas of the labels and of each group's records: keys and
 * columns checked, groups of equal keys put into one stage. Making one is how a pipeline finds
 * errors before it runs.
 */
public final class BoundJoin {

  /** What tells labels apart where several stages answer. */
  static final List<Field> ID =
      List.of(
          Field.required("featurebeam:label_1", FieldType.INT64),
          Field.required("featurebeam:label_2", FieldType.INT64));

  /** In the answer of a stage: the first group that drops the label, or -1. */
  static final Field DROPPED = Field.required("featurebeam:dropped_by", FieldType.INT64);

  /**
   * Groups that find records by the same columns of the labels.
   *
   * @param labelKeys these columns, in order of their names
   * @param groups by their number
   * @param labelColumns what it needs of the labels
   */
  record Stage(List<String> labelKeys, List<Integer> groups, List<String> labelColumns) {}

  private final PointInTime join;
  private final RecordSchema labels;
  private final List<Group> groups;
  private final List<Stage> stages;
  private final RecordSchema outputSchema;

  /** A group bound to its records. */
  static final class Group {
    final JoinGroup spec;
    final RecordSchema schema;
    final List<Field> features;

    /** Of a window group. */
    final @Nullable BoundAggregates aggregates;

    /** The columns of its records that the join needs. */
    final List<String> columns;

    /** Its key columns, in the order of its stage. */
    final List<String> keys;

    private Group(JoinGroup spec, RecordSchema records, RecordSchema labels) {
      this.spec = spec;
      Map<String, String> byLabel = new TreeMap<>();
      spec.keys().forEach((theirs, label) -> byLabel.put(label, theirs));
      this.keys = List.copyOf(byLabel.values());
      if (spec instanceof WindowGroup windows) {
        columns = named(() -> BoundAggregates.bind(windows.aggregates(), records)).neededColumns();
        schema = records.project(columns);
        aggregates = BoundAggregates.bind(windows.aggregates(), schema);
        features = aggregates.featureFields();
      } else {
        AsOfGroup asOf = (AsOfGroup) spec;
        if (asOf.where() != null) {
          var unused = named(() -> Condition.of(asOf.where(), AsOfRows.pairs(records, labels)));
        }
        columns = asOf.neededColumns(records);
        columns.forEach(column -> BoundJoin.type(asOf, column, records));
        schema = records.project(columns);
        aggregates = null;
        features = asOfFields(asOf, schema);
        checkLong(asOf.name(), "eventTime", asOf.eventTime(), schema);
        if (asOf.created() != null) {
          checkLong(asOf.name(), "created", asOf.created(), schema);
        }
      }
    }

    /** What it refuses, with the name of the group. */
    private <T> T named(Supplier<T> bound) {
      try {
        return bound.get();
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("In group '" + spec.name() + "': " + e.getMessage(), e);
      }
    }

    private static List<Field> asOfFields(AsOfGroup asOf, RecordSchema schema) {
      List<Field> fields = new ArrayList<>();
      asOf.columns()
          .forEach((theirs, ours) -> fields.add(Field.of(ours, schema.field(theirs).type())));
      return fields;
    }

    private static void checkLong(String group, String what, String column, RecordSchema schema) {
      FieldType type = schema.field(column).type();
      boolean isFine =
          what.equals("eventTime")
              ? type.equals(FieldType.TIMESTAMP)
              : type.storage() == FieldType.Storage.LONG;
      if (!isFine) {
        throw new IllegalArgumentException(
            "Invalid "
                + what
                + " of group '"
                + group
                + "': '"
                + column
                + "' is "
                + type
                + " (must be "
                + (what.equals("eventTime") ? "timestamp" : "int64, timestamp, date or time")
                + ")");
      }
    }

    /** The columns of the labels that it looks at. */
    private Set<String> labelColumns(String labelTime, RecordSchema records, RecordSchema labels) {
      Set<String> needed = new LinkedHashSet<>(spec.keys().values());
      needed.add(labelTime);
      if (spec instanceof AsOfGroup asOf && asOf.where() != null) {
        for (String column :
            Condition.of(asOf.where(), AsOfRows.pairs(records, labels)).columns()) {
          if (!records.contains(column)) {
            needed.add(column.substring(AsOfGroup.LABEL.length()));
          }
        }
      }
      return needed;
    }
  }

  private BoundJoin(
      PointInTime join,
      RecordSchema labels,
      List<Group> groups,
      List<Stage> stages,
      RecordSchema outputSchema) {
    this.join = join;
    this.labels = labels;
    this.groups = groups;
    this.stages = stages;
    this.outputSchema = outputSchema;
  }

  /**
   * Checks columns, types and names, and throws with name, value and way out.
   *
   * @param records the schema of each group's records, in the order of the groups
   */
  public static BoundJoin bind(PointInTime join, RecordSchema labels, List<RecordSchema> records) {
    if (join.groups().isEmpty()) {
      throw new IllegalArgumentException("Invalid groups: none (labels need at least one)");
    }
    if (records.size() != join.groups().size()) {
      throw new IllegalArgumentException(
          "Invalid records: "
              + records.size()
              + " schemas for "
              + join.groups().size()
              + " groups (give one for each)");
    }
    if (!labels.contains(join.labelTime())) {
      throw new IllegalArgumentException(
          "Missing time of the labels: they have no column '"
              + join.labelTime()
              + "'"
              + Spelling.hint(join.labelTime(), labels.names()));
    }
    FieldType time = labels.field(join.labelTime()).type();
    if (!time.equals(FieldType.TIMESTAMP)) {
      throw new IllegalArgumentException(
          "Invalid time of the labels: '"
              + join.labelTime()
              + "' is "
              + time
              + " (must be timestamp)");
    }
    List<Group> groups = new ArrayList<>();
    Map<List<String>, List<Integer>> byKeys = new LinkedHashMap<>();
    for (int g = 0; g < join.groups().size(); g++) {
      JoinGroup spec = join.groups().get(g);
      checkKeys(spec, records.get(g), labels);
      groups.add(new Group(spec, records.get(g), labels));
      byKeys
          .computeIfAbsent(spec.keys().values().stream().sorted().toList(), k -> new ArrayList<>())
          .add(g);
    }
    List<Stage> stages = new ArrayList<>();
    for (Map.Entry<List<String>, List<Integer>> stage : byKeys.entrySet()) {
      Set<String> columns = new LinkedHashSet<>();
      for (int g : stage.getValue()) {
        columns.addAll(groups.get(g).labelColumns(join.labelTime(), records.get(g), labels));
      }
      stages.add(
          new Stage(
              stage.getKey(),
              stage.getValue(),
              stages.isEmpty()
                  ? labels.names()
                  : labels.names().stream().filter(columns::contains).toList()));
    }
    return new BoundJoin(join, labels, groups, stages, outputSchema(labels, groups));
  }

  private static void checkKeys(JoinGroup group, RecordSchema records, RecordSchema labels) {
    group
        .keys()
        .forEach(
            (theirs, label) -> {
              if (!labels.contains(label)) {
                throw new IllegalArgumentException(
                    "Missing key of group '"
                        + group.name()
                        + "': the labels have no column '"
                        + label
                        + "' (say which of theirs it is: labelKeys: { "
                        + theirs
                        + ": ... })"
                        + Spelling.hint(label, labels.names()));
              }
              FieldType there = type(group, theirs, records);
              FieldType here = labels.field(label).type();
              if (!there.equals(here) || here.kind() == FieldType.Kind.LIST) {
                throw new IllegalArgumentException(
                    "Invalid key of group '"
                        + group.name()
                        + "': '"
                        + theirs
                        + "' is "
                        + there
                        + ", '"
                        + label
                        + "' of the labels is "
                        + here
                        + " (must be the same, and no list)");
              }
            });
    Set<String> labelKeys = new LinkedHashSet<>(group.keys().values());
    if (labelKeys.size() < group.keys().size()) {
      throw new IllegalArgumentException(
          "Invalid keys of group '"
              + group.name()
              + "': "
              + group.keys()
              + " (each needs a column of the labels of its own)");
    }
  }

  private static FieldType type(JoinGroup group, String column, RecordSchema records) {
    if (!records.contains(column)) {
      throw new IllegalArgumentException(
          "Unknown column of group '"
              + group.name()
              + "': '"
              + column
              + "'"
              + Spelling.hint(column, records.names()));
    }
    return records.field(column).type();
  }

  private static RecordSchema outputSchema(RecordSchema labels, List<Group> groups) {
    List<Field> fields = new ArrayList<>(labels.fields());
    Map<String, String> owners = new HashMap<>();
    labels.names().forEach(name -> owners.put(name, "the labels"));
    for (Group group : groups) {
      for (Field field : group.features) {
        String owner = owners.put(field.name(), "group '" + group.spec.name() + "'");
        if (owner != null) {
          throw new IllegalArgumentException(
              "Duplicate column: '"
                  + field.name()
                  + "' of group '"
                  + group.spec.name()
                  + "' and of "
                  + owner
                  + " (give one of them another name)");
        }
        fields.add(field);
      }
    }
    return RecordSchema.of(fields);
  }

  /** The columns of the labels, and behind them those of each group. */
  public RecordSchema outputSchema() {
    return outputSchema;
  }

  public PointInTime spec() {
    return join;
  }

  /** How many shuffles of labels it takes, before one that brings several together. */
  public int stages() {
    return stages.size();
  }

  /** The columns of the labels by which a stage finds records. */
  public List<String> keysOf(int stage) {
    return stages.get(stage).labelKeys();
  }

  /** The groups of a stage, by their number. */
  public List<Integer> groupsOf(int stage) {
    return stages.get(stage).groups();
  }

  Stage stage(int stage) {
    return stages.get(stage);
  }

  Group group(int group) {
    return groups.get(group);
  }

  RecordSchema labelSchema() {
    return labels;
  }

  /** What its labels look like when they reach a stage. */
  RecordSchema labelSchema(int stage) {
    RecordSchema columns = labels.project(stages.get(stage).labelColumns());
    return stages.size() == 1 ? columns : columns.with(ID.toArray(Field[]::new));
  }

  /** The columns of the labels in a stage's answer: all of them in the first. */
  List<String> answered(int stage) {
    return stage == 0 ? labels.names() : List.of();
  }

  /** The columns of a stage's answer where there are several stages. */
  RecordSchema answerSchema(int stage) {
    List<Field> fields = new ArrayList<>(ID);
    fields.add(DROPPED);
    fields.addAll(labels.project(answered(stage)).fields());
    for (int g : groupsOf(stage)) {
      fields.addAll(groups.get(g).features);
    }
    return RecordSchema.of(fields);
  }

  /** Splits labels by their keys in a stage. */
  public ShardSplitter labelSplitter(int stage, int shards, long maxBytes) {
    Stage of = stages.get(stage);
    RecordSchema schema = labelSchema(stage);
    List<String> columns = stage == 0 ? null : schema.names();
    ShardSplitter splitter =
        ShardSplitter.ofRecords(schema, of.labelKeys(), columns, shards, maxBytes);
    return stages.size() == 1 ? splitter : new Numbered(splitter);
  }

  /**
   * Splits a group's records by their keys, as the labels of its stage are; keys with a null go.
   */
  public ShardSplitter recordSplitter(int group, int shards, long maxBytes) {
    Group of = groups.get(group);
    return new Keyed(
        of.keys,
        of.columns,
        ShardSplitter.ofRecords(of.schema, of.keys, of.columns, shards, maxBytes));
  }

  /** Splits the answers of stages by label. */
  public ShardSplitter answerSplitter(int stage, int shards, long maxBytes) {
    return ShardSplitter.ofRecords(
        answerSchema(stage), ID.stream().map(Field::name).toList(), null, shards, maxBytes);
  }

  /** What runs behind the shuffle of a stage, for one shard at a time. */
  public JoinShard shard(int stage) {
    return new JoinShard(this, stage);
  }

  /** What brings the answers of several stages together, for one shard of labels at a time. */
  public AnswerMerger merger() {
    return new AnswerMerger(this, JoinShard.MAX_BYTES);
  }

  /** Labels with their hashes. */
  private record Numbered(ShardSplitter splitter) implements ShardSplitter {
    @Override
    public void add(RecordBatch labels) {
      List<Column> reversed = new ArrayList<>(labels.columns());
      Collections.reverse(reversed);
      splitter.add(
          labels.with(
              ID,
              List.of(
                  LongColumn.of(FieldType.INT64, RowHashes.of(labels.columns(), labels.size())),
                  LongColumn.of(FieldType.INT64, RowHashes.of(reversed, labels.size())))));
    }

    @Override
    public boolean isFull() {
      return splitter.isFull();
    }

    @Override
    public void drain(ObjIntConsumer<RecordBatch> out) {
      splitter.drain(out);
    }
  }

  /** Only records whose keys have a value. */
  private record Keyed(List<String> keys, List<String> columns, ShardSplitter splitter)
      implements ShardSplitter {
    @Override
    public void add(RecordBatch records) {
      Bitmap complete = null;
      for (String key : keys) {
        complete = Bitmap.both(complete, records.column(key).validity());
      }
      RecordBatch needed = records.project(columns);
      splitter.add(complete == null ? needed : needed.select(complete));
    }

    @Override
    public boolean isFull() {
      return splitter.isFull();
    }

    @Override
    public void drain(ObjIntConsumer<RecordBatch> out) {
      splitter.drain(out);
    }
  }
}
