package io.featurebeam.anomaly;

import java.io.ByteArrayOutputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What a detector has learned of one key: give it the key's values in the order of event time. Not
 * thread-safe.
 */
public abstract class DetectorState {

  static final int VERSION = 1;

  DetectorState() {}

  /**
   * Judges one record by those before it, then learns it.
   *
   * @param values of {@link Detector#columns}, in their order; NaN for a null
   */
  public abstract Judgement next(double... values);

  abstract void save(DataOutput out) throws IOException;

  abstract void load(StateReader in);

  /** The binary form, which {@link Detector#fromBytes} of this and later releases reads. */
  public final byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      save(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  static void checkCount(int columns, double[] values) {
    if (values.length != columns) {
      throw new IllegalArgumentException(
          "Invalid values: " + values.length + " (must be one of each of " + columns + " columns)");
    }
  }
}
