package io.featurebeam.transforms.skew;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.skew.Side;
import io.featurebeam.skew.SkewPlan;
import io.featurebeam.skew.SkewShard;
import io.featurebeam.skew.SkewStats;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.validate.ShardByKey;
import java.util.Objects;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;

/**
 * How the rows of a log compare with those of a recomputation, as one {@link SkewStats}; also of no
 * rows.
 *
 * <pre>{@code
 * PCollection<SkewStats> skew =
 *     PCollectionTuple.of(CheckSkew.LOGGED, logged)
 *         .and(CheckSkew.RECOMPUTED, recomputed)
 *         .apply(CheckSkew.of(SkewPlan.of(loggedSchema, recomputedSchema, List.of("card", "time"))));
 * }</pre>
 *
 * <p>Bounded inputs in the global window; unbounded ones are refused. One shuffle: what is compared
 * of each row crosses it once, in shards by the hash of what identifies the row; a worker holds one
 * shard at a time. Both inputs may be {@link Flow}s: rejects are counted as unreadable, facts are
 * dropped. The result does not depend on order, bundles or shards.
 */
public final class CheckSkew extends PTransform<PCollectionTuple, PCollection<SkewStats>> {

  private static final long serialVersionUID = 1L;

  /** What was logged at serving time. */
  public static final TupleTag<RecordBatch> LOGGED = new TupleTag<>("logged") {};

  /** What is computed later. */
  public static final TupleTag<RecordBatch> RECOMPUTED = new TupleTag<>("recomputed") {};

  /** How many groups of keys there are unless {@link #withShards} says otherwise. */
  public static final int DEFAULT_SHARDS = 32;

  private static final int UNREADABLE_LOGGED = -1;
  private static final int UNREADABLE_RECOMPUTED = -2;

  private final SkewPlan plan;
  private final int shards;

  private CheckSkew(SkewPlan plan, int shards) {
    this.plan = plan;
    this.shards = shards;
  }

  public static CheckSkew of(SkewPlan plan) {
    return new CheckSkew(Objects.requireNonNull(plan, "plan is null"), DEFAULT_SHARDS);
  }

  /** Into how many groups keys are split: enough that one group fits into a worker's memory. */
  public CheckSkew withShards(int newShards) {
    if (newShards <= 0) {
      throw new IllegalArgumentException("Invalid shards: " + newShards + " (must be > 0)");
    }
    return new CheckSkew(plan, newShards);
  }

  @Override
  public PCollection<SkewStats> expand(PCollectionTuple sides) {
    PCollection<KV<Integer, RecordBatch>> logged = split(sides.get(LOGGED), Side.LOGGED);
    PCollection<KV<Integer, RecordBatch>> recomputed =
        split(sides.get(RECOMPUTED), Side.RECOMPUTED);
    PCollection<SkewStats> compared =
        PCollectionList.of(logged)
            .and(recomputed)
            .apply("Both sides", Flatten.pCollections())
            .apply("Group by shard", GroupByKey.create())
            .apply("Compare rows", ParDo.of(new CompareFn(plan)))
            .setCoder(SkewCoder.of(plan));
    PCollection<SkewStats> none =
        sides
            .getPipeline()
            .apply("No rows", Create.of(SkewStats.of(plan)).withCoder(SkewCoder.of(plan)));
    return PCollectionList.of(compared)
        .and(none) // so that no rows give statistics too, without the side input of a default
        .apply("With no rows", Flatten.pCollections())
        .apply("Merge", Combine.globally(new MergeFn(plan)).withoutDefaults());
  }

