package io.featurebeam.transforms.join;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.join.BoundJoin;
import io.featurebeam.join.JoinGroup;
import io.featurebeam.join.PointInTime;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.Rejects;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/**
 * Labels joined with what was known of their entities at their time: a training set.
 *
 * <pre>{@code
 * PCollection<RecordBatch> trainingSet =
 *     labels.apply(
 *         PointInTimeJoin.at("decided_at", labelSchema)
 *             .join(WindowGroup.of("card", spending), payments, paymentSchema)
 *             .join(AsOfGroup.of("profile", keys, "valid_from", "country"), profiles, profileSchema));
 * }</pre>
 *
 * <p>Each label comes out once, with its columns and those of each group ({@link PointInTime} says
 * what a group sees). Labels that a group drops come out as {@link Rejects} of step {@value #STEP}
 * and rule {@code unmatched(GROUP)}, so the output is a {@link Flow}. A label's time must not be
 * null; other labels fail the step.
 *
 * <p>Bounded inputs: labels and records meet by the hash of their keys in one shuffle for each set
 * of keys, and one more for the labels if there are several. A worker holds one shard at a time,
 * and of many labels or records only some in memory ({@code io.featurebeam.join} says how). The
 * result does not depend on order, bundles or shards.
 */
public final class PointInTimeJoin
    extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  /** The name of the step in facts and rejects. */
  public static final String STEP = "join";

  /** How many groups of keys there are unless {@link #withShards} says otherwise. */
  public static final int DEFAULT_SHARDS = 32;

  static final Coder<KV<Integer, KV<Integer, RecordBatch>>> SHARD_CODER =
      KvCoder.of(VarIntCoder.of(), KvCoder.of(VarIntCoder.of(), BatchCoder.of()));

  private final PointInTime join;
  private final RecordSchema labelSchema;
  private final List<RecordSchema> schemas;

  /** Only there while the pipeline is built. */
  private final transient List<PCollection<RecordBatch>> records;

  private final int shards;
  private final Set<String> masked;
  private final long rejectedAt;

  private PointInTimeJoin(
      PointInTime join,
      RecordSchema labelSchema,
      List<RecordSchema> schemas,
      List<PCollection<RecordBatch>> records,
      int shards,
      Set<String> masked,
      long rejectedAt) {
    this.join = join;
    this.labelSchema = labelSchema;
    this.schemas = schemas;
    this.records = records;
    this.shards = shards;
    this.masked = masked;
    this.rejectedAt = rejectedAt;
  }

  /** A join without groups yet, at the times in this column of the labels. */
  public static PointInTimeJoin at(String labelTime, RecordSchema labels) {
    return new PointInTimeJoin(
        PointInTime.at(labelTime),
        Objects.requireNonNull(labels, "labels is null"),
        List.of(),
        List.of(),
        DEFAULT_SHARDS,
        Set.of(),
        0);
  }

  /** One group more, over these records, which may be a flow; throws what does not fit. */
  public PointInTimeJoin join(
      JoinGroup group, PCollection<RecordBatch> ofGroup, RecordSchema schema) {
    PointInTime more = join.join(group);
    List<RecordSchema> allSchemas = with(schemas, schema);
    BoundJoin.bind(more, labelSchema, allSchemas);
    return new PointInTimeJoin(
        more, labelSchema, allSchemas, with(records, ofGroup), shards, masked, rejectedAt);
  }

  private static <T> List<T> with(List<T> list, T more) {
    List<T> all = new ArrayList<>(list);
    all.add(more);
    return all;
  }

  /** Into how many groups keys are split: enough that one group fits into a worker's memory. */
  public PointInTimeJoin withShards(int newShards) {
    if (newShards <= 0) {
      throw new IllegalArgumentException("Invalid shards: " + newShards + " (must be > 0)");
    }
    return new PointInTimeJoin(join, labelSchema, schemas, records, newShards, masked, rejectedAt);
  }

  /**
   * For the labels that are dropped: the columns that rejects must not show in clear, and the time
   * that they bear, in microseconds.
   */
  public PointInTimeJoin withRejects(Collection<String> maskedColumns, long rejectedAtMicros) {
    return new PointInTimeJoin(
        join, labelSchema, schemas, records, shards, Set.copyOf(maskedColumns), rejectedAtMicros);
  }

  /** The columns of the labels, and behind them those of each group. */
  public RecordSchema outputSchema() {
    return plan().outputSchema();
  }

  BoundJoin plan() {
    return BoundJoin.bind(join, labelSchema, schemas);
  }

  int shards() {
    return shards;
  }

  String labelTime() {
    return join.labelTime();
  }

  Rejects.Builder rejects() {
    return new Rejects.Builder(STEP, masked, rejectedAt);
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> labels) {
    BoundJoin plan = plan();
    checkBounded(labels, "the labels");
    List<PCollection<KV<Integer, KV<Integer, RecordBatch>>>> answers = new ArrayList<>();
    Set<PCollection<RecordBatch>> passed = new HashSet<>();
    for (int stage = 0; stage < plan.stages(); stage++) {
      String keys = String.join(", ", plan.keysOf(stage));
      List<PCollection<KV<Integer, KV<Integer, RecordBatch>>>> inputs = new ArrayList<>();
      inputs.add(
          labels
              .apply(
                  "Split labels by " + keys,
                  ParDo.of(SplitInputFn.labels(this, stage, passed.add(labels))))
              .setCoder(SHARD_CODER));
      for (int group : plan.groupsOf(stage)) {
        String name = join.groups().get(group).name();
        checkBounded(records.get(group), "group '" + name + "'");
        boolean passes = passed.add(records.get(group));
        inputs.add(
            records
                .get(group)
                .apply(
                    "Split " + name + " by " + keys,
                    ParDo.of(SplitInputFn.records(this, group, passes)))
                .setCoder(SHARD_CODER));
      }
      answers.add(
          PCollectionList.of(inputs)
              .apply("Together by " + keys, Flatten.pCollections())
              .apply("Group by " + keys, GroupByKey.create())
              .apply("Join by " + keys, ParDo.of(new JoinStageFn(this, stage)))
              .setCoder(SHARD_CODER));
    }
    PCollection<KV<Integer, KV<Integer, RecordBatch>>> joined =
        PCollectionList.of(answers).apply("Answers", Flatten.pCollections());
    return (plan.stages() == 1
            ? joined.apply("Marked rows", Values.create()).apply("Rows", Values.create())
            : joined
                .apply("Group by label", GroupByKey.create())
                .apply("Join by label", ParDo.of(new MergeAnswersFn(this))))
        .setCoder(BatchCoder.of());
  }

  private static void checkBounded(PCollection<RecordBatch> input, String name) {
    if (input.isBounded() == PCollection.IsBounded.UNBOUNDED) {
      throw new IllegalArgumentException(
          "Unbounded input: "
              + name
              + " ('"
              + input.getName()
              + "') has no end (bound the source: a label's features are those of all events there"
              + " are before its time)");
    }
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(
            DisplayData.item(
                "groups", String.join(", ", join.groups().stream().map(JoinGroup::name).toList())))
        .add(DisplayData.item("shards", shards));
  }

  /** What a step of it did, as a fact. */
  static Facts.Builder facts(long in, long out, long rejected, long nanos) {
    return new Facts.Builder()
        .add(STEP, Facts.RECORDS_IN, in)
        .add(STEP, Facts.RECORDS_OUT, out)
        .add(STEP, Facts.REJECTED, rejected)
        .add(STEP, Facts.NANOS, nanos);
  }
}
