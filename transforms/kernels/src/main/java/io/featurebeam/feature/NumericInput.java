package io.featurebeam.feature;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;

/**
 * An int64 or float64 column read as doubles. An int64 beyond 2^53 is rounded to the nearest
 * double. Not thread-safe: it reuses its array.
 */
final class NumericInput {

  /** A loop over all values of a batch, those of null rows too. */
  @FunctionalInterface
  interface Loop {
    void apply(double[] in, double[] out, int size);
  }

  private final int index;
  private double[] scratch = {};

  private NumericInput(int index) {
    this.index = index;
  }

  static NumericInput of(RecordSchema schema, String column) {
    int index = schema.indexOf(column);
    FieldType type = schema.field(index).type();
    if (!type.isNumeric()) {
      throw new IllegalArgumentException(
          "Column '" + column + "' is " + type + " (must be int64 or float64)");
    }
    return new NumericInput(index);
  }

  /** The float64 column named {@code name} that has a null where {@code column} has one. */
  static List<Field> output(String name, RecordSchema schema, String column) {
    return List.of(
        new Field(name, FieldType.FLOAT64, schema.field(of(schema, column).index).nullable()));
  }

  /** The mapping that runs {@code loop} over the values and keeps nulls where they are. */
  static Feature.Mapping mapping(RecordSchema schema, String column, Loop loop) {
    NumericInput input = of(schema, column);
    return batch -> {
      double[] out = new double[batch.size()];
      loop.apply(input.values(batch), out, batch.size());
      return List.of(new DoubleColumn(out, batch.size(), input.column(batch).validity()));
    };
  }

  Column column(RecordBatch batch) {
    return batch.column(index);
  }

  /** The values, possibly in a longer array: read only, and only until the next call. */
  double[] values(RecordBatch batch) {
    if (batch.column(index) instanceof DoubleColumn doubles) {
      return doubles.values();
    }
    long[] longs = ((LongColumn) batch.column(index)).values();
    if (scratch.length < batch.size()) {
      scratch = new double[batch.size()];
    }
    for (int i = 0; i < batch.size(); i++) {
      scratch[i] = longs[i];
    }
    return scratch;
  }
}
