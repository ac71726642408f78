package io.featurebeam.io.file.text;

import io.featurebeam.io.file.Unreadable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A stream's bytes around the record being read, which starts at {@link #start}. Grows to the
 * longest record allowed, no further.
 */
final class ByteWindow {

  private static final int INITIAL = 1 << 16;

  private final String source;
  private final InputStream in;
  private final int max;

  byte[] bytes;
  int start;
  int limit;
  boolean ended;

  ByteWindow(String source, InputStream in, int max) {
    this.source = source;
    this.in = in;
    this.max = max;
    this.bytes = new byte[Math.min(INITIAL, max + 1)];
  }

  /** Of bytes that are all there; see {@link #reset}. */
  ByteWindow() {
    this("", InputStream.nullInputStream(), 0);
  }

  /** These bytes and no others. */
  void reset(byte[] all, int from, int to) {
    bytes = all;
    start = from;
    limit = to;
    ended = true;
  }

  /** Reads on behind {@link #limit}, moving the record to the front; false if it is over-long. */
  boolean more() throws IOException {
    if (start > 0) {
      System.arraycopy(bytes, start, bytes, 0, limit - start);
      limit -= start;
      start = 0;
    }
    if (limit == bytes.length) {
      if (bytes.length > max) {
        return false;
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(max + 1L, bytes.length * 2L));
    }
    int count;
    try {
      count = in.read(bytes, limit, bytes.length - limit);
    } catch (IOException e) {
      throw Unreadable.of(source, e);
    }
    if (count < 0) {
      ended = true;
    } else {
      limit += count;
    }
    return true;
  }

  /** Whether there is a byte at {@link #start}. */
  boolean hasMore() throws IOException {
    while (start == limit && !ended) {
      more();
    }
    return start < limit;
  }

  /** Drops bytes up to and with the next line end. */
  void skipLine() throws IOException {
    while (hasMore()) {
      int end = lineEnd(start);
      if (end < limit) {
        start = end + 1;
        return;
      }
      start = limit;
    }
  }

  /** Where the next line feed is from {@code at} on, or {@link #limit}. */
  int lineEnd(int at) {
    int i = at;
    while (i < limit && bytes[i] != '\n') {
      i++;
    }
    return i;
  }

  /** A byte order mark is no part of the first record. */
  void skipByteOrderMark() throws IOException {
    while (limit < 3 && !ended) {
      more();
    }
    if (limit >= 3
        && bytes[0] == (byte) 0xEF
        && bytes[1] == (byte) 0xBB
        && bytes[2] == (byte) 0xBF) {
      start = 3;
    } else if (limit >= 2
        && ((bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF)
            || (bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE))) {
      throw new IllegalArgumentException(
          "File " + source + " is UTF-16 (must be UTF-8 or ISO-8859-1; convert it before)");
    }
  }
}