  private PCollection<KV<Integer, RecordBatch>> split(PCollection<RecordBatch> flow, Side side) {
    if (flow.isBounded() == PCollection.IsBounded.UNBOUNDED) {
      throw new IllegalArgumentException(
          "CheckSkew needs bounded inputs: '" + flow.getName() + "' is unbounded");
    }
    return flow.apply(
            side == Side.LOGGED ? "Split the log" : "Split the recomputation",
            ParDo.of(new SplitFn(plan, side, shards)))
        .setCoder(KvCoder.of(VarIntCoder.of(), BatchCoder.of()));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("on", plan.keyFields().toString()))
        .add(DisplayData.item("columns", plan.fields().size()))
        .add(DisplayData.item("shards", shards));
  }

  /** Rejects go to shards of their own. */
  private static final class SplitFn extends DoFn<RecordBatch, KV<Integer, RecordBatch>> {
    private static final long serialVersionUID = 1L;
    private final SkewPlan plan;
    private final Side side;
    private final int shards;

    SplitFn(SkewPlan plan, Side side, int shards) {
      this.plan = plan;
      this.side = side;
      this.shards = shards;
    }

    @ProcessElement
    public void process(@Element RecordBatch batch, OutputReceiver<KV<Integer, RecordBatch>> out) {
      if (Flow.isRejects(batch)) {
        out.output(KV.of(side == Side.LOGGED ? UNREADABLE_LOGGED : UNREADABLE_RECOMPUTED, batch));
      } else if (Flow.isRecords(batch)) {
        ShardByKey.split(
            plan.prepare(side, batch),
            plan.preparedKeys(),
            shards,
            (shard, slice) -> out.output(KV.of(shard, slice)));
      }
    }
  }

  private static final class CompareFn extends DoFn<KV<Integer, Iterable<RecordBatch>>, SkewStats> {
    private static final long serialVersionUID = 1L;
    private final SkewPlan plan;

    CompareFn(SkewPlan plan) {
      this.plan = plan;
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, Iterable<RecordBatch>> shard, OutputReceiver<SkewStats> out) {
      out.output(shard.getKey() < 0 ? unreadable(shard) : compared(shard));
    }

    private SkewStats compared(KV<Integer, Iterable<RecordBatch>> shard) {
      SkewShard rows = new SkewShard(plan);
      shard.getValue().forEach(rows::add);
      return rows.finish();
    }

    private SkewStats unreadable(KV<Integer, Iterable<RecordBatch>> shard) {
      SkewStats stats = SkewStats.of(plan);
      Side side = shard.getKey() == UNREADABLE_LOGGED ? Side.LOGGED : Side.RECOMPUTED;
      for (RecordBatch rejects : shard.getValue()) {
        for (int row = 0; row < rejects.size(); row++) {
          Object source = rejects.value(row, "source");
          Object position = rejects.value(row, "position");
          stats.addUnreadable(
              side,
              source == null ? "an unknown place" : source + ":" + position,
              rejects.bytes("reason").string(row));
        }
      }
      return stats;
    }
  }

  private static final class MergeFn extends Combine.CombineFn<SkewStats, SkewStats, SkewStats> {
    private static final long serialVersionUID = 1L;
    private final SkewPlan plan;

    MergeFn(SkewPlan plan) {
      this.plan = plan;
    }

    @Override
    public SkewStats createAccumulator() {
      return SkewStats.of(plan);
    }

    @Override
    public SkewStats addInput(SkewStats accumulator, SkewStats stats) {
      accumulator.merge(stats);
      return accumulator;
    }

    @Override
    public SkewStats mergeAccumulators(Iterable<SkewStats> accumulators) {
      SkewStats merged = createAccumulator();
      accumulators.forEach(merged::merge);
      return merged;
    }

    @Override
    public SkewStats extractOutput(SkewStats accumulator) {
      return accumulator;
    }

    @Override
    public Coder<SkewStats> getAccumulatorCoder(
        CoderRegistry registry, Coder<SkewStats> inputCoder) {
      return SkewCoder.of(plan);
    }

    @Override
    public Coder<SkewStats> getDefaultOutputCoder(
        CoderRegistry registry, Coder<SkewStats> inputCoder) {
      return SkewCoder.of(plan);
    }
  }
}
