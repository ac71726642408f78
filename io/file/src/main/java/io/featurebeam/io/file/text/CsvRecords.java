package io.featurebeam.io.file.text;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Splits bytes into records and fields, without an object per record: RFC 4180, with the choices of
 * a {@link CsvOptions.Dialect}. Lines end with LF, CRLF or CR. A quote inside a field that does not
 * start with one is itself.
 *
 * <p>A malformed record does not take others with it: after text behind a closing quote reading
 * goes on with the next line, and so it does behind the first line of a record that never ends or
 * is over-long, as after a stray quote.
 */
final class CsvRecords {

  private static final int NEED_MORE = -1;

  private final ByteWindow window;
  private final byte delimiter;
  private final int quote;
  private final int escape;
  private final int comment;
  private final boolean trim;
  private final int maxBytes;

  private int[] starts = new int[16];
  private int[] ends = new int[16];
  private boolean[] quoted = new boolean[16];
  private boolean[] copied = new boolean[16];
  private byte[] scratch = new byte[256];
  private int scratchSize;
  private int count;
  private int contentEnd;
  private int next =
      -1; // where the record after this one starts; before the first, where the window does
  private boolean unclosed;
  private boolean keepBlank;
  private byte[] raw = {};
  private @Nullable String problem;

  CsvRecords(ByteWindow window, CsvOptions.Dialect dialect, int maxBytes) {
    this.window = window;
    this.delimiter = (byte) dialect.delimiter();
    // NONE is a byte that may occur, so it becomes a number that cannot.
    this.quote = dialect.quote() == CsvOptions.NONE ? 256 : dialect.quote();
    this.escape = dialect.escape() == CsvOptions.NONE ? 256 : dialect.escape();
    this.comment = dialect.comment() == CsvOptions.NONE ? 256 : dialect.comment();
    this.trim = dialect.trim();
    this.maxBytes = maxBytes;
  }

  /** Whether an empty line is a record of one empty field. */
  void keepBlank(boolean keep) {
    keepBlank = keep;
  }

  /** Starts anew where the window does now. */
  void restart() {
    next = -1;
  }

  /** Moves to the next record; false at the end. */
  boolean next() throws IOException {
    window.start = next < 0 ? window.start : next;
    while (window.hasMore()) {
      problem = null;
      int first = window.bytes[window.start];
      int end = first == comment ? line() : parse();
      while (end == NEED_MORE) {
        if (!window.more()) {
          tooLong();
          return true;
        }
        end = first == comment ? line() : parse();
      }
      boolean blank = contentEnd == window.start;
      if (first == comment || (blank && !keepBlank)) {
        window.start = end;
        continue;
      }
      if (unclosed) {
        problem = "a quote is opened and never closed";
        end = resync();
      }
      next = end;
      if (contentEnd - window.start > maxBytes) {
        problem = "the record is longer than " + maxBytes + " bytes";
      }
      if (problem != null) {
        raw = Arrays.copyOfRange(window.bytes, window.start, contentEnd);
      }
      return true;
    }
    return false;
  }

  /** What is wrong with the record, or null. */
  @Nullable String problem() {
    return problem;
  }

  /** The record's bytes without its line end. */
  byte[] raw() {
    return problem != null ? raw : Arrays.copyOfRange(window.bytes, window.start, contentEnd);
  }

  int length() {
    return contentEnd - window.start;
  }

  int count() {
    return count;
  }

  byte[] array(int field) {
    return copied[field] ? scratch : window.bytes;
  }

  int start(int field) {
    return starts[field];
  }

  int end(int field) {
    return ends[field];
  }

  boolean isQuoted(int field) {
    return quoted[field];
  }

  private void tooLong() throws IOException {
    problem = "the record is longer than " + maxBytes + " bytes";
    int lineEnd = window.lineEnd(window.start);
    boolean severalLines = lineEnd < window.limit;
    contentEnd = Math.min(lineEnd, window.start + maxBytes);
    raw = Arrays.copyOfRange(window.bytes, window.start, contentEnd);
    if (severalLines) {
      next = lineEnd + 1;
    } else {
      window.skipLine();
      next = window.start;
    }
    count = 0;
  }

  /** Behind the first line of the record. */
  private int resync() {
    int lineEnd = window.lineEnd(window.start);
    contentEnd = lineEnd;
    return Math.min(window.limit, lineEnd + 1);
  }

  /** The end of a comment line. */
  private int line() {
    int end = window.lineEnd(window.start);
    contentEnd = end;
    return end < window.limit ? end + 1 : window.ended ? end : NEED_MORE;
  }

