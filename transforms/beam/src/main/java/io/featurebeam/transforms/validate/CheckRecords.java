package io.featurebeam.transforms.validate;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.rule.RuleCount;
import io.featurebeam.rule.RuleCounter;
import io.featurebeam.rule.RuleSet;
import io.featurebeam.rule.Validation;
import io.featurebeam.transforms.records.Facts;
import io.featurebeam.transforms.records.FlowFn;
import io.featurebeam.transforms.records.LiveCounts;
import io.featurebeam.transforms.records.Rejects;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;

/** All rules that judge a record alone, in one pass over each batch. */
final class CheckRecords extends FlowFn {

  private static final long serialVersionUID = 1L;

  /** The records that did not go on, counted per attempt: what progress shows. */
  static final String RECORDS_REJECTED = "records_rejected";

  private final Counter rejected = Metrics.counter(ValidateRecords.class, RECORDS_REJECTED);

  private final ValidateRecords.Plan plan;
  private transient RuleSet.Bound rules;
  private transient Rejects.Builder rejects;
  private transient List<RuleCounter> counters;

  CheckRecords(ValidateRecords.Plan plan) {
    super(plan.step(), true);
    this.plan = plan;
  }

  @Setup
  public void setup() {
    rules = plan.rules().bind(plan.schema());
    rejects = plan.rejects();
    counters =
        rules.validations().stream()
            .map(v -> new RuleCounter(v, plan.isHidden(v), Rejects.MASKED))
            .toList();
  }

  @Override
  protected void records(RecordBatch batch, Consumer<RecordBatch> out) {
    RuleSet.Verdict verdict = rules.check(batch);
    for (int rule = 0; rule < counters.size(); rule++) {
      counters.get(rule).add(batch, verdict.passed().get(rule), rules.checker(rule));
    }
    int accepted = verdict.accepted().cardinality();
    if (accepted < batch.size()) {
      rejected.inc(batch.size() - accepted);
      LiveCounts.rejected(batch.size() - accepted);
      out.accept(rejects(batch, verdict));
    }
    if (accepted > 0) {
      out.accept(batch.select(verdict.accepted()));
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

  @Override
  protected void addFacts(Facts.Builder facts) {
    for (RuleCounter counter : counters) {
      RuleCount count = counter.take();
      if (count.checked() > 0) {
        facts.add(step(), ValidateRecords.RULE_COUNT, RuleCounts.toBytes(count));
      }
    }
  }
}
