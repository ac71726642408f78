package io.featurebeam.io.file.text;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The lines of a stream but blank ones, each within {@link #bytes()} until the next; of one that is
 * over-long only the start.
 */
final class Lines {

  private final ByteWindow window;
  private final int maxBytes;
  private long number = -1;
  private int end;
  private boolean tooLong;

  /** Where the next line starts, or -1 if the end of this one was not reached. */
  private int next;

  Lines(String source, InputStream in, int maxBytes) throws IOException {
    this.window = new ByteWindow(source, in, maxBytes + 1); // and the carriage return
    this.maxBytes = maxBytes;
    window.skipByteOrderMark();
    this.next = window.start;
  }

  /** Moves to the next line; false at the end. */
  boolean next() throws IOException {
    do {
      if (next < 0) {
        window.skipLine();
      } else {
        window.start = next;
      }
      if (!window.hasMore()) {
        next = window.start;
        return false;
      }
      find();
      number++;
    } while (!tooLong && isBlank());
    return true;
  }

  private void find() throws IOException {
    int lineEnd = window.lineEnd(window.start);
    boolean fits = true;
    while (lineEnd == window.limit && !window.ended && fits) {
      int scanned = lineEnd - window.start;
      fits = window.more();
      lineEnd = window.lineEnd(window.start + scanned);
    }
    boolean complete = fits || lineEnd < window.limit;
    next = complete ? Math.min(window.limit, lineEnd + 1) : -1;
    end = lineEnd > window.start && window.bytes[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    tooLong = !complete || end - window.start > maxBytes;
    end = Math.min(end, window.start + maxBytes);
  }

  private boolean isBlank() {
    for (int i = window.start; i < end; i++) {
      if (window.bytes[i] != ' ' && window.bytes[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  byte[] bytes() {
    return window.bytes;
  }

  int start() {
    return window.start;
  }

  /** Behind the last byte, without the line end. */
  int end() {
    return end;
  }

  boolean isTooLong() {
    return tooLong;
  }

  /** Counted from 0, blank ones too. */
  long number() {
    return number;
  }

  byte[] copy() {
    return Arrays.copyOfRange(window.bytes, window.start, end);
  }
}
