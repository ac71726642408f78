package io.featurebeam.dataset;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.expression.Condition;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/** A {@link Sampling} over the columns of a schema; used by one thread at a time. */
public final class Sampler {

  private final Condition condition;
  private final RowHash hash;
  private final long last;
  private final double factor;
  private final Field weight;
  private final RecordSchema weighted;

  Sampler(Sampling sampling, RecordSchema schema) {
    this.condition = Condition.of(sampling.where(), schema);
    Set<String> columns = new TreeSet<>(sampling.keys());
    columns.add(sampling.time());
    this.hash = RowHash.of(schema, columns, sampling.seed());
    this.last = Shares.last(BigDecimal.valueOf(sampling.keep()));
    this.factor = 1 / sampling.keep();
    this.weight = weight(sampling.weight(), schema);
    this.weighted = schema.with(weight);
  }

  private static Field weight(String name, RecordSchema schema) {
    if (!schema.contains(name)) {
      return Field.required(name, FieldType.FLOAT64);
    }
    Field there = schema.field(name);
    if (!there.type().isNumeric()) {
      throw new IllegalArgumentException(
          "Column '" + name + "' is " + there.type() + " (must be a number to be a weight)");
    }
    return new Field(name, FieldType.FLOAT64, there.nullable());
  }

  /** The schema with the weight: behind it, or float64 in the place of the weight there was. */
  public RecordSchema weighted() {
    return weighted;
  }

  /** The rows that are kept, in their order, with their weights. */
  public RecordBatch sample(RecordBatch batch) {
    Bitmap chosen = condition.holds(batch);
    long[] hashes = hash.of(batch);
    Bitmap kept =
        Bitmap.of(
            batch.size(), row -> !chosen.get(row) || Long.compareUnsigned(hashes[row], last) <= 0);
    return batch.with(weight, weights(batch, chosen)).select(kept);
  }

  private Column weights(RecordBatch batch, Bitmap chosen) {
    double[] weights = new double[batch.size()];
    Bitmap validity = null;
    if (!batch.schema().contains(weight.name())) {
      Arrays.fill(weights, 1);
    } else if (batch.column(weight.name()) instanceof LongColumn there) {
      for (int i = 0; i < weights.length; i++) {
        weights[i] = there.get(i);
      }
      validity = there.validity();
    } else {
      DoubleColumn there = (DoubleColumn) batch.column(weight.name());
      System.arraycopy(there.values(), 0, weights, 0, weights.length);
      validity = there.validity();
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= chosen.get(i) ? factor : 1;
    }
    return new DoubleColumn(weights, weights.length, validity);
  }
}
