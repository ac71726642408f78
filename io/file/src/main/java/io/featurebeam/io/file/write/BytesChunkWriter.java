package io.featurebeam.io.file.write;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Slices;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.BinaryStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Strings and bytes. Codes of a coded column become codes of the file by one table look-up per row;
 * each entry that a row uses is hashed once per dictionary. Values that hardly repeat are written
 * plain.
 */
final class BytesChunkWriter extends ChunkWriter {

  /** Values that must have come before it is judged whether a dictionary pays. */
  private static final int PROBE = 1 << 11;

  private final BytesDictionary dictionary = new BytesDictionary();
  private final PageBuffer plain = new PageBuffer();
  private boolean coding = true;
  private int[] codes = new int[1 << 10];
  private int count;
  private int entriesBefore;
  private @Nullable Slices translated;
  private int[] translation = {};
  private int[] seen = {};
  private int pageNumber;

  BytesChunkWriter(ColumnDescriptor descriptor, PageWriter pages) {
    super(descriptor, pages);
  }

  @Override
  boolean isSteady() {
    return false;
  }

  @Override
  void addValues(Column column, int from, int to) {
    BytesColumn bytes = (BytesColumn) column;
    int at = from;
    if (coding) {
      at = addCodes(bytes, from, to);
      if (at < to) {
        decode();
      }
    }
    if (at < to) {
      addPlain(bytes, at, to);
    }
  }

  /** Says at which row the dictionary was full, or that it did not pay; {@code to} if at none. */
  private int addCodes(BytesColumn column, int from, int to) {
    if (codes.length < count + to - from) {
      codes =
          Arrays.copyOf(codes, Math.max(count + to - from, Math.min(PAGE_ROWS, 4 * codes.length)));
    }
    Bitmap validity = column.validity();
    Slices slices = column.slices();
    boolean coded = column.isCoded();
    if (coded && slices != translated) {
      translated = slices;
      translation = translation.length < slices.size() ? new int[slices.size()] : translation;
      Arrays.fill(translation, 0, slices.size(), -1);
    }
    for (int row = from; row < to; row++) {
      if (validity != null && !validity.get(row)) {
        continue;
      }
      int entry = column.code(row);
      int code = coded ? translation[entry] : -1;
      if (code < 0) {
        code = dictionary.code(slices.data(), slices.start(entry), slices.end(entry));
        if (code < 0 || (count >= PROBE && 2 * (dictionary.size() - entriesBefore) > count)) {
          return row;
        }
        if (coded) {
          translation[entry] = code;
        }
      }
      codes[count++] = code;
    }
    return to;
  }

  /** Goes over to plain: the page's values so far too. */
  private void decode() {
    coding = false;
    for (int i = 0; i < count; i++) {
      plain.putLengthAndBytes(
          dictionary.data(), dictionary.start(codes[i]), dictionary.length(codes[i]));
    }
    count = 0;
  }

  private void addPlain(BytesColumn column, int from, int to) {
    Bitmap validity = column.validity();
    Slices slices = column.slices();
    byte[] data = slices.data();
    for (int row = from; row < to; row++) {
      if (validity == null || validity.get(row)) {
        int entry = column.code(row);
        plain.putLengthAndBytes(data, slices.start(entry), slices.length(entry));
      }
    }
  }

  @Override
  long pageBytes() {
    return coding ? 4L * count : plain.size();
  }

  @Override
  Encoding encodeValues(PageBuffer out) {
    if (!coding || dictionary.size() == 0) { // without values there would be no dictionary page
      out.putBytes(plain.bytes(), 0, plain.size());
      plain.clear();
      return Encoding.PLAIN;
    }
    int width = RunLength.width(Math.max(0, dictionary.size() - 1));
    out.putByte(width);
    RunLength.ints(out, codes, count, width);
    count = 0;
    entriesBefore = dictionary.size();
    return Encoding.RLE_DICTIONARY;
  }

  @Override
  boolean describe(Statistics<?> statistics) {
    byte[] data = coding ? dictionary.data() : plain.bytes();
    ByteRange range = new ByteRange(data);
    if (coding) {
      if (seen.length < dictionary.size()) {
        seen = Arrays.copyOf(seen, Math.max(dictionary.size(), 2 * seen.length));
      }
      pageNumber++;
      for (int i = 0; i < count; i++) {
        int code = codes[i];
        if (seen[code] != pageNumber) {
          seen[code] = pageNumber;
          range.add(dictionary.start(code), dictionary.length(code));
        }
      }
    } else {
      for (int at = 0; at < plain.size(); ) {
        int length = plain.intAt(at);
        at += Integer.BYTES;
        range.add(at, length);
        at += length;
      }
    }
    BinaryStatistics bounds = (BinaryStatistics) statistics;
    bounds.updateStats(range.min());
    bounds.updateStats(range.max());
    return true;
  }

  @Override
  @Nullable DictionaryPage takeDictionary() {
    DictionaryPage result = null;
    if (entriesBefore > 0) {
      PageBuffer out = new PageBuffer();
      for (int i = 0; i < entriesBefore; i++) {
        out.putLengthAndBytes(dictionary.data(), dictionary.start(i), dictionary.length(i));
      }
      result = new DictionaryPage(out.toBytesInput(), entriesBefore, Encoding.PLAIN);
    }
    dictionary.clear();
    entriesBefore = 0;
    translated = null;
    coding = true;
    return result;
  }

  @Override
  long memoryBytes() {
    return super.memoryBytes()
        + plain.capacity()
        + dictionary.memoryBytes()
        + 4L * (codes.length + (long) translation.length + seen.length);
  }
}
