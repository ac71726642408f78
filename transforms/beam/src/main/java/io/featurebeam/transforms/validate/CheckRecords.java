package io.featurebeam.transforms.validate;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.rule.RuleCount;
import io.featurebeam.rule.RuleCounter;
import io.featurebeam.rule.RuleSet;
import io.featurebeam.rule.Validation;
import io.featurebeam.transforms.records.Rejects;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** All rules that judge a record alone, in one pass over each batch. */
final class CheckRecords extends DoFn<RecordBatch, RecordBatch> {

  private static final long serialVersionUID = 1L;

  /** The records that went on, counted per attempt. */
  static final String RECORDS_VALID = "records_valid";

  /** The records that did not, counted per attempt. */
  static final String RECORDS_REJECTED = "records_rejected";

  private final Counter valid = Metrics.counter(ValidateRecords.class, RECORDS_VALID);
  private final Counter rejected = Metrics.counter(ValidateRecords.class, RECORDS_REJECTED);

  private final ValidateRecords.Plan plan;
  private transient RuleSet.Bound rules;
  private transient Rejects.Builder rejects;
  private transient List<RuleCounter> counters;
  private transient @Nullable Instant latest;

  CheckRecords(ValidateRecords.Plan plan) {
    this.plan = plan;
  }

  @Setup
  public void setup() {
    rules = plan.rules().bind(plan.schema());
  }

  @StartBundle
  public void startBundle() {
    rejects = plan.rejects();
    counters =
        rules.validations().stream()
            .map(v -> new RuleCounter(v, plan.isHidden(v), Rejects.MASKED))
            .toList();
    latest = null;
  }

  @ProcessElement
  public void process(
      @Element RecordBatch batch, @Timestamp Instant time, MultiOutputReceiver out) {
    RuleSet.Verdict verdict = rules.check(batch);
    for (int rule = 0; rule < counters.size(); rule++) {
      counters.get(rule).add(batch, verdict.passed().get(rule), rules.checker(rule));
    }
    latest = latest == null || time.isAfter(latest) ? time : latest;
    int accepted = verdict.accepted().cardinality();
    valid.inc(accepted);
    if (accepted > 0) {
      out.get(ValidateRecords.VALID).output(batch.select(verdict.accepted()));
    }
    if (accepted < batch.size()) {
      rejected.inc(batch.size() - accepted);
      out.get(ValidateRecords.REJECTED).output(rejects(batch, verdict));
    }
  }

  private RecordBatch rejects(RecordBatch batch, RuleSet.Verdict verdict) {
    for (int row : verdict.accepted().not().indexes()) {
      int decided = verdict.decidingRule(row);
      Validation validation = rules.validations().get(decided);
      rejects.add(
          batch,
          row,
          plan.eventTime(),
          validation.rule().id(),
          validation.rule().columns(),
          rules.checker(decided).observed(batch, row),
          rules.checker(decided).reason(batch, row));
    }
    return rejects.build();
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    if (latest == null) {
      return;
    }
    for (RuleCounter counter : counters) {
      RuleCount count = counter.take();
      if (count.checked() > 0) {
        context.output(ValidateRecords.COUNTS, count, latest, GlobalWindow.INSTANCE);
      }
    }
  }
}
