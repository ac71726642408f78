package io.featurebeam.pipelines;

import io.featurebeam.aggregate.BoundAggregates;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.join.AsOfGroup;
import io.featurebeam.join.BoundJoin;
import io.featurebeam.join.JoinChain;
import io.featurebeam.join.JoinGroup;
import io.featurebeam.join.PointInTime;
import io.featurebeam.join.WindowGroup;
import io.featurebeam.pipelines.spec.FeatureGroupSpec;
import io.featurebeam.pipelines.spec.PipelineSpec;
import io.featurebeam.pipelines.spec.TrainingSetSpec;
import io.featurebeam.runners.Unrecoverable;
import io.featurebeam.transforms.dataset.SampleRecords;
import io.featurebeam.transforms.join.PointInTimeJoin;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/**
 * The groups of a training set over the columns of their sources: each a pipeline of its own up to
 * where its records meet the labels.
 */
final class LabelJoin {

  /** A group's pipeline, and what it says about labels. */
  record Group(FeatureGroupSpec spec, PipelineGraph graph, JoinGroup join) {}

  private final String labelTime;
  private final Map<String, Group> groups;
  private final TrainingRows trainingRows;

  private LabelJoin(String labelTime, Map<String, Group> groups, TrainingRows trainingRows) {
    this.labelTime = labelTime;
    this.groups = groups;
    this.trainingRows = trainingRows;
  }

  /** The part of a training set that is about one group, bound to the group's pipeline. */
  static Group group(String name, PipelineSpec labels, FeatureGroupSpec spec, PipelineGraph graph) {
    TrainingSetSpec trainingSet = Objects.requireNonNull(labels.trainingSet(), "no training set");
    boolean readsLabels = spec.features().source().equals(labels.source());
    long knownAfter =
        readsLabels
            ? Math.max(spec.knownAfterMicros(), trainingSet.horizonMicros())
            : spec.knownAfterMicros();
    return new Group(
        spec,
        graph,
        spec.asOf() == null
            ? new WindowGroup(
                name,
                Objects.requireNonNull(graph.aggregates),
                spec.keys(),
                spec.ttlMicros(),
                knownAfter,
                spec.dropsUnmatched())
            : asOf(name, spec, knownAfter));
  }

  private static AsOfGroup asOf(String name, FeatureGroupSpec spec, long knownAfterMicros) {
    FeatureGroupSpec.AsOf asOf = Objects.requireNonNull(spec.asOf());
    return new AsOfGroup(
        name,
        spec.keys(),
        spec.features().eventTime(),
        asOf.created(),
        asOf.columns(),
        asOf.bounds(),
        asOf.where(),
        spec.ttlMicros(),
        knownAfterMicros,
        spec.dropsUnmatched());
  }

  static LabelJoin of(PipelineSpec labels, Map<String, Group> groups) {
    return new LabelJoin(
        labels.eventTime(),
        groups,
        new TrainingRows(Objects.requireNonNull(labels.trainingSet(), "no training set")));
  }

  /** The columns of a group's records that labels need, of all there are. */
  static Collection<String> neededColumns(
      FeatureGroupSpec spec, @Nullable WindowedAggregates aggregates, RecordSchema all) {
    return spec.asOf() == null
        ? BoundAggregates.bind(Objects.requireNonNull(aggregates), all).neededColumns()
        : asOf(spec.features().name(), spec, 0).neededColumns(all);
  }

  /** The groups, by name. */
  Map<String, Group> groups() {
    return groups;
  }

  /** How many records their sources have, as far as is known. */
  long rows() {
    long rows = 0;
    for (Group group : groups.values()) {
      if (group.graph.source.rows() < 0) {
        return -1;
      }
      rows += group.graph.source.rows();
    }
    return rows;
  }

  /** The rejects that a run over a range keeps, of those of groups too. */
  KeptRejects keeping(KeptRejects ofLabels) {
    KeptRejects kept = ofLabels;
    for (Map.Entry<String, Group> group : groups.entrySet()) {
      SourcePlan.Request request = group.getValue().graph.request();
      kept = kept.withGroup(group.getKey(), request.from(), request.to());
    }
    return kept;
  }

  /** The labels with their weights, the features of each group, and the part that a row is in. */
  RecordSchema outputSchema(RecordSchema labels) {
    return trainingRows.split(bind(labels).outputSchema());
  }

  /** Checks what can only be said of all groups and the labels together. */
  BoundJoin bind(RecordSchema labels) {
    return BoundJoin.bind(join(), trainingRows.sampled(labels), schemas());
  }

  /** Refuses what a stream would have to hold for ever. */
  void checkStream(RecordSchema labels) {
    var unused = JoinChain.of(join(), trainingRows.sampled(labels), schemas());
  }

  private PointInTime join() {
    PointInTime join = PointInTime.at(labelTime);
    for (Group group : groups.values()) {
      join = join.join(group.join);
    }
    return join;
  }

  private List<RecordSchema> schemas() {
    return groups.values().stream().map(group -> group.graph.engineered).toList();
  }

  /** The labels with the features of each group. */
  PCollection<RecordBatch> apply(
      PCollection<RecordBatch> labels,
      RecordSchema schema,
      int shards,
      Collection<String> masked,
      long rejectedAt,
      long lateness) {
    PCollection<RecordBatch> flow = trainingRows.sample(labels, schema, SampleRecords.STEP);
    PointInTimeJoin join = PointInTimeJoin.at(labelTime, trainingRows.sampled(schema));
    for (Map.Entry<String, Group> group : groups.entrySet()) {
      PipelineGraph graph = group.getValue().graph;
      PCollection<RecordBatch> records =
          labels
              .getPipeline()
              .begin()
              .apply("Group " + group.getKey(), new Records(group.getKey(), graph));
      join = join.join(group.getValue().join, records, graph.engineered);
    }
    flow =
        flow.apply(
            "Join",
            join.withShards(shards)
                .withRejects(masked, rejectedAt)
                .withLateness(lateness)
                .withRefusal(Unrecoverable::of));
    return trainingRows.split(flow, join.outputSchema());
  }

  /** A group's pipeline, under its name in the plan of the runner. */
  private static final class Records extends PTransform<PBegin, PCollection<RecordBatch>> {
    private static final long serialVersionUID = 1L;
    private final String group;
    private final transient PipelineGraph graph;

    Records(String group, PipelineGraph graph) {
      this.group = group;
      this.graph = graph;
    }

    @Override
    public PCollection<RecordBatch> expand(PBegin begin) {
      return graph.applyEngineered(begin).apply("Rejects", GroupRejects.of(group));
    }
  }
}
