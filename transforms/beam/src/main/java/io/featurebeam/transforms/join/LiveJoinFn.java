package io.featurebeam.transforms.join;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.join.AsOfGroup;
import io.featurebeam.join.JoinChain;
import io.featurebeam.join.LiveJoinShard;
import io.featurebeam.join.WindowGroup;
import io.featurebeam.time.Micros;
import io.featurebeam.time.Spans;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.HeldShards;
import io.featurebeam.transforms.records.HeldShards.Held;
import io.featurebeam.transforms.records.LiveCounts;
import io.featurebeam.transforms.records.Rejects;
import io.featurebeam.transforms.records.ShardState;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.MapCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;

/**
 * Keeps the {@link LiveJoinShard} of each key it is given, for one link of the chain. The shards
 * live in memory; state holds their journals, which are written with every batch and read only when
 * a shard is not in memory as the state says: after a restart, or a retried bundle.
 *
 * <p>While labels wait, the timer holds the watermark behind this step at the first of them: so the
 * next link is never told that times are complete of which labels are still here.
 */
final class LiveJoinFn extends DoFn<KV<Integer, KV<Integer, RecordBatch>>, RecordBatch> {

  private static final long serialVersionUID = 1L;

  @StateId("state")
  private final StateSpec<ValueState<ShardState>> stateSpec =
      StateSpecs.value(new ShardState.Coder(PointInTimeJoin.STEP));

  @StateId("journal")
  private final StateSpec<MapState<Long, RecordBatch>> journalSpec =
      StateSpecs.map(VarLongCoder.of(), BatchCoder.of());

