package io.featurebeam.transforms.validate;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.rule.Checker;
import io.featurebeam.rule.RowKeys;
import io.featurebeam.rule.RuleCounter;
import io.featurebeam.rule.Validation;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.Rejects;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.jspecify.annotations.Nullable;

/**
 * Of the records of a shard with one key the first, or with a horizon those that are no copies; the
 * others break the unique rule.
 */
final class KeepFirst extends DoFn<KV<Integer, Iterable<RecordBatch>>, RecordBatch> {

  private static final long serialVersionUID = 1L;

  private final ValidateRecords.Plan plan;
  private final Validation unique;
  private transient Checker checker;

  KeepFirst(ValidateRecords.Plan plan, Validation unique) {
    this.plan = plan;
    this.unique = unique;
  }

  @Setup
  public void setup() {
    checker = unique.rule().bind(plan.schema());
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, Iterable<RecordBatch>> shard, OutputReceiver<RecordBatch> out) {
    if (shard.getKey() < 0) { // rejects and facts, which only cross with the records
      shard.getValue().forEach(out::output);
      return;
    }
    long start = System.nanoTime();
    List<RecordBatch> batches = new ArrayList<>();
    shard.getValue().forEach(batches::add);
    Bitmap firsts = firsts(batches);
    RuleCounter counter = new RuleCounter(unique, plan.isHidden(unique), Rejects.MASKED);
    List<RecordBatch> results = new ArrayList<>();
    long kept = 0;
    int at = 0;
    for (RecordBatch batch : batches) {
      Bitmap passed = firsts.slice(at, at + batch.size());
      at += batch.size();
      counter.add(batch, passed, checker);
      boolean stay = !unique.onFail().rejects() || passed.isAllSet();
      RecordBatch valid = stay ? batch : batch.select(passed);
      kept += valid.size();
      if (valid.size() > 0) {
        results.add(valid);
      }
      if (!stay) {
        results.add(rejects(batch, passed));
      }
    }
    results.add(
        new Facts.Builder()
            .add(plan.step(), Facts.RECORDS_OUT, kept - at) // came out of this step before
            .add(plan.step(), Facts.REJECTED, at - kept)
            .add(plan.step(), Facts.NANOS, System.nanoTime() - start)
            .add(plan.step(), ValidateRecords.RULE_COUNT, RuleCounts.toBytes(counter.take()))
            .build());
    results.forEach(out::output);
  }

  /** The first of each key by event time, position and content, so that arrival does not matter. */
  private Bitmap firsts(List<RecordBatch> batches) {
    Set<String> needed = new LinkedHashSet<>(unique.rule().columns());
    String eventTime = plan.eventTime();
    if (eventTime != null) {
      needed.add(eventTime);
    }
    RecordBatch all = RecordBatch.concat(batches.stream().map(b -> b.project(needed)).toList());
    long[] content = new long[all.size()];
    int at = 0;
    for (RecordBatch batch : batches) {
      System.arraycopy(RowKeys.hashes(batch.columns(), batch.size()), 0, content, at, batch.size());
      at += batch.size();
    }
    @Nullable LongColumn time = eventTime == null ? null : all.longs(eventTime);
    Positions positions = all.positions();
    List<Column> keys = unique.rule().columns().stream().map(all::column).toList();
    RowKeys rows = RowKeys.of(keys, all.size());
    RowKeys.Order order =
        (a, b) -> {
          int byTime = time == null ? 0 : Long.compare(time(time, a), time(time, b));
          if (byTime != 0) {
            return byTime;
          }
          int bySource = positions.source(a).compareTo(positions.source(b));
          if (bySource != 0) {
            return bySource;
          }
          int byPlace = Long.compare(positions.place(a), positions.place(b));
          return byPlace != 0 ? byPlace : Long.compare(content[a], content[b]);
        };
    ValidateRecords.Horizon horizon = plan.horizon();
    if (horizon == null || time == null) {
      return rows.firsts(order);
    }
    long[] times = new long[all.size()];
    Arrays.setAll(times, row -> time(time, row));
    return rows.firsts(order, times, horizon.within());
  }

  /** A record without an event time comes last. */
  private static long time(LongColumn column, int row) {
    return column.isNull(row) ? Long.MAX_VALUE : column.get(row);
  }

  private RecordBatch rejects(RecordBatch batch, Bitmap passed) {
    Rejects.Builder rejects = plan.rejects();
    for (int row : passed.not().indexes()) {
      rejects.add(
          batch,
          row,
          plan.eventTime(),
          unique.rule().id(),
          unique.rule().columns(),
          checker.observed(batch, row),
          checker.reason(batch, row));
    }
    return rejects.build();
  }
}
