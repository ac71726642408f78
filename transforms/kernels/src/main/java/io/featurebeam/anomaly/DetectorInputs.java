package io.featurebeam.anomaly;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;

/**
 * Reads a detector's values out of batches of one schema: numbers as they are, times as the numbers
 * that they are stored as, null as NaN. Not thread-safe.
 */
public final class DetectorInputs {

  private final int[] columns;
  private final double[] values;

  private DetectorInputs(int[] columns) {
    this.columns = columns;
    this.values = new double[columns.length];
  }

  /** A column that is missing, or is neither number nor time, throws here. */
  public static DetectorInputs of(Detector detector, RecordSchema schema) {
    List<String> names = detector.columns();
    int[] columns = new int[names.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = schema.indexOf(names.get(i));
      FieldType type = schema.field(columns[i]).type();
      if (type.storage() != FieldType.Storage.LONG && type.storage() != FieldType.Storage.DOUBLE) {
        throw new IllegalArgumentException(
            detector.id()
                + " cannot score column '"
                + names.get(i)
                + "' ("
                + type
                + "): it must be a number or a time");
      }
    }
    return new DetectorInputs(columns);
  }

  /** The values of one record, in an array that the next call overwrites. */
  public double[] read(RecordBatch batch, int row) {
    for (int i = 0; i < columns.length; i++) {
      Column column = batch.column(columns[i]);
      values[i] =
          column.isNull(row)
              ? Double.NaN
              : column instanceof DoubleColumn doubles
                  ? doubles.get(row)
                  : (double) ((LongColumn) column).get(row);
    }
    return values;
  }
}
