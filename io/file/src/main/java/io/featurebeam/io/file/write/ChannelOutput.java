package io.featurebeam.io.file.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** A channel as Parquet wants its output: a stream that knows its position, gathered to 64 KiB. */
final class ChannelOutput extends PositionOutputStream implements OutputFile {

  private final WritableByteChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
  private long position;

  ChannelOutput(WritableByteChannel channel) {
    this.channel = channel;
  }

  @Override
  public long getPos() {
    return position;
  }

  @Override
  public void write(int value) throws IOException {
    if (!buffer.hasRemaining()) {
      drain();
    }
    buffer.put((byte) value);
    position++;
  }

  @Override
  public void write(byte[] source, int from, int length) throws IOException {
    if (length > buffer.remaining()) {
      drain();
    }
    if (length > buffer.remaining()) {
      writeFully(ByteBuffer.wrap(source, from, length));
    } else {
      buffer.put(source, from, length);
    }
    position += length;
  }

  private void drain() throws IOException {
    buffer.flip();
    writeFully(buffer);
    buffer.clear();
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void flush() {
    // Parquet flushes after each small part; the buffer is drained when full and at the end.
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      try (channel) {
        drain();
      }
    }
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) {
    return this;
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) {
    return this;
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }
}
