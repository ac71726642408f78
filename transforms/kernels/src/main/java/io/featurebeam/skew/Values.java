package io.featurebeam.skew;

import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.LongColumn;

/** When two values of a column are the same: null is null, NaN is NaN, 0.0 is -0.0. */
final class Values {

  private Values() {}

  static boolean same(Column column, int a, int b) {
    if (column.isNull(a) || column.isNull(b)) {
      return column.isNull(a) && column.isNull(b);
    }
    if (column instanceof LongColumn c) {
      return c.get(a) == c.get(b);
    } else if (column instanceof DoubleColumn c) {
      return c.get(a) == c.get(b) || (Double.isNaN(c.get(a)) && Double.isNaN(c.get(b)));
    } else if (column instanceof BooleanColumn c) {
      return c.get(a) == c.get(b);
    } else if (column instanceof BytesColumn c) {
      return c.slices().equal(c.code(a), c.slices(), c.code(b));
    }
    ListColumn list = (ListColumn) column;
    int length = list.end(a) - list.start(a);
    if (length != list.end(b) - list.start(b)) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (!same(list.elements(), list.start(a) + i, list.start(b) + i)) {
        return false;
      }
    }
    return true;
  }
}
