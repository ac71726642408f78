package io.featurebeam.io.file.parquet;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;

/**
 * The pages of one column chunk after another, decompressed. Reads the file through a window of
 * some megabytes, so memory does not grow with the size of a row group. All buffers are used again:
 * what a page gives is good until the next one.
 */
final class ChunkPages implements AutoCloseable {

  private static final int WINDOW = 8 << 20;

  /**
   * Read before it is parsed, so that a failure of the file system is not taken for a broken
   * header.
   */
  private static final int USUAL_HEADER = 1 << 12;

  /** A page may be larger than this only if the footer says that its chunk is. */
  private static final long LARGE_PAGE = 64L << 20;

  private final ParquetInput in;
  private final HeaderStream headerStream = new HeaderStream();
  private @Nullable Decompressor decompressor;
  private ColumnChunkMetaData chunk;

  /** Bytes of the file from {@code windowStart}. */
  private byte[] window = new byte[0];

  private long windowStart;
  private int windowLength;

  /** Where the next page starts, and the chunk ends, in the file. */
  private long position;

  private long end;
  private byte[] plain = new byte[0];

  // The current data page.
  private int valueCount;
  private Encoding encoding = Encoding.PLAIN;
  private byte[] levelBytes = plain;
  private int repetitionFrom;
  private int repetitionTo;
  private int definitionFrom;
  private int definitionTo;
  private byte[] valueBytes = plain;
  private int valueFrom;
  private int valueTo;

  ChunkPages(ParquetInput in, ColumnChunkMetaData first, String column) {
    this.in = in;
    this.chunk = first;
    this.decompressor = Decompressor.of(first.getCodec(), in.name(), column);
  }

  /** Starts on another chunk of the same column. */
  void start(ColumnChunkMetaData next, String column) {
    if (next.getCodec() != chunk.getCodec() || decompressor == null) {
      close();
      decompressor = Decompressor.of(next.getCodec(), in.name(), column);
    }
    chunk = next;
    position = next.getStartingPos();
    end = position + next.getTotalSize();
    if (position < 0 || next.getTotalSize() < 0 || end > in.length()) {
      throw new IndexOutOfBoundsException(
          "a column chunk from byte " + position + " to " + end + " of " + in.length());
    }
  }

  /** Where in the file the next page starts. */
  long position() {
    return position;
  }

  boolean hasNext() {
    return position < end;
  }

  /** Continues at the page that starts there. */
  void moveTo(long filePosition) {
    if (filePosition < chunk.getStartingPos() || filePosition >= end) {
      throw new IndexOutOfBoundsException("a page at byte " + filePosition + " outside its chunk");
    }
    position = filePosition;
  }

  /**
   * Parses the header of the next page, and moves behind the page without reading it: {@link
   * #dictionary} or {@link #data} read it.
   */
  PageHeader nextHeader() throws IOException {
    headerStream.at = position;
    load(position, (int) Math.min(USUAL_HEADER, end - position));
    PageHeader header;
    try {
      header = Util.readPageHeader(headerStream);
    } catch (IOException e) {
      throw new IllegalArgumentException("a broken page header: " + e.getMessage(), e);
    }
    position = headerStream.at;
    int compressed = header.getCompressed_page_size();
    int size = header.getUncompressed_page_size();
    if (compressed < 0 || compressed > end - position) {
      throw new IndexOutOfBoundsException("a page of " + compressed + " bytes outside its chunk");
    }
    if (size < 0 || size > Math.max(LARGE_PAGE, chunk.getTotalUncompressedSize())) {
      throw new IndexOutOfBoundsException("a page of " + size + " uncompressed bytes");
    }
    pageStart = position;
    position += compressed;
    return header;
  }

  private long pageStart;

  /** The bytes of the dictionary page with this header: {@link #valueBytes()}. */
  void dictionary(PageHeader header) throws IOException {
    int compressed = header.getCompressed_page_size();
    int at = load(pageStart, compressed);
    decompress(at, compressed, header.getUncompressed_page_size(), true);
  }

  /** The data page with this header. */
  void data(PageHeader header, int maxRepetition, int maxDefinition) throws IOException {
    if (header.isSetData_page_header_v2()) {
      dataV2(header, header.getData_page_header_v2());
    } else {
      dataV1(header, header.getData_page_header(), maxRepetition, maxDefinition);
    }
    if (valueCount < 0 || valueCount > chunk.getValueCount() || encoding == null) {
      throw new IndexOutOfBoundsException(
          "a page of "
              + valueCount
              + " values encoded as "
              + encoding
              + " in a column chunk of "
              + chunk.getValueCount());
    }
  }

