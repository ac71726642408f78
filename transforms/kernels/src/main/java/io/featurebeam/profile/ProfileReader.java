package io.featurebeam.profile;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads what a {@code DataOutput} wrote, trusting nothing: an amount is checked against the bytes
 * that are left before anything is allocated for it.
 */
final class ProfileReader {

  /** More than anybody counts, and sums of a thousand such do not overflow. */
  private static final long MAX_COUNT = 1L << 52;

  private final ByteBuffer bytes;

  ProfileReader(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  int readByte() {
    need(1);
    return bytes.get() & 0xFF;
  }

  boolean readBoolean() {
    int value = readByte();
    if (value > 1) {
      throw corrupt("a flag is " + value + " (must be 0 or 1)");
    }
    return value == 1;
  }

  int readInt() {
    need(4);
    return bytes.getInt();
  }

  long readLong() {
    need(8);
    return bytes.getLong();
  }

  double readDouble() {
    need(8);
    return bytes.getDouble();
  }

  /** A number of things that were counted and are not stored. */
  long count(String what) {
    long value = readLong();
    if (value < 0 || value > MAX_COUNT) {
      throw corrupt(value + " " + what + " (must be 0 to " + MAX_COUNT + ")");
    }
    return value;
  }

  /** A number of things that follow, each of at least {@code width} bytes. */
  int length(int limit, int width, String what) {
    int value = readInt();
    if (value < 0 || value > limit || (long) value * width > bytes.remaining()) {
      throw corrupt(
          value + " " + what + " (at most " + Math.min(limit, bytes.remaining() / width) + ")");
    }
    return value;
  }

  byte[] readBytes(int limit, String what) {
    byte[] result = new byte[length(limit, 1, what)];
    bytes.get(result);
    return result;
  }

  String readString(String what) {
    return new String(readBytes(Integer.MAX_VALUE, what), StandardCharsets.UTF_8);
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

  IllegalArgumentException corrupt(String why) {
    return new IllegalArgumentException(
        "Invalid profile at byte " + bytes.position() + " of " + bytes.limit() + ": " + why);
  }

  IllegalArgumentException corrupt(String why, Throwable cause) {
    IllegalArgumentException e = corrupt(why);
    e.initCause(cause);
    return e;
  }
}
