package io.featurebeam.transforms.aggregate;

import io.featurebeam.aggregate.BoundAggregates;
import io.featurebeam.aggregate.LiveShard;
import io.featurebeam.aggregate.ShardAggregator;
import io.featurebeam.aggregate.ShardSplitter;
import io.featurebeam.aggregate.WindowedAggregates;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Flow;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
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
 * others fail the step.
 *
 * <p>Unbounded input: one shuffle too, and behind it state per shard. Rows come out as {@link
 * io.featurebeam.aggregate.LiveShard} says, with {@link #outputSchema more columns}: at once with
 * {@code everyEvent}, else once the watermark has passed the end of a hop, and before that if the
 * emission says {@linkplain io.featurebeam.time.Emission#withEarly early}. Events later than the
 * {@link #withLateness allowed lateness} come out as {@link
 * io.featurebeam.transforms.records.Rejects} of rule {@value #LATE}, so the output is a {@link
 * Flow}. The highest revisions are the rows that a bounded run gives over the events that were not
 * late.
 *
 * <p>A shard's events live in the memory of the worker that has its key, and in the runner's state
 * as a journal that is written with each batch and read only after a restart. Per event that a
 * window still reaches, both take the bytes of what is aggregated, not of the record; records are
 * kept as long as their row may change.
 */
public final class AggregateRecords
    extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  /** The name of the step in facts. */
  public static final String STEP = "aggregate";

  /** The rule of events that come too late. */
  public static final String LATE = "late";

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
  private final long lateness;
  private final Set<String> masked;
  private final Saved saved;

  /** See {@link #withSavedState}. */
  private record Saved(
      TreeMap<String, String> definitions, SerializableFunction<String, RuntimeException> refusal)
      implements Serializable {
    static final Saved DEFAULT = new Saved(new TreeMap<>(), IllegalStateException::new);
  }

  private AggregateRecords(
      WindowedAggregates aggregates,
      RecordSchema schema,
      int shards,
      long from,
      long to,
      boolean telling,
      long lateness,
      Set<String> masked,
      Saved saved) {
    this.aggregates = aggregates;
    this.schema = schema;
    this.shards = shards;
    this.from = from;
    this.to = to;
    this.telling = telling;
    this.lateness = lateness;
    this.masked = masked;
    this.saved = saved;
  }

  /** Binds the aggregates to the records' schema; throws what does not fit. */
  public static AggregateRecords of(WindowedAggregates aggregates, RecordSchema schema) {
    Objects.requireNonNull(aggregates, "aggregates is null");
    Objects.requireNonNull(schema, "schema is null");
    BoundAggregates.bind(aggregates, schema);
    return new AggregateRecords(
        aggregates,
        schema,
        DEFAULT_SHARDS,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        false,
        0,
        Set.of(),
        Saved.DEFAULT);
  }

  /** Into how many groups keys are split: enough that one group fits into a worker's memory. */
  public AggregateRecords withShards(int newShards) {
    if (newShards <= 0) {
      throw new IllegalArgumentException("Invalid shards: " + newShards + " (must be > 0)");
    }
    return new AggregateRecords(
        aggregates, schema, newShards, from, to, telling, lateness, masked, saved);
  }

  /**
   * Only rows whose time is in {@code [from, to)}, in microseconds; earlier events are still seen.
   */
  public AggregateRecords withRange(long newFrom, long newTo) {
    if (newFrom >= newTo) {
      throw new IllegalArgumentException(
          "Invalid range: from " + newFrom + " to " + newTo + " (from must be before to)");
    }
    return new AggregateRecords(
        aggregates, schema, shards, newFrom, newTo, telling, lateness, masked, saved);
  }

  /** Adds facts to its output, for a {@link Flow}. */
  public AggregateRecords inFlow() {
    return new AggregateRecords(
        aggregates, schema, shards, from, to, true, lateness, masked, saved);
  }

  /**
   * In a stream, for how long after it was complete a row still takes events, in microseconds; 0
   * unless said otherwise. Bounded input is never late.
   */
  public AggregateRecords withLateness(long micros) {
    if (micros < 0) {
      throw new IllegalArgumentException(
          "Invalid lateness: " + micros + " microseconds (must be >= 0)");
    }
    return new AggregateRecords(
        aggregates, schema, shards, from, to, telling, micros, masked, saved);
  }

  /** Columns that must not appear in clear in rejects. */
  public AggregateRecords withMasked(Collection<String> columns) {
    return new AggregateRecords(
        aggregates, schema, shards, from, to, telling, lateness, Set.copyOf(columns), saved);
  }

  /**
   * In a stream that goes on from state of an earlier run: what else that state depends on.
   *
   * @param definitions by name: texts that must be what they were, such as those of the aggregates
   * @param refusal how to fail if state cannot serve; of a kind that the runner does not retry
   */
  public AggregateRecords withSavedState(
      Map<String, String> definitions, SerializableFunction<String, RuntimeException> refusal) {
    Saved other = new Saved(new TreeMap<>(definitions), refusal);
    return new AggregateRecords(
        aggregates, schema, shards, from, to, telling, lateness, masked, other);
  }

  /**
   * The columns of the rows of a bounded input; a stream's have {@code revision}, {@code final} and
   * {@code pane} too.
   */
  public RecordSchema outputSchema(PCollection.IsBounded bounded) {
    return bounded == PCollection.IsBounded.BOUNDED
        ? plan().outputSchema()
        : LiveShard.rowSchema(plan());
  }

  BoundAggregates plan() {
    return BoundAggregates.bind(aggregates, schema);
  }

  long lateness() {
    return lateness;
  }

  /** How often rows are shown before they are complete, in microseconds; 0 for not at all. */
  long early() {
    return aggregates.emission().earlyMicros();
  }

  /** What state depends on. */
  Map<String, String> savedPlan() {
    return SavedPlan.of(aggregates, schema, lateness, saved.definitions);
  }

  RuntimeException refusal(List<String> differing) {
    return saved.refusal.apply(
        "Cannot go on from the saved state: it is of another spec, which differs in "
            + String.join(", ", differing)
            + " (undo that, or start without the savepoint, from a time in the source from which on"
            + " the windows fill again)");
  }

  Set<String> masked() {
    return masked;
  }

  boolean isTelling() {
    return telling;
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> flow) {
    if (flow.isBounded() == PCollection.IsBounded.UNBOUNDED) {
      return expandStream(flow);
    }
    boolean tiled = plan().isTiled();
    return flow.apply(
            tiled ? "Reduce to tiles" : "Split by key", ParDo.of(new SplitFn(this, false)))
        .setCoder(KvCoder.of(VarIntCoder.of(), BatchCoder.of()))
        .apply("Group by shard", GroupByKey.create())
        .apply("Slide windows", ParDo.of(new AggregateFn(this)))
        .setCoder(BatchCoder.of());
  }

  private PCollection<RecordBatch> expandStream(PCollection<RecordBatch> flow) {
    if (from != Long.MIN_VALUE || to != Long.MAX_VALUE) {
      throw new IllegalArgumentException(
          "Invalid range for a stream: '" + flow.getName() + "' is unbounded (bound the source)");
    }
    LiveShard.rowSchema(plan()); // refuses names that are taken
    return flow.apply("Split by key", ParDo.of(new SplitFn(this, true)))
        .setCoder(KvCoder.of(VarIntCoder.of(), BatchCoder.of()))
        .apply("Keep windows", ParDo.of(new LiveFn(this)))
        .setCoder(BatchCoder.of());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("keys", String.join(", ", aggregates.keys())))
        .add(DisplayData.item("shards", shards));
  }

  /**
   * Reduces or splits records by shard; what else is in the flow goes to shards below 0. In a
   * stream nothing is held back, as not every runner holds the watermark for it.
   */
  static final class SplitFn extends DoFn<RecordBatch, KV<Integer, RecordBatch>> {
    private static final long serialVersionUID = 1L;
    private final AggregateRecords transform;
    private final boolean live;
    private transient ShardSplitter splitter;
    private transient long records;
    private transient long nanos;
    private transient int passed;

    SplitFn(AggregateRecords transform, boolean live) {
      this.transform = transform;
      this.live = live;
    }

    @Setup
    public void setup() {
      BoundAggregates plan = transform.plan();
      splitter =
          live
              ? plan.liveSplitter(transform.shards)
              : plan.splitter(transform.shards, MAX_CELLS, MAX_BYTES);
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
      if (live || splitter.isFull()) {
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
      plan = transform.plan();
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
