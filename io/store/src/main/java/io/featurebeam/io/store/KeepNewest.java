package io.featurebeam.io.store;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.io.lookup.LatestRows;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.LiveCounts;
import java.io.IOException;
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
 * Keeps the newest row of each key of a flow in a store, and hands on the rest of the flow:
 * rejects, and facts with its own; the records too if another output follows ({@link
 * NewestRows#handsOn}).
 *
 * <pre>{@code
 * rows.apply(KeepNewest.in(store, NewestRows.of(plan).withWhere("spent_1h > 0.0")));
 * }</pre>
 *
 * <p>Each bundle keeps its newest row per key and writes these at its end, and before that if there
 * are many. A bundle is done when its rows are in the store; one that is done again changes
 * nothing. Bounded and unbounded alike: what is late, or comes twice, is told by versions, not by
 * windows. The store is not looked at when the pipeline is built: {@link OnlineStore#check} does
 * that.
 *
 * <p>Beam's counters of rows by attempt are named as the facts are: {@link #written}, {@link
 * #older} and {@link #expired}.
 */
public final class KeepNewest
    extends PTransform<PCollection<RecordBatch>, PCollection<RecordBatch>> {

  private static final long serialVersionUID = 1L;

  /** The name of the step in facts, as all that writes output has it. */
  private static final String STEP = "write";

  /** How many keys a bundle holds back before it writes them. */
  private static final int MAX_KEYS = 10_000;

  private final OnlineStore store;
  private final NewestRows rows;

  private KeepNewest(OnlineStore store, NewestRows rows) {
    this.store = store;
    this.rows = rows;
  }

  public static KeepNewest in(OnlineStore store, NewestRows rows) {
    return new KeepNewest(
        Objects.requireNonNull(store, "store is null"),
        Objects.requireNonNull(rows, "rows is null"));
  }

  /** The fact of rows that a store of a kind took. */
  public static String written(String kind) {
    return kind + "_rows_written";
  }

  /** The fact of rows for whose key the store had one as new or newer. */
  public static String older(String kind) {
    return kind + "_rows_older";
  }

  /** The fact of rows whose ttl was over when they were written. */
  public static String expired(String kind) {
    return kind + "_rows_expired";
  }

  @Override
  public PCollection<RecordBatch> expand(PCollection<RecordBatch> flow) {
    return flow.apply("Store", ParDo.of(new StoreFn(store, rows))).setCoder(BatchCoder.of());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.delegate(store);
  }

  private static final class StoreFn extends DoFn<RecordBatch, RecordBatch> {
    private static final long serialVersionUID = 1L;
    private final OnlineStore store;
    private final NewestRows wanted;
    private final String output;
    private final Counter written;
    private final Counter older;
    private final Counter expired;
    private transient OnlineStore.@Nullable Writer writer;
    private transient LatestRows latest;
    private transient OnlineStore.Counts counts;
    private transient long rows;
    private transient long nanos;

    StoreFn(OnlineStore store, NewestRows wanted) {
      this.store = store;
      this.wanted = wanted;
      this.output = store.kind() + ":" + store.group();
      this.written = Metrics.counter(KeepNewest.class, written(store.kind()));
      this.older = Metrics.counter(KeepNewest.class, older(store.kind()));
      this.expired = Metrics.counter(KeepNewest.class, expired(store.kind()));
    }

    @StartBundle
    public void startBundle() {
      latest = LatestRows.of(wanted.plan()); // empty, whatever became of the bundle before
      counts = OnlineStore.Counts.NONE;
      rows = 0;
      nanos = 0;
    }

    @ProcessElement
    public void process(@Element RecordBatch batch, OutputReceiver<RecordBatch> out)
        throws IOException, InterruptedException {
      if (!Flow.isRecords(batch)) {
        out.output(batch);
        return;
      }
      long start = System.nanoTime();
      RecordBatch chosen = wanted.chosen(batch);
      latest.add(chosen);
      rows += chosen.size();
      if (latest.size() >= MAX_KEYS) {
        write();
      }
      nanos += System.nanoTime() - start;
      LiveCounts.written(output, chosen.size());
      if (wanted.handsOn()) {
        out.output(batch);
      }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) throws IOException, InterruptedException {
      long start = System.nanoTime();
      write();
      nanos += System.nanoTime() - start;
      if (rows > 0) {
        context.output(facts(), GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
      }
    }

    private void write() throws IOException, InterruptedException {
      if (latest.size() == 0) {
        return;
      }
      if (writer == null) {
        writer = store.writer();
      }
      OnlineStore.Counts now = writer.write(latest.take());
      written.inc(now.written());
      older.inc(now.older());
      expired.inc(now.expired());
      counts = counts.plus(now);
    }

    private RecordBatch facts() {
      return new Facts.Builder()
          .add(STEP, Facts.RECORDS_IN, rows)
          .add(STEP, Facts.RECORDS_OUT, rows)
          .add(STEP, written(store.kind()), counts.written())
          .add(STEP, older(store.kind()), counts.older())
          .add(STEP, expired(store.kind()), counts.expired())
          .add(STEP, Facts.NANOS, nanos)
          .build();
    }

    @Teardown
    @SuppressWarnings({"EffectivelyPrivate", "UnusedMethod"}) // Beam calls it
    public void close() {
      if (writer != null) {
        writer.close();
        writer = null;
      }
    }
  }
}
