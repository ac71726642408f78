package io.featurebeam.transforms.validate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.rule.Checker;
import io.featurebeam.rule.RecentKeys;
import io.featurebeam.rule.RuleCounter;
import io.featurebeam.rule.Validation;
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
import java.util.Objects;
import java.util.OptionalLong;
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
import org.joda.time.Instant;

/**
 * Of the records of a stream those that are no copies of ones before. The {@link RecentKeys} of
 * each shard live in memory; state holds their journals, which are written with every batch and
 * read only when a shard is not in memory as the state says: after a restart, or a retried bundle.
 */
final class KeepNew extends DoFn<KV<Integer, RecordBatch>, RecordBatch> {

  private static final long serialVersionUID = 1L;

  @StateId("state")
  private final StateSpec<ValueState<ShardState>> stateSpec =
      StateSpecs.value(new ShardState.Coder("deduplicate"));

  @StateId("journal")
  private final StateSpec<MapState<Long, RecordBatch>> journalSpec =
      StateSpecs.map(VarLongCoder.of(), BatchCoder.of());

  @TimerId("forget")
  private final TimerSpec forgetSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private final ValidateRecords.Plan plan;
  private final Validation unique;
  private final String eventTime;
  private final ValidateRecords.Horizon horizon;
  private transient Checker checker;
  private transient RuleCounter counter;
  private transient HeldShards<RecentKeys> shards;
  private transient long copies;
  private transient long late;
  private transient long nanos;

  KeepNew(ValidateRecords.Plan plan, Validation unique) {
    this.plan = plan;
    this.unique = unique;
    this.eventTime = Objects.requireNonNull(plan.eventTime(), "eventTime is null");
    this.horizon = Objects.requireNonNull(plan.horizon(), "horizon is null");
  }

  @Setup
  public void setup() {
    checker = unique.rule().bind(plan.schema());
    counter = new RuleCounter(unique, plan.isHidden(unique), Rejects.MASKED);
    shards = new HeldShards<>();
  }

  @StartBundle
  public void startBundle() {
    counter.take();
    copies = 0;
    late = 0;
    nanos = 0;
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, RecordBatch> element,
      @StateId("state") ValueState<ShardState> state,
      @StateId("journal") MapState<Long, RecordBatch> journal,
      @TimerId("forget") Timer forget,
      OutputReceiver<RecordBatch> out) {
    RecordBatch batch = element.getValue();
    if (element.getKey() < 0) { // rejects and facts, which only cross with the records
      out.output(batch);
      return;
    }
    long start = System.nanoTime();
    Held<RecentKeys> held = held(element.getKey(), state, journal);
    RecentKeys.Verdict verdict = held.shard().add(batch, HeldShards.journal(journal));
    Bitmap isNew = verdict.accepted();
    Bitmap noCopies = isNew.or(verdict.late());
    counter.add(batch, noCopies, checker);
    int lateCount = verdict.late().cardinality();
    int copyCount = batch.size() - noCopies.cardinality();
    late += lateCount;
    copies += copyCount;
    LiveCounts.late(lateCount);
    LiveCounts.duplicate(copyCount);
    RecordBatch rejects =
        lateCount + copyCount == 0
            ? null
            : rejects(batch, noCopies, verdict.late(), held.shard().meta().forgotten());
    written(held, state, forget);
    nanos += System.nanoTime() - start;
    if (rejects != null) {
      out.output(rejects);
    }
    if (!isNew.isEmpty()) {
      out.output(isNew.isAllSet() ? batch : batch.select(isNew));
    }
  }

  @OnTimer("forget")
  public void forget(
      @Key Integer key,
      @Timestamp Instant time,
      @StateId("state") ValueState<ShardState> state,
      @StateId("journal") MapState<Long, RecordBatch> journal,
      @TimerId("forget") Timer forget) {
    long start = System.nanoTime();
    Held<RecentKeys> held = held(key, state, journal);
    held.shard().wake(held.woken(time), HeldShards.journal(journal));
    written(held, state, forget);
    nanos += System.nanoTime() - start;
  }

  private Held<RecentKeys> held(
      Integer key, ValueState<ShardState> state, MapState<Long, RecordBatch> journal) {
    return shards.get(
        key,
        state,
        saved -> {
          RecentKeys keys =
              new RecentKeys(
                  plan.schema(),
                  unique.rule().columns(),
                  eventTime,
                  horizon.within(),
                  horizon.lateness());
          if (saved != null) {
            RecentKeys.Meta meta = new RecentKeys.Meta(saved.nextId(), saved.time());
            keys.restore(meta, HeldShards.batches(journal));
          }
          return keys;
        });
  }

  private static void written(Held<RecentKeys> held, ValueState<ShardState> state, Timer forget) {
    RecentKeys keys = held.shard();
    RecentKeys.Meta meta = keys.meta();
    OptionalLong nextWake =
        keys.size() > 0 ? OptionalLong.of(keys.nextWake()) : OptionalLong.empty();
    held.changed(meta.nextId(), meta.forgotten(), nextWake, state, forget);
  }

  private RecordBatch rejects(RecordBatch batch, Bitmap noCopies, Bitmap late, long forgotten) {
    Rejects.Builder rejects = plan.rejects();
    for (int row : noCopies.not().indexes()) {
      rejects.add(
          batch,
          row,
          eventTime,
          unique.rule().id(),
          unique.rule().columns(),
          checker.observed(batch, row),
          checker.reason(batch, row));
    }
    for (int row : late.indexes()) {
      String time = Micros.instant(batch.longs(eventTime).get(row)).toString();
      String reason =
          " comes too late to be told from copies: those up to "
              + Micros.instant(forgotten)
              + " are forgotten (within "
              + Spans.format(horizon.within())
              + ")";
      rejects.add(
          batch,
          row,
          eventTime,
          ValidateRecords.LATE,
          List.of(eventTime),
          time,
          eventTime + " " + time + reason);
    }
    return rejects.build();
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    Facts.Builder facts = new Facts.Builder();
    facts
        .add(plan.step(), Facts.RECORDS_OUT, -copies - late) // came out of this step before
        .add(plan.step(), Facts.REJECTED, copies)
        .add(plan.step(), Facts.LATE, late)
        .add(plan.step(), Facts.NANOS, nanos);
    var count = counter.take();
    if (count.checked() > 0) {
      facts.add(plan.step(), ValidateRecords.RULE_COUNT, RuleCounts.toBytes(count));
    }
    if (!facts.isEmpty()) {
      context.output(facts.build(), GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
    }
  }
}
