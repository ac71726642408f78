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
import io.featurebeam.transforms.records.Patience;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.PCollection;
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
 * <p>Rows are written with each bundle. The store is looked at when the pipeline is built: one that
 * does not answer, refuses the login, or holds another schema of the group is an error then.
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

  private final Settings settings;

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

  private WriteRedis(Settings settings) {
    this.settings = settings;
  }

  /** Refuses to follow another schema of the group. */
  public static WriteRedis of(RedisConnection connection, LatestRows.Plan plan) {
    Objects.requireNonNull(connection, "connection is null");
    Objects.requireNonNull(plan, "plan is null");
    return new WriteRedis(new Settings(connection, plan, false, DEFAULT_PATIENCE, null, false));
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
            settings.handsOn));
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
            settings.handsOn));
  }

  /** For how long a store that is down is tried again. */
  public WriteRedis withPatience(Duration patience) {
    return new WriteRedis(
        new Settings(
            settings.connection,
            settings.plan,
            settings.overwrite,
            Patience.checked(patience),
            settings.where,
            settings.handsOn));
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
            true));
  }

  /** Whether the store answers and what it has of the group fits; an error that says if not. */
  public void check() {
    settings.writer().check();
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> flow) {
    check();
    return flow.apply("Store", ParDo.of(new StoreFn(settings))).setCoder(BatchCoder.of());
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
      var unused = storing.take(0); // of a bundle that failed
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
}
