package io.featurebeam.rule;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds up the {@link RuleCount} of one rule, batch by batch. A failing record costs more than a bit
 * only while it may become a sample.
 */
public final class RuleCounter {

  private static final int SLACK = 16;

  private final Validation validation;
  private final boolean hidden;
  private final String hiddenAs;
  private final List<RuleCount.Sample> pending = new ArrayList<>();
  private RuleCount count;

  /**
   * @param hidden whether the rule reads a masked column, so that no value may be seen
   * @param hiddenAs what stands in the place of such values
   */
  public RuleCounter(Validation validation, boolean hidden, String hiddenAs) {
    this.validation = validation;
    this.hidden = hidden;
    this.hiddenAs = hiddenAs;
    this.count = RuleCount.none(validation);
  }

  /** Counts the records of a batch, of which those in {@code passed} satisfy the rule. */
  public void add(RecordBatch batch, Bitmap passed, Checker checker) {
    int failed = batch.size() - passed.cardinality();
    add(batch.size(), failed);
    if (failed == 0) {
      return;
    }
    if (hidden) {
      pending.add(new RuleCount.Sample(hiddenAs, "", -1));
      settle();
      return;
    }
    Positions positions = batch.positions();
    for (int row : passed.not().indexes()) {
      if (mayBeSample(positions, row)) {
        pending.add(
            new RuleCount.Sample(
                checker.observed(batch, row), positions.source(row), positions.place(row)));
        if (pending.size() >= SLACK) {
          settle();
        }
      }
    }
    settle();
  }

  /** Whether a value read here would come before the last of the samples, if these are complete. */
  private boolean mayBeSample(Positions positions, int row) {
    if (count.samples().size() < RuleCount.MAX_SAMPLES) {
      return true;
    }
    RuleCount.Sample last = count.samples().get(RuleCount.MAX_SAMPLES - 1);
    int bySource = positions.source(row).compareTo(last.source());
    return bySource < 0 || (bySource == 0 && positions.place(row) <= last.place());
  }

  private void add(long checked, long failed) {
    count =
        count.plus(
            new RuleCount(validation.rule().id(), validation.onFail(), checked, failed, List.of()));
  }

  private void settle() {
    count =
        count.plus(
            new RuleCount(validation.rule().id(), validation.onFail(), 0, 0, List.copyOf(pending)));
    pending.clear();
  }

  /** The count so far; the counter starts anew. */
  public RuleCount take() {
    RuleCount taken = count;
    count = RuleCount.none(validation);
    return taken;
  }
}