  private void dataV1(PageHeader header, DataPageHeader data, int maxRepetition, int maxDefinition)
      throws IOException {
    int compressed = header.getCompressed_page_size();
    int at = load(pageStart, compressed);
    decompress(at, compressed, header.getUncompressed_page_size(), true);
    valueCount = data.getNum_values();
    encoding = data.getEncoding();
    levelBytes = valueBytes;
    int from = valueFrom;
    repetitionFrom = from;
    repetitionTo = from;
    if (maxRepetition > 0) {
      checkLevels(data.getRepetition_level_encoding());
      repetitionFrom = from + 4;
      repetitionTo = levelsEnd(from);
      from = repetitionTo;
    }
    definitionFrom = from;
    definitionTo = from;
    if (maxDefinition > 0) {
      checkLevels(data.getDefinition_level_encoding());
      definitionFrom = from + 4;
      definitionTo = levelsEnd(from);
      from = definitionTo;
    }
    valueFrom = from;
  }

  private static void checkLevels(Encoding encoding) {
    if (encoding != Encoding.RLE) {
      throw new IndexOutOfBoundsException(
          "levels encoded as " + encoding + " (only RLE is supported)");
    }
  }

  private int levelsEnd(int from) {
    int length = valueTo - from < 4 ? -1 : LittleEndian.intAt(valueBytes, from);
    if (length < 0 || length > valueTo - from - 4) {
      throw new IndexOutOfBoundsException("levels of " + length + " bytes");
    }
    return from + 4 + length;
  }

  private void dataV2(PageHeader header, DataPageHeaderV2 data) throws IOException {
    int compressed = header.getCompressed_page_size();
    int repetition = data.getRepetition_levels_byte_length();
    int definition = data.getDefinition_levels_byte_length();
    long levels = (long) repetition + definition;
    if (repetition < 0
        || definition < 0
        || levels > compressed
        || levels > header.getUncompressed_page_size()) {
      throw new IndexOutOfBoundsException("levels of " + levels + " bytes");
    }
    int at = load(pageStart, compressed);
    levelBytes = window;
    repetitionFrom = at;
    repetitionTo = at + repetition;
    definitionFrom = repetitionTo;
    definitionTo = repetitionTo + definition;
    int valuesLength = compressed - (int) levels;
    decompress(
        definitionTo,
        valuesLength,
        header.getUncompressed_page_size() - (int) levels,
        (!data.isSetIs_compressed() || data.isIs_compressed()) && valuesLength > 0);
    valueCount = data.getNum_values();
    encoding = data.getEncoding();
  }

  /** Sets the value bytes to those at {@code at} of the window, decompressed. */
  private void decompress(int at, int compressed, int size, boolean isCompressed)
      throws IOException {
    if (!isCompressed || chunk.getCodec() == CompressionCodecName.UNCOMPRESSED) {
      Decompressor.sameSize(compressed, size);
      valueBytes = window;
      valueFrom = at;
      valueTo = at + size;
      return;
    }
    Decompressor codec = Objects.requireNonNull(decompressor);
    codec.check(compressed, size);
    plain = grown(plain, size);
    try {
      codec.decompress(window, at, compressed, plain, 0, size);
    } catch (IOException e) {
      throw new IllegalArgumentException("a page that does not decompress: " + e.getMessage(), e);
    }
    valueBytes = plain;
    valueFrom = 0;
    valueTo = size;
  }

  private static byte[] grown(byte[] buffer, int size) {
    return size + LittleEndian.PADDING <= buffer.length
        ? buffer
        : new byte
            [Math.addExact(
                Math.max(size, Math.min(buffer.length * 2, WINDOW)), LittleEndian.PADDING)];
  }

  /** Where in the window the bytes at this place of the file are, once they all are in it. */
  private int load(long from, int length) throws IOException {
    if (from >= windowStart && from + length <= windowStart + windowLength) {
      return (int) (from - windowStart);
    }
    int wanted = (int) Math.max(length, Math.min(WINDOW, end - from));
    window = grown(window, wanted);
    in.read(from, window, 0, wanted);
    windowStart = from;
    windowLength = wanted;
    return 0;
  }

  int valueCount() {
    return valueCount;
  }

  Encoding encoding() {
    return encoding;
  }

  byte[] levelBytes() {
    return levelBytes;
  }

  int repetitionFrom() {
    return repetitionFrom;
  }

  int repetitionTo() {
    return repetitionTo;
  }

  int definitionFrom() {
    return definitionFrom;
  }

  int definitionTo() {
    return definitionTo;
  }

  byte[] valueBytes() {
    return valueBytes;
  }

  int valueFrom() {
    return valueFrom;
  }

  int valueTo() {
    return valueTo;
  }

  @Override
  public void close() {
    if (decompressor != null) {
      decompressor.close();
      decompressor = null;
    }
  }

  /** What the parser of page headers reads from: the window, a byte at a time. */
  private final class HeaderStream extends InputStream {
    private long at;

    @Override
    public int read() throws IOException {
      if (at >= end) {
        return -1;
      }
      int index = load(at++, 1); // before the window is looked at: it may be replaced
      return window[index] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (at >= end) {
        throw new EOFException("a page header ends early");
      }
      int n = (int) Math.min(length, Math.min(end - at, 1 << 12));
      int index = load(at, n);
      System.arraycopy(window, index, into, from, n);
      at += n;
      return n;
    }
  }
}
