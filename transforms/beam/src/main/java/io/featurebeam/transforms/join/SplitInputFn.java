package io.featurebeam.transforms.join;

import io.featurebeam.aggregate.ShardSplitter;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.join.BoundJoin;
import io.featurebeam.join.JoinChain;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Flow;
import io.featurebeam.transforms.records.LiveCounts;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;

/**
 * Splits labels or a group's records by shard, each marked with where it is from. What else is in
 * the flow goes to shards below 0, from the first of those that read it.
 */
final class SplitInputFn extends DoFn<RecordBatch, KV<Integer, KV<Integer, RecordBatch>>> {

  private static final long serialVersionUID = 1L;

  /** Marks labels; groups are marked by their number. */
  static final int LABELS = -1;

  /** Marks what is no record. */
  static final int ASIDE = -2;

  /** How many bytes of records a worker thread keeps before it sends them on. */
  static final long MAX_BYTES = 128L << 20;

  private final PointInTimeJoin transform;
  private final int stage;
  private final int group;

  /** Whether what is no record goes on from here, and not from another reader of the same flow. */
  private final boolean passes;

  /** Whether the stream has no end: then nothing is held back, as its watermark might pass it. */
  private final boolean live;

  private transient ShardSplitter splitter;
  private transient long records;
  private transient long nanos;
  private transient int passed;

  private SplitInputFn(
      PointInTimeJoin transform, int stage, int group, boolean passes, boolean live) {
    this.transform = transform;
    this.stage = stage;
    this.group = group;
    this.passes = passes;
    this.live = live;
  }

  static SplitInputFn labels(PointInTimeJoin transform, int stage, boolean passes) {
    return new SplitInputFn(transform, stage, LABELS, passes, false);
  }

  static SplitInputFn records(PointInTimeJoin transform, int group, boolean passes) {
    return new SplitInputFn(transform, 0, group, passes, false);
  }

  /**
   * For a link of the chain in a stream.
   *
   * @param group whose records, or {@link #LABELS}
   */
  static SplitInputFn live(PointInTimeJoin transform, int link, int group, boolean passes) {
    return new SplitInputFn(transform, link, group, passes, true);
  }

  @Setup
  public void setup() {
    if (live) {
      JoinChain.Link link = transform.chain().links().get(stage);
      splitter =
          group == LABELS
              ? link.labelSplitter(transform.shards())
              : link.recordSplitter(group, transform.shards());
      return;
    }
    BoundJoin plan = transform.plan();
    splitter =
        group == LABELS
            ? plan.labelSplitter(stage, transform.shards(), MAX_BYTES)
            : plan.recordSplitter(group, transform.shards(), MAX_BYTES);
  }

  @StartBundle
  public void startBundle() {
    records = 0;
    nanos = 0;
  }

  @ProcessElement
  public void process(
      @Element RecordBatch batch, OutputReceiver<KV<Integer, KV<Integer, RecordBatch>>> out) {
    if (!Flow.isRecords(batch)) {
      if (passes) {
        out.output(KV.of(asideShard(), KV.of(ASIDE, batch)));
      }
      return;
    }
    long start = System.nanoTime();
    records += batch.size();
    splitter.add(batch);
    if (live || splitter.isFull()) {
      long[] split = {0};
      splitter.drain(
          (slice, shard) -> {
            split[0] += slice.size();
            out.output(KV.of(shard, KV.of(group, slice)));
          });
      if (live) { // the others have no key, and so no label that sees them
        LiveCounts.aggregated(batch.size() - split[0]);
      }
    }
    nanos += System.nanoTime() - start;
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    long start = System.nanoTime();
    splitter.drain((slice, shard) -> output(context, shard, group, slice));
    nanos += System.nanoTime() - start;
    boolean isFirst = group != LABELS || stage == 0; // labels come to each stage, and count once
    Facts.Builder facts = PointInTimeJoin.facts(isFirst ? records : 0, 0, 0, nanos);
    if (!facts.isEmpty()) {
      output(context, asideShard(), ASIDE, facts.build());
    }
  }

  /** Spreads what is handed on, so that many rejects do not meet on one worker. */
  private int asideShard() {
    return -1 - Math.floorMod(passed++, transform.shards());
  }

  private static void output(FinishBundleContext context, int shard, int mark, RecordBatch batch) {
    context.output(
        KV.of(shard, KV.of(mark, batch)),
        GlobalWindow.INSTANCE.maxTimestamp(),
        GlobalWindow.INSTANCE);
  }
}
