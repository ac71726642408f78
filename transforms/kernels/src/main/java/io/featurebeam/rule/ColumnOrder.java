package io.featurebeam.rule;

import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;

/**
 * How the values of two columns compare: numbers as numbers, an int64 with a float64 exactly; times
 * of one type; text by code points, bytes as unsigned; false before true. 0.0 and -0.0 are equal,
 * and NaN is {@link #UNORDERED} with everything.
 */
abstract class ColumnOrder {

  /** What comparing with NaN gives. */
  static final int UNORDERED = Integer.MIN_VALUE;

  private ColumnOrder() {}

  /** Negative, 0 or positive as the left value comes before, is equal, or comes after. */
  abstract int compare(Column left, Column right, int row);

  /** The order for two columns of a schema, or the error of a rule that cannot compare them. */
  static ColumnOrder of(String rule, RecordSchema schema, String left, String right) {
    FieldType a = schema.field(left).type();
    FieldType b = schema.field(right).type();
    if (a.kind() == FieldType.Kind.LIST) {
      throw Literals.cannotJudge(rule, left, a, "must not be a list");
    }
    if (a.isNumeric() && b.isNumeric() && !a.equals(b)) {
      return a.kind() == FieldType.Kind.INT64 ? LONG_DOUBLE : DOUBLE_LONG;
    }
    if (!a.equals(b)) {
      throw new IllegalArgumentException(
          "Rule "
              + rule
              + " cannot compare column '"
              + left
              + "' of "
              + a
              + " with '"
              + right
              + "' of "
              + b
              + " (must be of one type, or both numbers)");
    }
    return switch (a.storage()) {
      case LONG -> LONGS;
      case DOUBLE -> DOUBLES;
      case BYTES -> TEXTS;
      case BOOLEAN -> BOOLEANS;
      case LIST -> throw new IllegalStateException("A list");
    };
  }

  private static final ColumnOrder LONGS =
      new ColumnOrder() {
        @Override
        int compare(Column left, Column right, int row) {
          return Long.compare(((LongColumn) left).get(row), ((LongColumn) right).get(row));
        }
      };

  private static final ColumnOrder DOUBLES =
      new ColumnOrder() {
        @Override
        int compare(Column left, Column right, int row) {
          double a = ((DoubleColumn) left).get(row);
          double b = ((DoubleColumn) right).get(row);
          return a < b ? -1 : a > b ? 1 : a == b ? 0 : UNORDERED;
        }
      };

  private static final ColumnOrder LONG_DOUBLE =
      new ColumnOrder() {
        @Override
        int compare(Column left, Column right, int row) {
          return ColumnOrder.compare(((LongColumn) left).get(row), ((DoubleColumn) right).get(row));
        }
      };

  private static final ColumnOrder DOUBLE_LONG =
      new ColumnOrder() {
        @Override
        int compare(Column left, Column right, int row) {
          int turned = LONG_DOUBLE.compare(right, left, row);
          return turned == UNORDERED ? UNORDERED : -turned;
        }
      };

  private static final ColumnOrder TEXTS =
      new ColumnOrder() {
        @Override
        int compare(Column left, Column right, int row) {
          BytesColumn a = (BytesColumn) left;
          BytesColumn b = (BytesColumn) right;
          return Integer.signum(a.slices().compare(a.code(row), b.slices(), b.code(row)));
        }
      };

  private static final ColumnOrder BOOLEANS =
      new ColumnOrder() {
        @Override
        int compare(Column left, Column right, int row) {
          return Boolean.compare(((BooleanColumn) left).get(row), ((BooleanColumn) right).get(row));
        }
      };

  /** Exact: as float64, an int64 above 2^53 would be rounded. */
  static int compare(long a, double b) {
    if (Double.isNaN(b)) {
      return UNORDERED;
    }
    if (b >= 0x1p63 || b < -0x1p63) {
      return b > 0 ? -1 : 1;
    }
    long whole = (long) b;
    return a != whole ? Long.compare(a, whole) : Double.compare(0, b - whole + 0.0);
  }
}
