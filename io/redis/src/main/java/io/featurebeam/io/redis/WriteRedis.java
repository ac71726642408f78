package io.featurebeam.io.redis;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.expression.Condition;
import io.featurebeam.io.lookup.LatestRow;
import io.featurebeam.io.lookup.LatestRows;
import io.featurebeam.io.lookup.RedisConnection;
import io.featurebeam.io.lookup.RedisLayout;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.LiveCounts;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the newest row of each key of a flow in Redis, and hands on the rest of the flow: rejects,
 * and facts with its own; the records too if another output follows ({@link #handingOn}).
 *
 * <pre>{@code
 * rows.apply(WriteRedis.of(RedisConnection.to("redis:6379"), LatestRows.Plan.of(group, schema, "at", own)));
 * }</pre>
 *
 * <p>An older row never replaces a newer one ({@link io.featurebeam.io.lookup.RowVersion} is the
 * order), whatever order bundles and writers come in; a bundle that is done again changes nothing.
 * A group with a {@code ttl} keeps a row for so long after its event time. A store that is down is
 * tried again for {@link #withPatience}, then the bundle fails.
 *
 * <p>Unbounded flows write with each bundle; bounded ones may wait for a verdict on the whole flow
 * ({@link #behind}). The store is looked at when the pipeline is built: one that does not answer,
 * refuses the login, or holds another schema of the group is an error then.
 */
public final class WriteRedis
    extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  /** For how long a store that is down is tried again, if nothing else is said. */
  public static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(1);

  /** The step in facts: as of files. */
  private static final String STEP = "write";

  /** Beam's counters of rows, by attempt. */
  public static final String WRITTEN = "redis_rows_written";

  /** Rows than which the store has a newer one. */
  public static final String OLDER = "redis_rows_older";

  /** Rows whose ttl was over when they were written. */
  public static final String EXPIRED = "redis_rows_expired";

  /** Keys that a worker holds before it writes, in the midst of a bundle too. */
  private static final int MAX_KEYS = 20_000;

  /** How many parts of a bounded flow may be written side by side. */
  private static final int PARTS = 16;

  private final Settings settings;
  private final @Nullable Gate gate;

  /** Says by all facts of a flow whether it may be written. */
  @FunctionalInterface
  public interface Gate extends Serializable {
    boolean opens(Iterable<RecordBatch> facts);
  }

  /** What workers need. */
  private record Settings(
      RedisConnection connection,
      LatestRows.Plan plan,
      boolean overwrite,
      Duration patience,
      @Nullable Condition where,
      boolean handsOn)
      implements Serializable {

    RedisWriter writer() {
      return new RedisWriter(connection, plan.group(), overwrite, patience);
    }

    /** The rows that are written. */
    RecordBatch chosen(RecordBatch batch) {
      return where == null ? batch : where.keep(batch);
    }

    List<RedisWriter.Entry> entries(LatestRows rows) {
      String schemaId = plan.group().schemaId();
      List<RedisWriter.Entry> entries = new ArrayList<>(rows.size());
      for (LatestRow row : rows.take()) {
        entries.add(
            new RedisWriter.Entry(
                RedisLayout.key(plan.group().name(), row.key()), RedisLayout.value(row, schemaId)));
      }
      return entries;
    }
  }

  private WriteRedis(Settings settings, @Nullable Gate gate) {
    this.settings = settings;
    this.gate = gate;
  }

  /** Refuses to follow another schema of the group; writes with each bundle. */
  public static WriteRedis of(RedisConnection connection, LatestRows.Plan plan) {
    Objects.requireNonNull(connection, "connection is null");
    Objects.requireNonNull(plan, "plan is null");
    return new WriteRedis(
        new Settings(connection, plan, false, DEFAULT_PATIENCE, null, false), null);
  }

  /** Goes on with this schema of the group whatever the store holds. */
  public WriteRedis withOverwrite(boolean overwrite) {
    return new WriteRedis(
        new Settings(
            settings.connection,
            settings.plan,
            overwrite,
            settings.patience,
            settings.where,
            settings.handsOn),
        gate);
  }

  /** Writes only the rows for which a condition over the plan's columns is true. */
  public WriteRedis withWhere(String cel) {
    return new WriteRedis(
        new Settings(
            settings.connection,
            settings.plan,
            settings.overwrite,
            settings.patience,
            Condition.of(cel, settings.plan.schema()),
            settings.handsOn),
        gate);
  }

  /** For how long a store that is down is tried again. */
  public WriteRedis withPatience(Duration patience) {
    if (patience.isNegative()) {
      throw new IllegalArgumentException(
          "Invalid patience: " + patience + " (must not be negative)");
    }
    return new WriteRedis(
        new Settings(
            settings.connection,
            settings.plan,
            settings.overwrite,
            patience,
            settings.where,
            settings.handsOn),
        gate);
  }

  /** Hands the records on too, all of them, for an output behind this one. */
  public WriteRedis handingOn() {
    return new WriteRedis(
        new Settings(
            settings.connection,
            settings.plan,
            settings.overwrite,
            settings.patience,
            settings.where,
            true),
        gate);
  }

  /** Of a bounded flow: writes nothing before all of it is there, and only if the gate opens. */
  public WriteRedis behind(Gate newGate) {
    return new WriteRedis(settings, newGate);
  }

  /** Whether the store answers and what it has of the group fits; an error that says if not. */
  public void check() {
    settings.writer().check();
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> flow) {
    check();
    return gate == null
        ? flow.apply("Store", ParDo.of(new StoreFn(settings))).setCoder(BatchCoder.of())
        : behindGate(flow);
  }

  private PCollection<RecordBatch> behindGate(PCollection<RecordBatch> flow) {
    TupleTag<RecordBatch> rest = new TupleTag<>("rest") {};
    TupleTag<KV<Integer, KV<byte[], byte[]>>> rows = new TupleTag<>("rows") {};
    PCollectionTuple reduced =
        flow.apply(
            "Latest",
            ParDo.of(new ReduceFn(settings, rest, rows))
                .withOutputTags(rest, TupleTagList.of(rows)));
    PCollection<RecordBatch> handedOn = reduced.get(rest).setCoder(BatchCoder.of());
    Gate verdict = gate;
    PCollectionView<Boolean> opens =
        handedOn
            .apply("Facts", Filter.by(Flow::isFacts))
            .setCoder(BatchCoder.of())
            .apply("One key", WithKeys.of(0))
            .setCoder(KvCoder.of(VarIntCoder.of(), BatchCoder.of()))
            .apply("All facts", GroupByKey.create())
            .apply("Verdict", ParDo.of(new GateFn(verdict)))
            .apply("As view", View.<Boolean>asSingleton().withDefaultValue(true));
    PCollection<RecordBatch> stored =
        reduced
            .get(rows)
            .setCoder(
                KvCoder.of(VarIntCoder.of(), KvCoder.of(ByteArrayCoder.of(), ByteArrayCoder.of())))
            .apply("In parts", GroupByKey.create())
            .apply("Store", ParDo.of(new StorePartFn(settings, opens)).withSideInputs(opens))
            .setCoder(BatchCoder.of());
    return PCollectionList.of(handedOn).and(stored).apply("With counts", Flatten.pCollections());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("server", settings.connection.server()))
        .add(DisplayData.item("group", settings.plan.group().name()))
        .add(DisplayData.item("ttlMicros", settings.plan.group().ttlMicros()));
  }

  private static RecordBatch facts(long rows, RedisWriter.Counts counts, long nanos) {
    return new Facts.Builder()
        .add(STEP, Facts.RECORDS_IN, rows)
        .add(STEP, Facts.RECORDS_OUT, rows)
        .add(STEP, WRITTEN, counts.written())
        .add(STEP, OLDER, counts.older())
        .add(STEP, EXPIRED, counts.expired())
        .add(STEP, Facts.NANOS, nanos)
        .build();
  }

  /** A writer, what it counts, and how long it takes, in one bundle. */
  private static final class Storing {
    private final RedisWriter writer;
    private final Counter written = Metrics.counter(WriteRedis.class, WRITTEN);
    private final Counter older = Metrics.counter(WriteRedis.class, OLDER);
    private final Counter expired = Metrics.counter(WriteRedis.class, EXPIRED);
    private RedisWriter.Counts counts = RedisWriter.Counts.NONE;
    private long nanos;

    Storing(Settings settings) {
      this.writer = settings.writer();
    }

    void write(List<RedisWriter.Entry> entries) throws IOException, InterruptedException {
      long start = System.nanoTime();
      RedisWriter.Counts now = writer.write(entries);
      written.inc(now.written());
      older.inc(now.older());
      expired.inc(now.expired());
      counts = counts.plus(now);
      nanos += System.nanoTime() - start;
    }

    /** What there is to tell of {@code rows} rows; begins anew. */
    RecordBatch take(long rows) {
      RecordBatch facts = facts(rows, counts, nanos);
      counts = RedisWriter.Counts.NONE;
      nanos = 0;
      return facts;
    }
  }

  /** Writes with each bundle. */
  private static final class StoreFn extends DoFn<RecordBatch, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final Settings settings;
    private transient @Nullable Storing storing;
    private transient LatestRows latest;
    private transient long rows;

    StoreFn(Settings settings) {
      this.settings = settings;
    }

    @StartBundle
    public void startBundle() {
      if (storing == null) {
        storing = new Storing(settings);
      }
      latest = LatestRows.of(settings.plan);
      rows = 0;
    }

    @ProcessElement
    public void process(@Element RecordBatch batch, OutputReceiver<RecordBatch> out)
        throws IOException, InterruptedException {
      if (!Flow.isRecords(batch)) {
        out.output(batch);
        return;
      }
      RecordBatch chosen = settings.chosen(batch);
      latest.add(chosen);
      rows += chosen.size();
      LiveCounts.written("redis:" + settings.plan.group().name(), chosen.size());
      if (latest.size() >= MAX_KEYS) {
        storing.write(settings.entries(latest));
      }
      if (settings.handsOn) {
        out.output(batch);
      }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) throws IOException, InterruptedException {
      storing.write(settings.entries(latest));
      if (rows > 0) {
        context.output(
            storing.take(rows), GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
      }
    }

    @Teardown
    @SuppressWarnings({"EffectivelyPrivate", "UnusedMethod"}) // Beam calls it
    public void close() {
      if (storing != null) {
        storing.writer.close();
      }
    }
  }

  /** The newest rows of each bundle, by part; what is written is counted where it is. */
  private static final class ReduceFn extends DoFn<RecordBatch, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final Settings settings;
    private final TupleTag<RecordBatch> rest;
    private final TupleTag<KV<Integer, KV<byte[], byte[]>>> tag;
    private transient LatestRows latest;
    private transient long rows;

    ReduceFn(
        Settings settings,
        TupleTag<RecordBatch> rest,
        TupleTag<KV<Integer, KV<byte[], byte[]>>> tag) {
      this.settings = settings;
      this.rest = rest;
      this.tag = tag;
    }

    @StartBundle
    public void startBundle() {
      latest = LatestRows.of(settings.plan);
      rows = 0;
    }

    @ProcessElement
    public void process(@Element RecordBatch batch, MultiOutputReceiver out) {
      if (!Flow.isRecords(batch)) {
        out.get(rest).output(batch);
        return;
      }
      RecordBatch chosen = settings.chosen(batch);
      latest.add(chosen);
      rows += chosen.size();
      LiveCounts.written("redis:" + settings.plan.group().name(), chosen.size());
      if (latest.size() >= MAX_KEYS) {
        for (RedisWriter.Entry entry : settings.entries(latest)) {
          out.get(tag).output(part(entry));
        }
      }
      if (settings.handsOn) {
        out.get(rest).output(batch);
      }
    }

    private static KV<Integer, KV<byte[], byte[]>> part(RedisWriter.Entry entry) {
      return KV.of(
          Math.floorMod(Arrays.hashCode(entry.key()), PARTS), KV.of(entry.key(), entry.value()));
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      for (RedisWriter.Entry entry : settings.entries(latest)) {
        context.output(
            tag, part(entry), GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
      }
      if (rows > 0) {
        context.output(
            facts(rows, RedisWriter.Counts.NONE, 0),
            GlobalWindow.INSTANCE.maxTimestamp(),
            GlobalWindow.INSTANCE);
      }
    }
  }

  private static final class GateFn extends DoFn<KV<Integer, Iterable<RecordBatch>>, Boolean> {
    private static final long serialVersionUID = 1L;
    private final Gate gate;

    GateFn(Gate gate) {
      this.gate = gate;
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, Iterable<RecordBatch>> facts, OutputReceiver<Boolean> out) {
      out.output(gate.opens(facts.getValue()));
    }
  }

  /** Writes a part when the verdict is there. */
  private static final class StorePartFn
      extends DoFn<KV<Integer, Iterable<KV<byte[], byte[]>>>, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final Settings settings;
    private final PCollectionView<Boolean> opens;
    private transient @Nullable Storing storing;

    StorePartFn(Settings settings, PCollectionView<Boolean> opens) {
      this.settings = settings;
      this.opens = opens;
    }

    @ProcessElement
    public void process(ProcessContext context) throws IOException, InterruptedException {
      if (!context.sideInput(opens)) {
        return;
      }
      if (storing == null) {
        storing = new Storing(settings);
      }
      List<RedisWriter.Entry> entries = new ArrayList<>();
      for (KV<byte[], byte[]> row : context.element().getValue()) {
        entries.add(new RedisWriter.Entry(row.getKey(), row.getValue()));
        if (entries.size() == MAX_KEYS) {
          storing.write(entries);
          entries.clear();
        }
      }
      storing.write(entries);
      context.output(storing.take(0));
    }

    @Teardown
    @SuppressWarnings({"EffectivelyPrivate", "UnusedMethod"}) // Beam calls it
    public void close() {
      if (storing != null) {
        storing.writer.close();
      }
    }
  }
}