  /** Finds the fields of the record; gives where the next one starts. */
  private int parse() {
    byte[] b = window.bytes;
    int limit = window.limit;
    int i = window.start;
    count = 0;
    scratchSize = 0;
    unclosed = false;
    problem = null;
    while (true) {
      if (count == starts.length) {
        growFields();
      }
      if (trim) {
        while (i < limit && isSpace(b[i])) {
          i++;
        }
      }
      if (i < limit && b[i] == quote) {
        i = quotedField(b, i + 1, limit);
      } else {
        i = plainField(b, i, limit);
      }
      if (i == NEED_MORE) {
        return NEED_MORE;
      }
      count++;
      if (i == limit) {
        contentEnd = limit;
        return window.ended ? limit : NEED_MORE;
      }
      if (b[i] == delimiter) {
        i++;
        continue;
      }
      if (b[i] == '\n') {
        contentEnd = i;
        return i + 1;
      }
      if (b[i] == '\r') {
        contentEnd = i;
        if (i + 1 == limit) {
          return window.ended ? limit : NEED_MORE;
        }
        return b[i + 1] == '\n' ? i + 2 : i + 1;
      }
      problem = "text follows the closing quote of field " + count;
      while (i < limit && b[i] != '\n' && b[i] != '\r') {
        i++;
      }
      if (i < limit || window.ended) {
        contentEnd = i;
        int end = Math.min(limit, i + 1);
        return end < limit && b[i] == '\r' && b[end] == '\n' ? end + 1 : end;
      }
      return NEED_MORE;
    }
  }

  private int plainField(byte[] b, int from, int limit) {
    int i = from;
    boolean copying = false;
    int copyFrom = scratchSize;
    while (i < limit) {
      byte c = b[i];
      if (c == delimiter || c == '\n' || c == '\r') {
        break;
      }
      if (c == escape) {
        if (!copying) {
          copying = true;
          copy(b, from, i);
        }
        if (++i == limit) {
          break;
        }
        c = b[i];
      }
      if (copying) {
        copy(c);
      }
      i++;
    }
    if (i >= limit && !window.ended) {
      return NEED_MORE;
    }
    i = Math.min(i, limit);
    int start = copying ? copyFrom : from;
    int end = copying ? scratchSize : i;
    if (trim) {
      byte[] array = copying ? scratch : b;
      while (end > start && isSpace(array[end - 1])) {
        end--;
      }
    }
    set(start, end, false, copying);
    return i;
  }

  /**
   * A field whose quote is open; gives the place behind the closing one (and spaces, if trimmed).
   */
  private int quotedField(byte[] b, int from, int limit) {
    int i = from;
    boolean copying = false;
    int copyFrom = scratchSize;
    while (true) {
      if (i >= limit) {
        unclosed = window.ended;
        set(from, limit, true, false);
        return window.ended ? limit : NEED_MORE;
      }
      byte c = b[i];
      boolean literal = false;
      if (c == escape && escape != quote) {
        literal = true;
      } else if (c == quote) {
        if (i + 1 == limit && !window.ended) {
          return NEED_MORE;
        }
        if (i + 1 < limit && b[i + 1] == quote) {
          literal = true;
        } else {
          break;
        }
      }
      if (literal) {
        if (!copying) {
          copying = true;
          copy(b, from, i);
        }
        if (++i == limit) {
          continue;
        }
        c = b[i];
      }
      if (copying) {
        copy(c);
      }
      i++;
    }
    set(copying ? copyFrom : from, copying ? scratchSize : i, true, copying);
    i++;
    if (trim) {
      while (i < limit && isSpace(b[i])) {
        i++;
      }
    }
    return i;
  }

  private boolean isSpace(byte c) {
    return (c == ' ' || c == '\t') && c != delimiter;
  }

  private void set(int start, int end, boolean inQuotes, boolean copying) {
    starts[count] = start;
    ends[count] = end;
    quoted[count] = inQuotes;
    copied[count] = copying;
  }

  private void copy(byte[] b, int from, int to) {
    int needed = scratchSize + to - from;
    if (needed > scratch.length) {
      scratch = Arrays.copyOf(scratch, Math.max(needed, scratch.length * 2));
    }
    System.arraycopy(b, from, scratch, scratchSize, to - from);
    scratchSize = needed;
  }

  private void copy(byte c) {
    if (scratchSize == scratch.length) {
      scratch = Arrays.copyOf(scratch, scratch.length * 2);
    }
    scratch[scratchSize++] = c;
  }

  private void growFields() {
    int size = starts.length * 2;
    starts = Arrays.copyOf(starts, size);
    ends = Arrays.copyOf(ends, size);
    quoted = Arrays.copyOf(quoted, size);
    copied = Arrays.copyOf(copied, size);
  }
}
