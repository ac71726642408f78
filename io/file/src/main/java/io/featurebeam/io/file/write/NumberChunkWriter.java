package io.featurebeam.io.file.write;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.DoubleStatistics;
import org.apache.parquet.column.statistics.IntStatistics;
import org.apache.parquet.column.statistics.LongStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Numbers as 64-bit patterns: int64, float64, timestamp, time, and dates as int32.
 *
 * <p>The first page of a row group decides: if few of its values are distinct the row group is
 * dictionary-coded until the dictionary is full, else it is plain. Most columns of features are
 * not, and a look at {@value #PROBE} values is enough to know.
 */
final class NumberChunkWriter extends ChunkWriter {

  private static final int PROBE = 1 << 11;

  /**
   * Entries beyond which a dictionary is given up: at most 15 bits per code, 256 KiB in a reader.
   */
  private static final int MAX_ENTRIES = 1 << 15;

  /** At least so many rows for each distinct value, or a dictionary does not pay. */
  private static final int ROWS_PER_ENTRY = 4;

  private enum Mode {
    UNDECIDED,
    PLAIN,
    DICTIONARY
  }

  private final FieldType type;
  private Mode mode = Mode.UNDECIDED;
  private long[] bits = new long[1 << 10];
  private int[] codes = {};
  private int count;
  private @Nullable NumberDictionary dictionary;

  NumberChunkWriter(FieldType type, ColumnDescriptor descriptor, PageWriter pages) {
    super(descriptor, pages);
    this.type = type;
  }

  @Override
  boolean isSteady() {
    return true;
  }

  @Override
  void addValues(Column column, int from, int to) {
    if (bits.length < count + to - from) {
      bits = Arrays.copyOf(bits, Math.max(count + to - from, Math.min(PAGE_ROWS, 4 * bits.length)));
    }
    Bitmap validity = column.validity();
    if (column instanceof DoubleColumn doubles) {
      addDoubles(doubles.values(), validity, from, to);
    } else {
      addLongs(((LongColumn) column).values(), validity, from, to);
    }
  }

  private void addDoubles(double[] values, @Nullable Bitmap validity, int from, int to) {
    int n = count;
    if (validity == null) {
      for (int i = from; i < to; i++) {
        bits[n + i - from] = Double.doubleToRawLongBits(values[i]);
      }
      n += to - from;
    } else {
      long[] words = validity.words();
      for (int i = from; i < to; i++) {
        bits[n] = Double.doubleToRawLongBits(values[i]);
        n += (int) (words[i >> 6] >>> i) & 1;
      }
    }
    count = n;
  }

  private void addLongs(long[] values, @Nullable Bitmap validity, int from, int to) {
    int n = count;
    if (validity == null) {
      System.arraycopy(values, from, bits, n, to - from);
      n += to - from;
    } else {
      long[] words = validity.words();
      for (int i = from; i < to; i++) {
        bits[n] = values[i];
        n += (int) (words[i >> 6] >>> i) & 1;
      }
    }
    count = n;
  }

  @Override
  long pageBytes() {
    return 8L * count;
  }

  @Override
  Encoding encodeValues(PageBuffer out) {
    boolean coded = mode != Mode.PLAIN && (count > 0 || mode == Mode.DICTIONARY) && code();
    if (coded) {
      int width = RunLength.width(Math.max(0, dictionary().size() - 1));
      out.putByte(width);
      RunLength.ints(out, codes, count, width);
    } else {
      putPlain(out, bits, count);
    }
    count = 0;
    return coded ? Encoding.RLE_DICTIONARY : Encoding.PLAIN;
  }

  private void putPlain(PageBuffer out, long[] values, int length) {
    if (type.kind() == FieldType.Kind.DATE) {
      out.putInts(values, length);
    } else {
      out.putLongs(values, length);
    }
  }

  private NumberDictionary dictionary() {
    if (dictionary == null) {
      dictionary = new NumberDictionary(MAX_ENTRIES);
    }
    return dictionary;
  }

  /**
   * Gives the page's values codes if a dictionary pays; false and plain from here on if it does
   * not.
   */
  private boolean code() {
    NumberDictionary entries = dictionary();
    int before = entries.size();
    if (codes.length < count) {
      codes = new int[Math.max(count, bits.length)];
    }
    long last = 0;
    int lastCode = -1;
    for (int i = 0; i < count; i++) {
      long value = bits[i];
      if (value != last || lastCode < 0) {
        last = value;
        lastCode = entries.code(value);
        if (lastCode < 0) {
          break;
        }
      }
      codes[i] = lastCode;
      if (i == PROBE && entries.size() - before > PROBE / 2) {
        lastCode = -1;
        break;
      }
    }
    boolean stopped = count > 0 && lastCode < 0;
    int added = entries.size() - before;
    boolean pays = !stopped && added * ROWS_PER_ENTRY <= Math.max(count, PROBE);
    if (mode == Mode.UNDECIDED && !pays) {
      entries.clear(); // else earlier pages still need it
    }
    mode = pays ? Mode.DICTIONARY : Mode.PLAIN;
    return pays;
  }

  @Override
  boolean describe(Statistics<?> statistics) {
    if (type.kind() == FieldType.Kind.FLOAT64) {
      return describeDoubles((DoubleStatistics) statistics);
    }
    long min = bits[0];
    long max = bits[0];
    for (int i = 1; i < count; i++) {
      min = Math.min(min, bits[i]);
      max = Math.max(max, bits[i]);
    }
    if (type.kind() == FieldType.Kind.DATE) {
      if (min < Integer.MIN_VALUE || max > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "Invalid date in column '"
                + descriptor.getPath()[0]
                + "': day "
                + (min < Integer.MIN_VALUE ? min : max)
                + " since 1970 (Parquet holds dates as 32 bits)");
      }
      ((IntStatistics) statistics).setMinMax((int) min, (int) max);
    } else {
      ((LongStatistics) statistics).setMinMax(min, max);
    }
    return true;
  }

  /** None if there is a NaN: readers disagree on where it sorts. Zeros count as both zeros. */
  private boolean describeDoubles(DoubleStatistics statistics) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      double value = Double.longBitsToDouble(bits[i]);
      min = Math.min(min, value); // NaN if any is
      max = Math.max(max, value);
    }
    if (Double.isNaN(min)) {
      return false;
    }
    statistics.setMinMax(min == 0 ? -0.0 : min, max == 0 ? 0.0 : max);
    return true;
  }

  @Override
  @Nullable DictionaryPage takeDictionary() {
    DictionaryPage result = null;
    if (dictionary != null && dictionary.size() > 0) {
      PageBuffer out = new PageBuffer();
      putPlain(out, dictionary.entries(), dictionary.size());
      result = new DictionaryPage(out.toBytesInput(), dictionary.size(), Encoding.PLAIN);
      dictionary.clear();
    }
    if (mode == Mode.PLAIN) {
      dictionary = null; // up to 500 KiB that the next row group may not need
      codes = new int[0];
    }
    mode = Mode.UNDECIDED;
    return result;
  }

  @Override
  long memoryBytes() {
    return super.memoryBytes()
        + 8L * bits.length
        + 4L * codes.length
        + (dictionary == null ? 0 : dictionary.memoryBytes());
  }
}
