package io.featurebeam.transforms.join;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.join.BoundJoin;
import io.featurebeam.join.JoinChain;
import io.featurebeam.join.JoinGroup;
import io.featurebeam.join.PointInTime;
import io.featurebeam.time.Spans;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.Rejects;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
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
 *
 * <p>Unbounded inputs, some or all: labels go through one shuffle for each set of keys, one behind
 * the other, and behind each there is state per shard. A label comes out once, final, when the
 * watermark of the labels and of all groups has passed its time by the {@link #withLateness allowed
 * lateness}; labels of a {@link #withEvery second} are answered together. What comes later becomes
 * a reject of rule {@value #LATE}: a label whose like are answered, a record that one of these
 * would have seen. The rows are those of a bounded join over the labels and records that were not
 * late.
 *
 * <p>A shard's labels that wait and the records that open labels may see live in the memory of the
 * worker that has its key, and in the runner's state as a journal that is written with each batch
 * and read only after a restart. So windows must have a length: others are refused by name. Of an
 * as-of group the row of each key that holds now and those that come are kept, of a window group
 * without a time-to-live one event of each key beside those that its windows reach.
 */
public final class PointInTimeJoin
    extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  /** The name of the step in facts and rejects. */
  public static final String STEP = "join";

  /** How many groups of keys there are unless {@link #withShards} says otherwise. */
  public static final int DEFAULT_SHARDS = 32;

  /** The rule of labels and records of a stream that come too late. */
  public static final String LATE = "late";

  /** How often labels of a stream are answered unless {@link #withEvery} says otherwise. */
  public static final long DEFAULT_EVERY = 1_000_000;

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
  private final Live live;

  /**
   * What counts in a stream alone.
   *
   * @param refusal how to fail if state of an earlier run cannot serve
   */
  private record Live(
      long lateness, long every, SerializableFunction<String, RuntimeException> refusal)
      implements Serializable {
    static final Live DEFAULT = new Live(0, DEFAULT_EVERY, IllegalStateException::new);
  }

  private PointInTimeJoin(
      PointInTime join,
      RecordSchema labelSchema,
      List<RecordSchema> schemas,
      List<PCollection<RecordBatch>> records,
      int shards,
      Set<String> masked,
      long rejectedAt,
      Live live) {
    this.join = join;
    this.labelSchema = labelSchema;
    this.schemas = schemas;
    this.records = records;
    this.shards = shards;
    this.masked = masked;
    this.rejectedAt = rejectedAt;
    this.live = live;
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
        0,
        Live.DEFAULT);
  }

  /** One group more, over these records, which may be a flow; throws what does not fit. */
  public PointInTimeJoin join(
      JoinGroup group, PCollection<RecordBatch> ofGroup, RecordSchema schema) {
    PointInTime more = join.join(group);
    List<RecordSchema> allSchemas = with(schemas, schema);
    BoundJoin.bind(more, labelSchema, allSchemas);
    return new PointInTimeJoin(
        more, labelSchema, allSchemas, with(records, ofGroup), shards, masked, rejectedAt, live);
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
    return new PointInTimeJoin(
        join, labelSchema, schemas, records, newShards, masked, rejectedAt, live);
  }

  /**
   * For the labels that are dropped: the columns that rejects must not show in clear, and the time
   * that they bear, in microseconds.
   */
  public PointInTimeJoin withRejects(Collection<String> maskedColumns, long rejectedAtMicros) {
    return new PointInTimeJoin(
        join,
        labelSchema,
        schemas,
        records,
        shards,
        Set.copyOf(maskedColumns),
        rejectedAtMicros,
        live);
  }

  /**
   * In a stream, for how long after its time is complete a label waits for what comes late, in
   * microseconds; 0 unless said otherwise. Bounded inputs are never late.
   */
  public PointInTimeJoin withLateness(long micros) {
    if (micros < 0) {
      throw new IllegalArgumentException(
          "Invalid lateness: " + micros + " microseconds (must be >= 0)");
    }
    return with(new Live(micros, live.every, live.refusal));
  }

  /**
   * In a stream, labels of the same so many microseconds of event time are answered together, once
   * all of these are complete; {@link #DEFAULT_EVERY} unless said otherwise. Less brings labels
   * sooner, and costs more.
   */
  public PointInTimeJoin withEvery(long micros) {
    if (micros < 1000) {
      throw new IllegalArgumentException(
          "Invalid every: " + micros + " microseconds (must be >= 1000)");
    }
    return with(new Live(live.lateness, micros, live.refusal));
  }

  /**
   * In a stream that goes on from state of an earlier run, how to fail if it cannot serve: of a
   * kind that the runner does not retry.
   */
  public PointInTimeJoin withRefusal(SerializableFunction<String, RuntimeException> refusal) {
    return with(new Live(live.lateness, live.every, refusal));
  }

  private PointInTimeJoin with(Live newLive) {
    return new PointInTimeJoin(
        join, labelSchema, schemas, records, shards, masked, rejectedAt, newLive);
  }

  /** The columns of the labels, and behind them those of each group. */
  public RecordSchema outputSchema() {
    return plan().outputSchema();
  }

  BoundJoin plan() {
    return BoundJoin.bind(join, labelSchema, schemas);
  }

  /** The same for inputs without an end. */
  JoinChain chain() {
    return JoinChain.of(join, labelSchema, schemas);
  }

  int shards() {
    return shards;
  }

  long lateness() {
    return live.lateness;
  }

  long every() {
    return live.every;
  }

  List<String> labelColumns() {
    return labelSchema.names();
  }

  JoinGroup group(int number) {
    return join.groups().get(number);
  }

  /** What state of this link depends on. */
  Map<String, String> savedPlan(int link) {
    return SavedJoin.of(
        join, labelSchema, schemas, chain().links().get(link).groups(), shards, live.lateness);
  }

  RuntimeException refusal(List<String> differing) {
    return live.refusal.apply(
        "Cannot go on from the saved state: it is of another join, which differs in "
            + String.join(", ", differing)
            + " (undo that, or start without the savepoint, from a time in the sources from which"
            + " on what labels see is there again)");
  }

  String labelTime() {
    return join.labelTime();
  }

  Rejects.Builder rejects() {
    return new Rejects.Builder(STEP, masked, rejectedAt);
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> labels) {
    boolean isStream =
        Stream.concat(Stream.of(labels), records.stream())
            .anyMatch(input -> input.isBounded() == PCollection.IsBounded.UNBOUNDED);
    return isStream ? expandStream(labels) : expandBounded(labels);
  }

  private PCollection<RecordBatch> expandBounded(PCollection<RecordBatch> labels) {
    BoundJoin plan = plan();
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

  private PCollection<RecordBatch> expandStream(PCollection<RecordBatch> labels) {
    List<JoinChain.Link> links = chain().links();
    PCollection<RecordBatch> flow = labels;
    Set<PCollection<RecordBatch>> passed = new HashSet<>();
    for (int number = 0; number < links.size(); number++) {
      JoinChain.Link link = links.get(number);
      String keys = String.join(", ", link.keys());
      List<PCollection<KV<Integer, KV<Integer, RecordBatch>>>> inputs = new ArrayList<>();
      inputs.add(split(flow, "labels", keys, number, SplitInputFn.LABELS, passed.add(flow)));
      for (int group : link.groups()) {
        PCollection<RecordBatch> ofGroup = records.get(group);
        String name = join.groups().get(group).name();
        inputs.add(split(ofGroup, name, keys, number, group, passed.add(ofGroup)));
      }
      flow =
          PCollectionList.of(inputs)
              .apply("Together by " + keys, Flatten.pCollections())
              .apply("Join by " + keys, ParDo.of(new LiveJoinFn(this, number)))
              .setCoder(BatchCoder.of());
    }
    return flow;
  }

  private PCollection<KV<Integer, KV<Integer, RecordBatch>>> split(
      PCollection<RecordBatch> input,
      String name,
      String keys,
      int link,
      int group,
      boolean passes) {
    return input
        .apply(
            "Split " + name + " by " + keys, ParDo.of(SplitInputFn.live(this, link, group, passes)))
        .setCoder(SHARD_CODER);
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(
            DisplayData.item(
                "groups", String.join(", ", join.groups().stream().map(JoinGroup::name).toList())))
        .add(DisplayData.item("shards", shards))
        .add(DisplayData.item("lateness", live.lateness == 0 ? "0" : Spans.format(live.lateness)))
        .add(DisplayData.item("every", Spans.format(live.every)));
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
