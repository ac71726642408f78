package io.featurebeam.anomaly;

import java.nio.ByteBuffer;

/**
 * Reads what a {@code DataOutput} wrote, trusting nothing: what is not the state of such a detector
 * is an {@link IllegalArgumentException} that says where and why.
 */
public final class StateReader {

  private final ByteBuffer bytes;

  StateReader(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  public int readByte() {
    need(1);
    return bytes.get() & 0xFF;
  }

  public int readInt() {
    need(4);
    return bytes.getInt();
  }

  public double readDouble() {
    need(8);
    return bytes.getDouble();
  }

  /** A double that is not NaN nor infinite. */
  public double readFinite(String what) {
    double value = readDouble();
    if (!Double.isFinite(value)) {
      throw corrupt(what + " is " + value + " (must be finite)");
    }
    return value;
  }

  /** A double from 0 up. */
  public double readNotNegative(String what) {
    double value = readFinite(what);
    if (value < 0) {
      throw corrupt(what + " is " + value + " (must be >= 0)");
    }
    return value;
  }

  /** A whole number from 0 to {@code limit}. */
  public long readCount(long limit, String what) {
    need(8);
    long value = bytes.getLong();
    if (value < 0 || value > limit) {
      throw corrupt(what + " is " + value + " (must be 0 to " + limit + ")");
    }
    return value;
  }

  void end() {
    if (bytes.hasRemaining()) {
      throw corrupt(bytes.remaining() + " bytes are left over");
    }
  }

  private void need(int length) {
    if (bytes.remaining() < length) {
      throw corrupt("it ends early");
    }
  }

  /** The error that these bytes are no such state. */
  public IllegalArgumentException corrupt(String why) {
    return new IllegalArgumentException(
        "Invalid detector state at byte " + bytes.position() + " of " + bytes.limit() + ": " + why);
  }
}
