package io.featurebeam.pipelines;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.pipelines.spec.Times;
import io.featurebeam.rule.Checker;
import io.featurebeam.rule.ColumnChecker;
import io.featurebeam.rule.Rule;
import io.featurebeam.time.Spans;
import java.util.List;

/**
 * A label is known by a time: its own is at most the horizon before that. Null passes.
 *
 * @param column the label's time
 * @param horizon how long after its time it is known, in microseconds
 * @param asOf the time by which it must be, in microseconds
 */
record KnownBy(String column, long horizon, long asOf) implements Rule {

  @Override
  public String id() {
    return "known_by(" + column + ", " + Times.format(asOf) + ")";
  }

  @Override
  public List<String> columns() {
    return List.of(column);
  }

  @Override
  public Checker bind(RecordSchema schema) {
    long last = asOf - horizon;
    boolean none = last > asOf; // overflows: no label is known by then
    String requirement =
        "must be at most "
            + Times.format(none ? Long.MIN_VALUE : last)
            + ": a label is known only "
            + Spans.format(horizon)
            + " after its time";
    return new ColumnChecker(schema, column, requirement) {
      @Override
      protected void test(Column values, long[] passes) {
        long[] times = ((LongColumn) values).values();
        for (int i = 0; i < values.size(); i++) {
          passes[i >> 6] |= (!none && times[i] <= last ? 1L : 0L) << i;
        }
      }
    };
  }
}
