package io.featurebeam.transforms.aggregate;

import io.featurebeam.aggregate.BoundAggregates;
import io.featurebeam.aggregate.EventAggregator;
import io.featurebeam.aggregate.KeyShards;
import io.featurebeam.aggregate.TileAggregator;
import io.featurebeam.aggregate.TileMerger;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.transforms.records.BatchCoder;
import java.util.Objects;
import java.util.function.ObjIntConsumer;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Features over windows of event time, per entity key.
 *
 * <pre>{@code
 * PCollection<RecordBatch> features =
 *     records.apply(AggregateRecords.of(spending, schema).withShards(64));
 * }</pre>
 *
 * <p>Bounded input: one shuffle. If all window edges fall on a grid, records are reduced to one
 * state per key and tile before it; else each record's needed columns cross it once. Keys are
 * grouped into shards by their hash, so the number of elements in the shuffle does not grow with
 * the number of keys, and a worker holds one shard at a time. The result does not depend on order,
 * bundles or shards. Records must have an event time. Unbounded input is refused: its plan is a
 * stateful one.
 */
public final class AggregateRecords
    extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  /** How many groups of keys there are unless {@link #withShards} says otherwise. */
  public static final int DEFAULT_SHARDS = 32;

  /** How many pairs of key and tile a worker thread keeps before it sends them on. */
  private static final int MAX_CELLS = 1 << 20;

  /** How many bytes of states, or of records, a worker thread keeps before it sends them on. */
  private static final long MAX_BYTES = 256L << 20;

  private final WindowedAggregates aggregates;
  private final RecordSchema schema;
  private final int shards;
  private final long from;
  private final long to;

  private AggregateRecords(
      WindowedAggregates aggregates, RecordSchema schema, int shards, long from, long to) {
    this.aggregates = aggregates;
    this.schema = schema;
    this.shards = shards;
    this.from = from;
    this.to = to;
  }

  /** Binds the aggregates to the records' schema; throws what does not fit. */
  public static AggregateRecords of(WindowedAggregates aggregates, RecordSchema schema) {
    Objects.requireNonNull(aggregates, "aggregates is null");
    Objects.requireNonNull(schema, "schema is null");
    BoundAggregates.bind(aggregates, schema);
    return new AggregateRecords(aggregates, schema, DEFAULT_SHARDS, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** Into how many groups keys are split: enough that one group fits into a worker's memory. */
  public AggregateRecords withShards(int newShards) {
    if (newShards <= 0) {
      throw new IllegalArgumentException("Invalid shards: " + newShards + " (must be > 0)");
    }
    return new AggregateRecords(aggregates, schema, newShards, from, to);
  }

  /**
   * Only rows whose time is in {@code [from, to)}, in microseconds; earlier events are still seen.
   */
  public AggregateRecords withRange(long newFrom, long newTo) {
    if (newFrom >= newTo) {
      throw new IllegalArgumentException(
          "Invalid range: from " + newFrom + " to " + newTo + " (from must be before to)");
    }
    return new AggregateRecords(aggregates, schema, shards, newFrom, newTo);
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> records) {
    if (records.isBounded() == PCollection.IsBounded.UNBOUNDED) {
      throw new IllegalArgumentException(
          "AggregateRecords needs a bounded input: '" + records.getName() + "' is unbounded");
    }
    boolean tiled = BoundAggregates.bind(aggregates, schema).isTiled();
    return records
        .apply(
            tiled ? "Reduce to tiles" : "Split by key",
            ParDo.of(tiled ? new ReduceToTiles(this) : new SplitByKey(this)))
        .setCoder(KvCoder.of(VarIntCoder.of(), BatchCoder.of()))
        .apply("Group by shard", GroupByKey.create())
        .apply(
            "Slide windows", ParDo.of(tiled ? new SlideOverTiles(this) : new SlideOverEvents(this)))
        .setCoder(BatchCoder.of());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("keys", String.join(", ", aggregates.keys())))
        .add(DisplayData.item("shards", shards));
  }

  /** What the DoFns share: the plan, bound where it runs. */
  private abstract static class BoundFn<I, O> extends DoFn<I, O> {
    private static final long serialVersionUID = 1L;
    final WindowedAggregates aggregates;
    final RecordSchema schema;
    final int shards;
    final long from;
    final long to;

    BoundFn(AggregateRecords transform) {
      aggregates = transform.aggregates;
      schema = transform.schema;
      shards = transform.shards;
      from = transform.from;
      to = transform.to;
    }

    final BoundAggregates plan() {
      return BoundAggregates.bind(aggregates, schema);
    }
  }

  private static final class ReduceToTiles extends BoundFn<RecordBatch, KV<Integer, RecordBatch>> {
    private static final long serialVersionUID = 1L;
    private transient TileAggregator aggregator;

    ReduceToTiles(AggregateRecords transform) {
      super(transform);
    }

    @Setup
    public void setup() {
      aggregator = new TileAggregator(plan(), shards, MAX_CELLS, MAX_BYTES);
    }

    @ProcessElement
    public void process(@Element RecordBatch batch, OutputReceiver<KV<Integer, RecordBatch>> out) {
      aggregator.add(batch);
      if (aggregator.isFull()) {
        aggregator.drain((partial, shard) -> out.output(KV.of(shard, partial)));
      }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      aggregator.drain(emitting(context));
    }
  }

  private static final class SplitByKey extends BoundFn<RecordBatch, KV<Integer, RecordBatch>> {
    private static final long serialVersionUID = 1L;
    private transient KeyShards splitter;

    SplitByKey(AggregateRecords transform) {
      super(transform);
    }

    @Setup
    public void setup() {
      splitter = new KeyShards(plan(), shards, MAX_BYTES);
    }

    @ProcessElement
    public void process(@Element RecordBatch batch, OutputReceiver<KV<Integer, RecordBatch>> out) {
      splitter.add(batch);
      if (splitter.isFull()) {
        splitter.drain((slice, shard) -> out.output(KV.of(shard, slice)));
      }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      splitter.drain(emitting(context));
    }
  }

  private static ObjIntConsumer<RecordBatch> emitting(
      DoFn<RecordBatch, KV<Integer, RecordBatch>>.FinishBundleContext context) {
    return (batch, shard) ->
        context.output(
            KV.of(shard, batch), GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
  }

  private static final class SlideOverTiles
      extends BoundFn<KV<Integer, Iterable<RecordBatch>>, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private transient BoundAggregates plan;

    SlideOverTiles(AggregateRecords transform) {
      super(transform);
    }

    @Setup
    public void setup() {
      plan = plan();
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, Iterable<RecordBatch>> shard, OutputReceiver<RecordBatch> out) {
      TileMerger merger = new TileMerger(plan, from, to);
      shard.getValue().forEach(merger::add);
      merger.finish(out::output);
    }
  }

  private static final class SlideOverEvents
      extends BoundFn<KV<Integer, Iterable<RecordBatch>>, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private transient BoundAggregates plan;

    SlideOverEvents(AggregateRecords transform) {
      super(transform);
    }

    @Setup
    public void setup() {
      plan = plan();
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, Iterable<RecordBatch>> shard, OutputReceiver<RecordBatch> out) {
      EventAggregator aggregator = new EventAggregator(plan, from, to);
      shard.getValue().forEach(aggregator::add);
      aggregator.finish(out::output);
    }
  }
}