  /** Which join the state is of; written when a shard begins and read when it is not in memory. */
  @StateId("plan")
  private final StateSpec<ValueState<Map<String, String>>> planSpec =
      StateSpecs.value(MapCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of()));

  @TimerId("wake")
  private final TimerSpec wakeSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private final PointInTimeJoin transform;
  private final int number;
  private transient JoinChain chain;
  private transient JoinChain.Link link;
  private transient HeldShards<LiveJoinShard> shards;
  private transient long rows;
  private transient long dropped;
  private transient long late;
  private transient long nanos;

  /**
   * @param number of the link
   */
  LiveJoinFn(PointInTimeJoin transform, int number) {
    this.transform = transform;
    this.number = number;
  }

  /** What waits holds the watermark at its own time, and so does what comes out. */
  @Override
  @SuppressWarnings({"deprecation", "InlineMeSuggester"}) // nothing else allows an earlier output
  public Duration getAllowedTimestampSkew() {
    return Duration.millis(Long.MAX_VALUE);
  }

  @Setup
  public void setup() {
    chain = transform.chain();
    link = chain.links().get(number);
    shards = new HeldShards<>();
  }

  @StartBundle
  public void startBundle() {
    rows = 0;
    dropped = 0;
    late = 0;
    nanos = 0;
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, KV<Integer, RecordBatch>> element,
      @StateId("state") ValueState<ShardState> state,
      @StateId("journal") MapState<Long, RecordBatch> journal,
      @StateId("plan") ValueState<Map<String, String>> planState,
      @TimerId("wake") Timer wake,
      OutputReceiver<RecordBatch> out) {
    int of = element.getValue().getKey();
    RecordBatch batch = element.getValue().getValue();
    if (element.getKey() < 0) { // rejects and facts, which only cross with the records
      out.output(batch);
      return;
    }
    long start = System.nanoTime();
    Held<LiveJoinShard> held = held(element.getKey(), state, journal, planState);
    LiveJoinShard shard = held.shard();
    boolean isLabels = of == SplitInputFn.LABELS;
    RecordBatch lateOnes =
        isLabels
            ? shard.addLabels(batch, HeldShards.journal(journal))
            : shard.addRecords(of, batch, HeldShards.journal(journal));
    int lateCount = lateOnes == null ? 0 : lateOnes.size();
    if (!isLabels) {
      LiveCounts.aggregated(batch.size() - lateCount);
    }
    if (lateOnes != null) {
      late += lateCount;
      LiveCounts.late(lateCount);
      out.output(isLabels ? lateLabels(lateOnes, shard) : lateRecords(lateOnes, of, shard));
    }
    written(held, state, wake);
    nanos += System.nanoTime() - start;
  }

  @OnTimer("wake")
  public void wake(
      OnTimerContext context,
      @Key Integer key,
      @StateId("state") ValueState<ShardState> state,
      @StateId("journal") MapState<Long, RecordBatch> journal,
      @StateId("plan") ValueState<Map<String, String>> planState,
      @TimerId("wake") Timer wake,
      OutputReceiver<RecordBatch> out) {
    long start = System.nanoTime();
    Held<LiveJoinShard> held = held(key, state, journal, planState);
    long complete = held.woken(context.fireTimestamp());
    held.shard().wake(complete, HeldShards.journal(journal), answers -> answered(answers, out));
    written(held, state, wake);
    nanos += System.nanoTime() - start;
  }

  /** Labels go on to the next link, and behind the last one out. */
  private void answered(RecordBatch answers, OutputReceiver<RecordBatch> out) {
    if (number < chain.links().size() - 1) {
      out.output(answers);
      return;
    }
    JoinedFlow flow = new JoinedFlow(transform, out::output);
    chain.finish(answers, flow);
    rows += flow.rows();
    dropped += flow.dropped();
    LiveCounts.aggregated(flow.rows());
  }

  private Held<LiveJoinShard> held(
      Integer key,
      ValueState<ShardState> state,
      MapState<Long, RecordBatch> journal,
      ValueState<Map<String, String>> planState) {
    return shards.get(
        key,
        state,
        saved -> {
          check(planState);
          LiveJoinShard shard = link.shard(transform.lateness(), transform.every());
          if (saved != null) {
            LiveJoinShard.Meta meta = new LiveJoinShard.Meta(saved.nextId(), saved.time());
            shard.restore(meta, HeldShards.batches(journal));
          }
          return shard;
        });
  }

  /** State of another join would give wrong rows. */
  private void check(ValueState<Map<String, String>> planState) {
    Map<String, String> now = transform.savedPlan(number);
    Map<String, String> before = planState.read();
    if (before == null) {
      planState.write(now);
    } else if (!now.equals(before)) {
      throw transform.refusal(SavedJoin.differing(before, now));
    }
  }

  private static void written(Held<LiveJoinShard> held, ValueState<ShardState> state, Timer wake) {
    LiveJoinShard shard = held.shard();
    LiveJoinShard.Meta meta = shard.meta();
    held.changed(meta.nextId(), meta.complete(), shard.nextWake(), shard.firstLabel(), state, wake);
  }

  private RecordBatch lateLabels(RecordBatch labels, LiveJoinShard shard) {
    return rejects(
        labels.project(transform.labelColumns()), // without features of links before
        transform.labelTime(),
        " comes after labels of its time were answered",
        shard);
  }

  private RecordBatch lateRecords(RecordBatch records, int group, LiveJoinShard shard) {
    String eventTime =
        transform.group(group) instanceof AsOfGroup asOf
            ? asOf.eventTime()
            : ((WindowGroup) transform.group(group)).aggregates().eventTime();
    String reason =
        " comes after labels were answered for which group '"
            + transform.group(group).name()
            + "' would have seen it";
    return rejects(records, eventTime, reason, shard);
  }

  private RecordBatch rejects(
      RecordBatch records, String timeColumn, String reason, LiveJoinShard shard) {
    Rejects.Builder rejects = transform.rejects();
    String progress =
        ", with the stream complete up to "
            + Micros.instant(shard.meta().complete())
            + " (lateness "
            + (transform.lateness() == 0 ? "0" : Spans.format(transform.lateness()))
            + ")";
    for (int row = 0; row < records.size(); row++) {
      String time = Micros.instant(records.longs(timeColumn).get(row)).toString();
      rejects.add(
          records,
          row,
          timeColumn,
          PointInTimeJoin.LATE,
          List.of(timeColumn),
          time,
          timeColumn + " " + time + reason + progress);
    }
    return rejects.build();
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    Facts.Builder facts =
        PointInTimeJoin.facts(0, rows, dropped, nanos).add(PointInTimeJoin.STEP, Facts.LATE, late);
    if (!facts.isEmpty()) {
      context.output(facts.build(), GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
    }
  }
}
