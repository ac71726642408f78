package io.featurebeam.transforms.aggregate;

import io.featurebeam.aggregate.BoundAggregates;
import io.featurebeam.aggregate.ShardAggregator;
import io.featurebeam.aggregate.ShardSplitter;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Flow;
import java.util.Objects;
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
 * bundles or shards. Records must have an event time, at most {@link WindowedAggregates#lastTime};
 * others fail the step. Unbounded input is refused: its plan is a stateful one.
 */
public final class AggregateRecords
    extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  /** The name of the step in facts. */
  public static final String STEP = "aggregate";

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
  private final boolean telling;

  private AggregateRecords(
      WindowedAggregates aggregates,
      RecordSchema schema,
      int shards,
      long from,
      long to,
      boolean telling) {
    this.aggregates = aggregates;
    this.schema = schema;
    this.shards = shards;
    this.from = from;
    this.to = to;
    this.telling = telling;
  }

  /** Binds the aggregates to the records' schema; throws what does not fit. */
  public static AggregateRecords of(WindowedAggregates aggregates, RecordSchema schema) {
    Objects.requireNonNull(aggregates, "aggregates is null");
    Objects.requireNonNull(schema, "schema is null");
    BoundAggregates.bind(aggregates, schema);
    return new AggregateRecords(
        aggregates, schema, DEFAULT_SHARDS, Long.MIN_VALUE, Long.MAX_VALUE, false);
  }

  /** Into how many groups keys are split: enough that one group fits into a worker's memory. */
  public AggregateRecords withShards(int newShards) {
    if (newShards <= 0) {
      throw new IllegalArgumentException("Invalid shards: " + newShards + " (must be > 0)");
    }
    return new AggregateRecords(aggregates, schema, newShards, from, to, telling);
  }

  /**
   * Only rows whose time is in {@code [from, to)}, in microseconds; earlier events are still seen.
   */
  public AggregateRecords withRange(long newFrom, long newTo) {
    if (newFrom >= newTo) {
      throw new IllegalArgumentException(
          "Invalid range: from " + newFrom + " to " + newTo + " (from must be before to)");
    }
    return new AggregateRecords(aggregates, schema, shards, newFrom, newTo, telling);
  }

  /** Adds facts to its output, for a {@link Flow}. */
  public AggregateRecords inFlow() {
    return new AggregateRecords(aggregates, schema, shards, from, to, true);
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> flow) {
    if (flow.isBounded() == PCollection.IsBounded.UNBOUNDED) {
      throw new IllegalArgumentException(
          "AggregateRecords needs a bounded input: '" + flow.getName() + "' is unbounded");
    }
    boolean tiled = BoundAggregates.bind(aggregates, schema).isTiled();
    return flow.apply(tiled ? "Reduce to tiles" : "Split by key", ParDo.of(new SplitFn(this)))
        .setCoder(KvCoder.of(VarIntCoder.of(), BatchCoder.of()))
        .apply("Group by shard", GroupByKey.create())
        .apply("Slide windows", ParDo.of(new AggregateFn(this)))
        .setCoder(BatchCoder.of());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("keys", String.join(", ", aggregates.keys())))
        .add(DisplayData.item("shards", shards));
  }

  /** Reduces or splits records by shard; what else is in the flow goes to shards below 0. */
  static final class SplitFn extends DoFn<RecordBatch, KV<Integer, RecordBatch>> {
    private static final long serialVersionUID = 1L;
    private final AggregateRecords transform;
    private transient ShardSplitter splitter;
    private transient long records;
    private transient long nanos;
    private transient int passed;

    SplitFn(AggregateRecords transform) {
      this.transform = transform;
    }

    @Setup
    public void setup() {
      splitter =
          BoundAggregates.bind(transform.aggregates, transform.schema)
              .splitter(transform.shards, MAX_CELLS, MAX_BYTES);
    }

    @StartBundle
    public void startBundle() {
      records = 0;
      nanos = 0;
    }

    @ProcessElement
    public void process(@Element RecordBatch batch, OutputReceiver<KV<Integer, RecordBatch>> out) {
      if (!Flow.isRecords(batch)) {
        out.output(KV.of(asideShard(), batch));
        return;
      }
      long start = System.nanoTime();
      records += batch.size();
      splitter.add(batch);
      if (splitter.isFull()) {
        splitter.drain((slice, shard) -> out.output(KV.of(shard, slice)));
      }
      nanos += System.nanoTime() - start;
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      long start = System.nanoTime();
      splitter.drain((slice, shard) -> output(context, shard, slice));
      nanos += System.nanoTime() - start;
      Facts.Builder facts = new Facts.Builder();
      facts.add(STEP, Facts.RECORDS_IN, records).add(STEP, Facts.NANOS, nanos);
      if (transform.telling && !facts.isEmpty()) {
        output(context, asideShard(), facts.build());
      }
    }

    /** Spreads what is handed on, so that many rejects do not meet on one worker. */
    private int asideShard() {
      return -1 - Math.floorMod(passed++, transform.shards);
    }

    private static void output(FinishBundleContext context, int shard, RecordBatch batch) {
      context.output(
          KV.of(shard, batch), GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
    }
  }

  static final class AggregateFn extends DoFn<KV<Integer, Iterable<RecordBatch>>, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final AggregateRecords transform;
    private transient BoundAggregates plan;

    AggregateFn(AggregateRecords transform) {
      this.transform = transform;
    }

    @Setup
    public void setup() {
      plan = BoundAggregates.bind(transform.aggregates, transform.schema);
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, Iterable<RecordBatch>> shard, OutputReceiver<RecordBatch> out) {
      if (shard.getKey() < 0) {
        shard.getValue().forEach(out::output);
        return;
      }
      long start = System.nanoTime();
      long[] rows = {0, 0};
      ShardAggregator aggregator = plan.aggregator(transform.from, transform.to);
      shard.getValue().forEach(aggregator::add);
      aggregator.finish(
          batch -> {
            rows[0] += batch.size();
            long before = System.nanoTime();
            out.output(batch);
            rows[1] += System.nanoTime() - before;
          });
      if (transform.telling) {
        Facts.Builder facts = new Facts.Builder();
        facts.add(STEP, Facts.RECORDS_OUT, rows[0]);
        facts.add(STEP, Facts.NANOS, System.nanoTime() - start - rows[1]);
        out.output(facts.build());
      }
    }
  }
}
