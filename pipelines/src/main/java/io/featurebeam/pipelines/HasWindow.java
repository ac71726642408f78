package io.featurebeam.pipelines;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.rule.Checker;
import io.featurebeam.rule.ColumnChecker;
import io.featurebeam.rule.Rule;
import io.featurebeam.time.Micros;
import io.featurebeam.time.Spans;
import java.util.List;

/**
 * An event lies in a window whose end is a timestamp, as aggregates need. It does not within a
 * window of the end of the year 294247: {@code infinity} of some databases is such a time. Null
 * passes.
 *
 * @param column the event time
 * @param hop the length of the window, in microseconds
 * @param last the last time that passes, in microseconds
 */
record HasWindow(String column, long hop, long last) implements Rule {

  @Override
  public String id() {
    return "has_window(" + column + ", " + Spans.format(hop) + ")";
  }

  @Override
  public List<String> columns() {
    return List.of(column);
  }

  @Override
  public Checker bind(RecordSchema schema) {
    String requirement =
        "must be at most "
            + Micros.instant(last)
            + ": of a later time the window of "
            + Spans.format(hop)
            + " ends after the last timestamp there is";
    return new ColumnChecker(schema, column, requirement) {
      @Override
      protected void test(Column values, long[] passes) {
        long[] times = ((LongColumn) values).values();
        for (int i = 0; i < values.size(); i++) {
          passes[i >> 6] |= (times[i] <= last ? 1L : 0L) << i;
        }
      }
    };
  }
}
