package io.featurebeam.io.file.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Little-endian numbers, gathered and handed on 64 KiB at a time. */
final class NpyOutput {

  private static final byte[] ZEROS = new byte[1 << 10];

  private final Target target;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

  /** What takes the bytes: a file or a checksum. */
  interface Target {
    void take(byte[] bytes, int from, int length) throws IOException;
  }

  NpyOutput(Target target) {
    this.target = target;
  }

  void number(long value) throws IOException {
    reserve(Long.BYTES);
    buffer.putLong(value);
  }

  void codePoint(int value) throws IOException {
    reserve(Integer.BYTES);
    buffer.putInt(value);
  }

  void shortNumber(short value) throws IOException {
    reserve(Short.BYTES);
    buffer.putShort(value);
  }

  void oneByte(byte value) throws IOException {
    reserve(1);
    buffer.put(value);
  }

  void bytes(byte[] source, int from, int length) throws IOException {
    if (length > buffer.remaining()) {
      drain();
    }
    if (length > buffer.remaining()) {
      target.take(source, from, length);
    } else {
      buffer.put(source, from, length);
    }
  }

  void zeros(int length) throws IOException {
    for (int left = length; left > 0; left -= ZEROS.length) {
      bytes(ZEROS, 0, Math.min(left, ZEROS.length));
    }
  }

  private void reserve(int length) throws IOException {
    if (buffer.remaining() < length) {
      drain();
    }
  }

  void drain() throws IOException {
    target.take(buffer.array(), 0, buffer.position());
    buffer.clear();
  }
}
