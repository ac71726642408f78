package io.featurebeam.profile;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;

/** What is gathered of two number columns together: of the records in which both are finite. */
final class PairStats {

  private final int first;
  private final int second;
  private long count;
  private final DoubleDoubleSum x = new DoubleDoubleSum();
  private final DoubleDoubleSum y = new DoubleDoubleSum();
  private final DoubleDoubleSum squaresOfX = new DoubleDoubleSum();
  private final DoubleDoubleSum squaresOfY = new DoubleDoubleSum();
  private final DoubleDoubleSum products = new DoubleDoubleSum();
  private double[] xs = {};
  private double[] ys = {};

  PairStats(RecordSchema schema, String first, String second) {
    this.first = number(schema, first);
    this.second = number(schema, second);
  }

  private static int number(RecordSchema schema, String column) {
    FieldType type = schema.field(column).type();
    if (!type.isNumeric()) {
      throw new IllegalArgumentException(
          "Cannot correlate '" + column + "': it is " + type + " (must be int64 or float64)");
    }
    return schema.indexOf(column);
  }

  void add(RecordBatch batch) {
    if (xs.length < batch.size()) {
      xs = new double[batch.size()];
      ys = new double[batch.size()];
    }
    Column one = batch.column(first);
    Column other = batch.column(second);
    int n = 0;
    for (int row = 0; row < batch.size(); row++) {
      if (!one.isNull(row) && !other.isNull(row)) {
        xs[n] = value(one, row);
        ys[n] = value(other, row);
        n += Double.isFinite(xs[n]) && Double.isFinite(ys[n]) ? 1 : 0;
      }
    }
    x.add(xs, n);
    y.add(ys, n);
    squaresOfX.addProducts(xs, xs, n);
    squaresOfY.addProducts(ys, ys, n);
    products.addProducts(xs, ys, n);
    count += n;
  }

  private static double value(Column column, int row) {
    return column instanceof DoubleColumn doubles
        ? doubles.get(row)
        : ((LongColumn) column).get(row);
  }

  void merge(PairStats other) {
    count += other.count;
    x.merge(other.x);
    y.merge(other.y);
    squaresOfX.merge(other.squaresOfX);
    squaresOfY.merge(other.squaresOfY);
    products.merge(other.products);
  }

  Correlation correlation(RecordSchema schema) {
    return new Correlation(
        schema.field(first).name(), schema.field(second).name(), count, pearson());
  }

  private double pearson() {
    if (count < 2 || !squaresOfX.isFinite() || !squaresOfY.isFinite() || !products.isFinite()) {
      return Double.NaN;
    }
    BigDecimal n = BigDecimal.valueOf(count);
    BigDecimal spreadOfX = n.multiply(squaresOfX.exact()).subtract(x.exact().pow(2));
    BigDecimal spreadOfY = n.multiply(squaresOfY.exact()).subtract(y.exact().pow(2));
    if (spreadOfX.signum() <= 0 || spreadOfY.signum() <= 0) {
      return Double.NaN;
    }
    BigDecimal together = n.multiply(products.exact()).subtract(x.exact().multiply(y.exact()));
    BigDecimal spread = spreadOfX.multiply(spreadOfY).sqrt(MathContext.DECIMAL128);
    double r = together.divide(spread, MathContext.DECIMAL128).doubleValue();
    return Math.max(-1, Math.min(1, r));
  }

  void save(DataOutput out) throws IOException {
    out.writeLong(count);
    for (DoubleDoubleSum sum : sums()) {
      sum.save(out);
    }
  }

  void load(ProfileReader in) {
    count = in.count("pairs");
    for (DoubleDoubleSum sum : sums()) {
      sum.load(in);
    }
  }

  private DoubleDoubleSum[] sums() {
    return new DoubleDoubleSum[] {x, y, squaresOfX, squaresOfY, products};
  }
}
