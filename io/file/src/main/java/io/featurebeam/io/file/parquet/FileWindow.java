package io.featurebeam.io.file.parquet;

import java.io.IOException;
import java.io.InputStream;

/**
 * Some megabytes of a file in memory, moved forward as they are needed: so memory does not grow
 * with the size of a column chunk, and a remote file is read in few requests.
 */
final class FileWindow {

  private static final int MAX_SIZE = 8 << 20;
  private static final int MIN_SIZE = 256 << 10;

  /** What the windows of all columns that are read side by side may take together. */
  private static final int TOGETHER = 64 << 20;

  private final ParquetInput in;
  private final int size;
  private byte[] bytes = new byte[0];

  /** Which part of the file is in {@code bytes}. */
  private long start;

  private int length;

  /** No more than this is read ahead. */
  private long end;

  /**
   * A window for one of some columns.
   *
   * @param columns how many are read side by side: of many, each gets less
   */
  FileWindow(ParquetInput in, int columns) {
    this.in = in;
    this.size = Math.max(MIN_SIZE, Math.min(MAX_SIZE, TOGETHER / columns));
  }

  /** Reads ahead up to this place of the file, and not beyond. */
  void until(long place) {
    end = place;
  }

  /** The bytes, of which {@link #load} says where; replaced when the window moves. */
  byte[] bytes() {
    return bytes;
  }

  /** Where in {@link #bytes()} the bytes at this place of the file are, once they all are there. */
  int load(long from, int count) throws IOException {
    if (from < start || from + count > start + length) {
      int wanted = (int) Math.max(count, Math.min(size, end - from));
      bytes = grown(bytes, wanted);
      in.read(from, bytes, 0, wanted);
      start = from;
      length = wanted;
    }
    return (int) (from - start);
  }

  /** A buffer of at least this size and the padding; what was in it is lost. */
  static byte[] grown(byte[] buffer, int size) {
    if (size + LittleEndian.PADDING <= buffer.length) {
      return buffer;
    }
    int capacity = Math.max(size, Math.min(buffer.length * 2, MAX_SIZE));
    return new byte[Math.addExact(capacity, LittleEndian.PADDING)];
  }

  /** Reads a stretch of the file through the window, for a parser. */
  Stream stream(long from, long to) {
    return new Stream(from, to);
  }

  /** Knows how far it was read. */
  final class Stream extends InputStream {
    private final long to;
    private long at;

    private Stream(long from, long to) {
      this.at = from;
      this.to = to;
    }

    long position() {
      return at;
    }

    @Override
    public int read() throws IOException {
      if (at >= to) {
        return -1;
      }
      int index = load(at++, 1); // before the bytes are looked at: they may be replaced
      return bytes[index] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
      if (count == 0) {
        return 0;
      }
      if (at >= to) {
        return -1;
      }
      int n = (int) Math.min(count, Math.min(to - at, 1 << 12));
      int index = load(at, n);
      System.arraycopy(bytes, index, into, from, n);
      at += n;
      return n;
    }
  }
}
