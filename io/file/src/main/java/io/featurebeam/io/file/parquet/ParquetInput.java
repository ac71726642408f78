package io.featurebeam.io.file.parquet;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResourceId;

/**
 * One open file of any Beam file system, read at any place. Not safe for use by two threads at
 * once.
 */
final class ParquetInput implements AutoCloseable {

  /**
   * A read into a heap array goes through a direct buffer of its size, so large ones are cut up.
   */
  private static final int MAX_TRANSFER = 1 << 20;

  private final String name;
  private final SeekableByteChannel channel;
  private final long length;

  private ParquetInput(String name, SeekableByteChannel channel) throws IOException {
    this.name = name;
    this.channel = channel;
    this.length = channel.size();
  }

  /** Opens a file by the name that its {@link ResourceId} prints. */
  static ParquetInput open(String name) throws IOException {
    ReadableByteChannel channel;
    try {
      channel = FileSystems.open(FileSystems.matchNewResource(name, false));
    } catch (FileNotFoundException e) {
      throw new IllegalArgumentException("Missing file: " + name + " (it does not exist)", e);
    }
    if (channel instanceof SeekableByteChannel seekable) {
      return new ParquetInput(name, seekable);
    }
    channel.close();
    throw new IllegalArgumentException(
        "Cannot read Parquet from "
            + name
            + ": its file system cannot seek (copy the file to one that can)");
  }

  String name() {
    return name;
  }

  /** In bytes. */
  long length() {
    return length;
  }

  /** Fills {@code into[at .. at + count)} with the bytes at {@code position}. */
  void read(long position, byte[] into, int at, int count) throws IOException {
    checkInside(position, count);
    if (channel.position() != position) {
      channel.position(position);
    }
    int end = at + count;
    for (int done = at; done < end; ) {
      int n = channel.read(ByteBuffer.wrap(into, done, Math.min(end - done, MAX_TRANSFER)));
      if (n < 0) {
        throw new ParquetFormatException(
            "Truncated Parquet file: "
                + name
                + " ended at byte "
                + (position + done - at)
                + " while it was read (was it replaced?)");
      }
      done += n;
    }
  }

  /** The {@code count} bytes at {@code position}. */
  byte[] bytes(long position, int count) throws IOException {
    if (count < 0) {
      throw new ParquetFormatException(
          "Damaged Parquet file: " + name + " has a part of " + count + " bytes");
    }
    checkInside(position, count);
    byte[] bytes = new byte[count];
    read(position, bytes, 0, count);
    return bytes;
  }

  private void checkInside(long position, int count) {
    if (position < 0 || count > length - position) {
      throw new ParquetFormatException(
          "Damaged Parquet file: "
              + name
              + " points to bytes "
              + position
              + " to "
              + (position + count)
              + " but has only "
              + length);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
