package io.featurebeam.rule;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Set;

/**
 * The values of some columns all differ within a record, as {@link ColumnOrder} compares them. A
 * null equals no other, so a record of nulls passes; NaN equals NaN, as in {@link Unique}.
 */
record UniqueWithinRecord(List<String> columns) implements Rule {

  UniqueWithinRecord {
    columns = List.copyOf(columns);
    if (Set.copyOf(columns).size() < Math.max(2, columns.size())) {
      throw new IllegalArgumentException(
          "Invalid columns: " + columns + " (must be at least two, none twice)");
    }
  }

  @Override
  public String id() {
    return "unique_within_record(" + String.join(", ", columns) + ")";
  }

  @Override
  public Checker bind(RecordSchema schema) {
    int count = columns.size();
    ColumnOrder[][] orders = new ColumnOrder[count][count];
    for (int a = 0; a < count; a++) {
      for (int b = a + 1; b < count; b++) {
        orders[a][b] = ColumnOrder.of(id(), schema, columns.get(a), columns.get(b));
      }
    }
    String requirement = String.join(", ", columns) + " must all differ";
    return new ColumnsChecker(schema, columns, requirement) {
      @Override
      void test(Column[] values, int size, long[] passes) {
        for (int row = 0; row < size; row++) {
          passes[row >> 6] |= (differ(values, row) ? 1L : 0L) << row;
        }
      }

      private boolean differ(Column[] values, int row) {
        for (int a = 0; a < count; a++) {
          if (values[a].isNull(row)) {
            continue;
          }
          for (int b = a + 1; b < count; b++) {
            if (!values[b].isNull(row)
                && (orders[a][b].compare(values[a], values[b], row) == 0
                    || (isNaN(values[a], row) && isNaN(values[b], row)))) {
              return false;
            }
          }
        }
        return true;
      }
    };
  }

  private static boolean isNaN(Column column, int row) {
    return column instanceof DoubleColumn doubles && Double.isNaN(doubles.get(row));
  }

  /** Makes it usable in YAML. */
  public static final class Provider extends ColumnsRuleProvider {
    public Provider() {
      super(
          "unique_within_record",
          "The values of some columns all differ within a record.",
          "Two or more columns of one type, or of numbers.",
          UniqueWithinRecord::new);
    }
  }
}
