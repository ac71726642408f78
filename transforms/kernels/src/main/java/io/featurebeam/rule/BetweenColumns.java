package io.featurebeam.rule;

import static io.featurebeam.settings.Parameter.optional;
import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.Objects;

/**
 * A value lies between those of two other columns in the same record, as {@link ColumnOrder}
 * compares them. A null value passes, and a null bound is none, as a missing one in {@link
 * Between}. NaN lies between no bounds, and a bound that is NaN lets nothing pass. Bounds are
 * inclusive unless excluded.
 */
record BetweenColumns(
    String column, String minColumn, String maxColumn, boolean excludeMin, boolean excludeMax)
    implements Rule {

  BetweenColumns {
    Objects.requireNonNull(column, "column is null");
    Objects.requireNonNull(minColumn, "minColumn is null");
    Objects.requireNonNull(maxColumn, "maxColumn is null");
    if (column.equals(minColumn) || column.equals(maxColumn) || minColumn.equals(maxColumn)) {
      throw new IllegalArgumentException(
          "Invalid "
              + (column.equals(minColumn) ? "minColumn: '" + minColumn : "maxColumn: '" + maxColumn)
              + "' (value and bounds must be three columns)");
    }
  }

  @Override
  public String id() {
    return "between_columns("
        + column
        + ", "
        + (excludeMin ? ">" : "")
        + minColumn
        + ", "
        + (excludeMax ? "<" : "")
        + maxColumn
        + ")";
  }

  @Override
  public List<String> columns() {
    return List.of(column, minColumn, maxColumn);
  }

  private String requirement() {
    return excludeMin || excludeMax
        ? column
            + " must be "
            + (excludeMin ? "above " : "at least ")
            + minColumn
            + " and "
            + (excludeMax ? "below " : "at most ")
            + maxColumn
        : column + " must be between " + minColumn + " and " + maxColumn;
  }

  @Override
  public Checker bind(RecordSchema schema) {
    ColumnOrder withMin = ColumnOrder.of(id(), schema, column, minColumn);
    ColumnOrder withMax = ColumnOrder.of(id(), schema, column, maxColumn);
    return new ColumnsChecker(schema, columns(), requirement()) {
      @Override
      void test(Column[] columns, int size, long[] passes) {
        for (int row = 0; row < size; row++) {
          boolean passed = columns[0].isNull(row) || isWithin(columns, row);
          passes[row >> 6] |= (passed ? 1L : 0L) << row;
        }
      }

      private boolean isWithin(Column[] columns, int row) {
        int min = columns[1].isNull(row) ? 1 : withMin.compare(columns[0], columns[1], row);
        int max = columns[2].isNull(row) ? -1 : withMax.compare(columns[0], columns[2], row);
        return (min > 0 || (min == 0 && !excludeMin))
            && max != ColumnOrder.UNORDERED
            && (max < 0 || (max == 0 && !excludeMax));
      }
    };
  }

  /** Makes it usable in YAML. */
  public static final class Provider implements RuleProvider {
    @Override
    public String name() {
      return "between_columns";
    }

    @Override
    public String description() {
      return "A value lies between those of two other columns.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          required("column", Parameter.Kind.COLUMN, "A column of any type but lists."),
          required("minColumn", Parameter.Kind.COLUMN, "The column of the least value."),
          required("maxColumn", Parameter.Kind.COLUMN, "The column of the greatest value."),
          optional("excludeMin", Parameter.Kind.BOOLEAN, "Whether the least itself fails; false."),
          optional(
              "excludeMax", Parameter.Kind.BOOLEAN, "Whether the greatest itself fails; false."));
    }

    @Override
    public Rule create(Settings settings) {
      return new BetweenColumns(
          settings.string("column"),
          settings.string("minColumn"),
          settings.string("maxColumn"),
          settings.flag("excludeMin", false),
          settings.flag("excludeMax", false));
    }
  }
}
