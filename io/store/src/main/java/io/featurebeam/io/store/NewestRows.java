package io.featurebeam.io.store;

import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.expression.Condition;
import io.featurebeam.io.lookup.LatestRows;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a flow a store keeps.
 *
 * @param plan where in rows the group's columns are, and which row of a key is the newest
 * @param where only rows for which it is true; null for all
 * @param handsOn whether records go on, all of them, to an output behind this one
 */
public record NewestRows(LatestRows.Plan plan, @Nullable Condition where, boolean handsOn)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  public NewestRows {
    Objects.requireNonNull(plan, "plan is null");
  }

  /** All rows, and none goes on. */
  public static NewestRows of(LatestRows.Plan plan) {
    return new NewestRows(plan, null, false);
  }

  /** The columns of the event itself: see {@link LatestRows.Plan#own()}. */
  public NewestRows withOwn(List<String> columns) {
    LatestRows.Plan own =
        LatestRows.Plan.of(plan.group(), plan.schema(), plan.eventTime(), columns);
    return new NewestRows(own, where, handsOn);
  }

  /** Only the rows for which a condition over the plan's columns is true. */
  public NewestRows withWhere(String cel) {
    return new NewestRows(plan, Condition.of(cel, plan.schema()), handsOn);
  }

  public NewestRows handingOn() {
    return new NewestRows(plan, where, true);
  }

  RecordBatch chosen(RecordBatch batch) {
    return where == null ? batch : where.keep(batch);
  }
}
