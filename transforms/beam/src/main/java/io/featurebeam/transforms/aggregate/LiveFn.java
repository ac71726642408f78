package io.featurebeam.transforms.aggregate;

import io.featurebeam.aggregate.BoundAggregates;
import io.featurebeam.aggregate.LiveShard;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.time.Micros;
import io.featurebeam.time.Spans;
import io.featurebeam.transforms.records.BatchCoder;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.LiveCounts;
import io.featurebeam.transforms.records.Rejects;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
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
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
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

  /** A timer at the end of time would never fire. */
  private static final long LAST_TIMER = GlobalWindow.INSTANCE.maxTimestamp().getMillis();

  @StateId("state")
  private final StateSpec<ValueState<LiveState>> stateSpec =
      StateSpecs.value(new LiveState.Coder());

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
  private transient Map<Integer, Held> held;
  private transient long rows;
  private transient long late;
  private transient long nanos;

  /** A shard in memory, as of a version of its state. */
  private static final class Held {
    final LiveShard shard;
    long version;
    long wakesAt = Long.MAX_VALUE;
    boolean showsEarly;

    Held(LiveShard shard, long version) {
      this.shard = shard;
      this.version = version;
    }
  }

  LiveFn(AggregateRecords transform) {
    this.transform = transform;
  }

  @Setup
  public void setup() {
    plan = transform.plan();
    held = new HashMap<>();
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
      @StateId("state") ValueState<LiveState> state,
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
    Held one = held(element.getKey(), state, journal, planState);
    RecordBatch lateRecords =
        one.shard.add(element.getValue(), journal(journal), counting(out::output));
    int lateCount = lateRecords == null ? 0 : lateRecords.size();
    LiveCounts.aggregated(element.getValue().size() - lateCount);
    if (lateRecords != null) {
      late += lateCount;
      LiveCounts.late(lateCount);
      out.output(rejects(lateRecords, one.shard.meta().complete()));
    }
    written(one, state, wake);
    setEarly(one, early);
    nanos += System.nanoTime() - start;
  }

  @OnTimer("wake")
  public void wake(
      @Key Integer key,
      @Timestamp Instant time,
      @StateId("state") ValueState<LiveState> state,
      @StateId("journal") MapState<Long, RecordBatch> journal,
      @StateId("plan") ValueState<Map<String, String>> planState,
      @TimerId("wake") Timer wake,
      @TimerId("early") Timer early,
      OutputReceiver<RecordBatch> out) {
    long start = System.nanoTime();
    Held one = held(key, state, journal, planState);
    one.wakesAt = Long.MAX_VALUE;
    one.shard.wake(completeAt(time), journal(journal), counting(out::output));
    written(one, state, wake);
    setEarly(one, early);
    nanos += System.nanoTime() - start;
  }

  @OnTimer("early")
  public void early(
      @Key Integer key,
      @StateId("state") ValueState<LiveState> state,
      @StateId("journal") MapState<Long, RecordBatch> journal,
      @StateId("plan") ValueState<Map<String, String>> planState,
      @TimerId("wake") Timer wake,
      OutputReceiver<RecordBatch> out) {
    long start = System.nanoTime();
    Held one = held(key, state, journal, planState);
    one.showsEarly = false;
    one.shard.early(counting(out::output));
    written(one, state, wake);
    nanos += System.nanoTime() - start;
  }

  /** The timer is set while there is something to show, and holds no watermark. */
  private void setEarly(Held one, Timer early) {
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

  /** An event time is complete once the watermark has passed the millisecond that it is in. */
  private static long completeAt(Instant timer) {
    long millis = timer.getMillis();
    return millis >= LAST_TIMER ? Long.MAX_VALUE : millis * 1000 - 1;
  }

  private Held held(
      Integer key,
      ValueState<LiveState> state,
      MapState<Long, RecordBatch> journal,
      ValueState<Map<String, String>> planState) {
    LiveState saved = state.read();
    Held one = held.get(key);
    long version = saved == null ? 0 : saved.version();
    if (one == null || one.version != version) {
      check(planState);
      LiveShard shard = new LiveShard(plan, transform.lateness());
      if (saved != null) {
        Map<Long, RecordBatch> batches = new HashMap<>();
        journal.entries().read().forEach(e -> batches.put(e.getKey(), e.getValue()));
        shard.restore(saved.meta(), batches);
      }
      one = new Held(shard, version);
      held.put(key, one);
    }
    return one;
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

  private static void written(Held one, ValueState<LiveState> state, Timer wake) {
    do {
      one.version = ThreadLocalRandom.current().nextLong();
    } while (one.version == 0); // which means none
    state.write(new LiveState(one.shard.meta(), one.version));
    boolean isOver = one.shard.meta().complete() == Long.MAX_VALUE;
    if (one.shard.itemCount() > 0 && !isOver) {
      long millis = Math.min(LAST_TIMER, Math.floorDiv(one.shard.nextWake(), 1000L) + 1);
      if (millis != one.wakesAt) {
        one.wakesAt = millis;
        wake.set(
            Instant.ofEpochMilli(Math.max(millis, BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis())));
      }
    }
  }

  private static LiveShard.Journal journal(MapState<Long, RecordBatch> state) {
    return new LiveShard.Journal() {
      @Override
      public void put(long id, RecordBatch batch) {
        state.put(id, batch);
      }

      @Override
      public void remove(long id) {
        state.remove(id);
      }
    };
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
