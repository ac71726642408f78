package io.featurebeam.transforms.aggregate;

import io.featurebeam.aggregate.BoundAggregates;
import io.featurebeam.aggregate.LiveShard;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.time.Micros;
import io.featurebeam.time.Spans;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.HeldShards;
import io.featurebeam.transforms.records.HeldShards.Held;
import io.featurebeam.transforms.records.LiveCounts;
import io.featurebeam.transforms.records.Rejects;
import io.featurebeam.transforms.records.ShardState;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
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
import org.joda.time.Instant;

/**
 * Keeps the {@link LiveShard} of each key it is given. The shards live in memory; state holds their
 * journals, which are written with every batch and read only when a shard is not in memory as the
 * state says: after a restart, or a retried bundle.
 */
final class LiveFn extends DoFn<KV<Integer, RecordBatch>, RecordBatch> {

  private static final long serialVersionUID = 1L;

  @StateId("state")
  private final StateSpec<ValueState<ShardState>> stateSpec =
      StateSpecs.value(new ShardState.Coder(AggregateRecords.STEP));

  @StateId("journal")
  private final StateSpec<MapState<Long, RecordBatch>> journalSpec =
      StateSpecs.map(VarLongCoder.of(), BatchCoder.of());

  /** Which plan the state is of; written when a shard begins and read when it is not in memory. */
  @StateId("plan")
  private final StateSpec<ValueState<Map<String, String>>> planSpec =
      StateSpecs.value(MapCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of()));

  @TimerId("wake")
  private final TimerSpec wakeSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  @TimerId("early")
  private final TimerSpec earlySpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  private final AggregateRecords transform;
  private final Clock clock = Clock.systemUTC();
  private transient BoundAggregates plan;
  private transient HeldShards<Live> shards;
  private transient long rows;
  private transient long late;
  private transient long nanos;

  /** A shard, and whether a timer is set that shows its rows early. */
  private static final class Live {
    final LiveShard shard;
    boolean showsEarly;

    Live(LiveShard shard) {
      this.shard = shard;
    }
  }

  LiveFn(AggregateRecords transform) {
    this.transform = transform;
  }

  @Setup
  public void setup() {
    plan = transform.plan();
    shards = new HeldShards<>();
  }

  @StartBundle
  public void startBundle() {
    rows = 0;
    late = 0;
    nanos = 0;
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, RecordBatch> element,
      @StateId("state") ValueState<ShardState> state,
      @StateId("journal") MapState<Long, RecordBatch> journal,
      @StateId("plan") ValueState<Map<String, String>> planState,
      @TimerId("wake") Timer wake,
      @TimerId("early") Timer early,
      OutputReceiver<RecordBatch> out) {
    if (element.getKey() < 0) { // rejects and facts, which only cross with the records
      out.output(element.getValue());
      return;
    }
    long start = System.nanoTime();
    Held<Live> held = held(element.getKey(), state, journal, planState);
    LiveShard shard = held.shard().shard;
    RecordBatch lateRecords =
        shard.add(element.getValue(), HeldShards.journal(journal), counting(out::output));
    int lateCount = lateRecords == null ? 0 : lateRecords.size();
    LiveCounts.aggregated(element.getValue().size() - lateCount);
    if (lateRecords != null) {
      late += lateCount;
      LiveCounts.late(lateCount);
      out.output(rejects(lateRecords, shard.meta().complete()));
    }
    written(held, state, wake);
    setEarly(held.shard(), early);
    nanos += System.nanoTime() - start;
  }

  @OnTimer("wake")
  public void wake(
      @Key Integer key,
      @Timestamp Instant time,
      @StateId("state") ValueState<ShardState> state,
      @StateId("journal") MapState<Long, RecordBatch> journal,
      @StateId("plan") ValueState<Map<String, String>> planState,
      @TimerId("wake") Timer wake,
      @TimerId("early") Timer early,
      OutputReceiver<RecordBatch> out) {
    long start = System.nanoTime();
    Held<Live> held = held(key, state, journal, planState);
    long complete = held.woken(time);
    held.shard().shard.wake(complete, HeldShards.journal(journal), counting(out::output));
    written(held, state, wake);
    setEarly(held.shard(), early);
    nanos += System.nanoTime() - start;
  }

  @OnTimer("early")
  public void early(
      @Key Integer key,
      @StateId("state") ValueState<ShardState> state,
      @StateId("journal") MapState<Long, RecordBatch> journal,
      @StateId("plan") ValueState<Map<String, String>> planState,
      @TimerId("wake") Timer wake,
      OutputReceiver<RecordBatch> out) {
    long start = System.nanoTime();
    Held<Live> held = held(key, state, journal, planState);
    held.shard().showsEarly = false;
    held.shard().shard.early(counting(out::output));
    written(held, state, wake);
    nanos += System.nanoTime() - start;
  }

  /** The timer is set while there is something to show, and holds no watermark. */
  private void setEarly(Live one, Timer early) {
    if (transform.early() == 0) {
      return;
    }
    boolean isOver = one.shard.meta().complete() == Long.MAX_VALUE;
    if (isOver || (one.showsEarly && !one.shard.hasEarly())) {
      early.clear();
      one.showsEarly = false;
    } else if (one.shard.hasEarly() && !one.showsEarly) {
      early
          .offset(Duration.millis(Math.max(1, transform.early() / 1000)))
          .withOutputTimestamp(GlobalWindow.INSTANCE.maxTimestamp())
          .setRelative();
      one.showsEarly = true;
    }
  }

  private Held<Live> held(
      Integer key,
      ValueState<ShardState> state,
      MapState<Long, RecordBatch> journal,
      ValueState<Map<String, String>> planState) {
    return shards.get(
        key,
        state,
        saved -> {
          check(planState);
          LiveShard shard = new LiveShard(plan, transform.lateness());
          if (saved != null) {
            LiveShard.Meta meta = new LiveShard.Meta(saved.nextId(), saved.time());
            shard.restore(meta, HeldShards.batches(journal));
          }
          return new Live(shard);
        });
  }

  /** State of another spec would give wrong rows. */
  private void check(ValueState<Map<String, String>> planState) {
    Map<String, String> now = transform.savedPlan();
    Map<String, String> before = planState.read();
    if (before != null) {
      List<String> differing = SavedPlan.differing(before, now);
      if (!differing.isEmpty()) {
        throw transform.refusal(differing);
      }
    }
    if (!now.equals(before)) {
      planState.write(now);
    }
  }

  private static void written(Held<Live> held, ValueState<ShardState> state, Timer wake) {
    LiveShard shard = held.shard().shard;
    LiveShard.Meta meta = shard.meta();
    boolean waits = shard.itemCount() > 0 && meta.complete() != Long.MAX_VALUE;
    OptionalLong nextWake = waits ? OptionalLong.of(shard.nextWake()) : OptionalLong.empty();
    held.changed(meta.nextId(), meta.complete(), nextWake, state, wake);
  }

  private Consumer<RecordBatch> counting(Consumer<RecordBatch> out) {
    return batch -> {
      rows += batch.size();
      out.accept(batch);
    };
  }

  private RecordBatch rejects(RecordBatch records, long complete) {
    String eventTime = plan.spec().eventTime();
    Rejects.Builder rejects =
        new Rejects.Builder(AggregateRecords.STEP, transform.masked(), clock.millis() * 1000);
    String reason =
        "comes after rows of its time were closed, with the stream complete up to "
            + Micros.instant(complete)
            + " (lateness "
            + (transform.lateness() == 0 ? "0" : Spans.format(transform.lateness()))
            + ")";
    for (int row = 0; row < records.size(); row++) {
      String time = Micros.instant(records.longs(eventTime).get(row)).toString();
      rejects.add(
          records,
          row,
          eventTime,
          AggregateRecords.LATE,
          List.of(eventTime),
          time,
          eventTime + " " + time + " " + reason);
    }
    return rejects.build();
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    Facts.Builder facts = new Facts.Builder();
    facts
        .add(AggregateRecords.STEP, Facts.RECORDS_OUT, rows)
        .add(AggregateRecords.STEP, Facts.LATE, late)
        .add(AggregateRecords.STEP, Facts.NANOS, nanos);
    if (transform.isTelling() && !facts.isEmpty()) {
      context.output(facts.build(), GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
    }
  }
}
