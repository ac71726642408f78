package io.featurebeam.io.file.parquet;

import java.io.IOException;
import java.util.Objects;
import java.util.zip.CRC32;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;

/**
 * The pages of one column chunk after another, decompressed. All buffers are used again: what a
 * page gives is good until the next one.
 */
final class ChunkPages implements AutoCloseable {

  /**
   * Read before it is parsed, so that a failure of the file system is not taken for a broken
   * header.
   */
  private static final int USUAL_HEADER = 1 << 12;

  /** A page may be larger than this only if the footer says that its chunk is. */
  private static final int USUAL_PAGE = 1 << 20;

  /** No page may be larger than this, whatever the footer says: it is held in memory whole. */
  private static final int MAX_PAGE = 1 << 28;

  private final ParquetInput in;
  private final FileWindow window;
  private final CRC32 crc = new CRC32();
  private @Nullable Decompressor decompressor;
  private ColumnChunkMetaData chunk;

  /** Where the next page starts, and the chunk ends, in the file. */
  private long position;

  private long end;

  /** Where the page behind the last header starts. */
  private long pageStart;

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

  ChunkPages(ParquetInput in, FileWindow window, ColumnChunkMetaData first, String column) {
    this.in = in;
    this.window = window;
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
    window.until(end);
  }

  /** Nothing behind this place of the file will be needed for now. */
  void readUntil(long place) {
    window.until(Math.min(place, end));
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
    window.load(position, (int) Math.min(USUAL_HEADER, end - position));
    FileWindow.Stream stream = window.stream(position, end);
    PageHeader header;
    try {
      header = Util.readPageHeader(stream);
    } catch (IOException e) {
      throw new IllegalArgumentException("a broken page header", e);
    } catch (StackOverflowError e) { // the parser follows whatever nesting the bytes claim
      throw new IllegalArgumentException("a broken page header: nested without end", e);
    }
    position = stream.position();
    int compressed = header.getCompressed_page_size();
    int size = header.getUncompressed_page_size();
    if (compressed < 0 || compressed > end - position) {
      throw new IndexOutOfBoundsException("a page of " + compressed + " bytes outside its chunk");
    }
    checkSize(size);
    pageStart = position;
    position += compressed;
    return header;
  }

  private void checkSize(int size) {
    if (size > MAX_PAGE) {
      throw new IndexOutOfBoundsException(
          "a page of " + size + " uncompressed bytes (at most " + MAX_PAGE + ")");
    }
    if (size < 0 || size > Math.max(USUAL_PAGE, chunk.getTotalUncompressedSize())) {
      throw new IndexOutOfBoundsException(
          "a page of "
              + size
              + " uncompressed bytes in a column chunk of "
              + chunk.getTotalUncompressedSize());
    }
  }

  /** The bytes of the dictionary page with this header: {@link #valueBytes()}. */
  void dictionary(PageHeader header) throws IOException {
    int at = load(header);
    decompress(at, header.getCompressed_page_size(), header.getUncompressed_page_size(), true);
  }

  /** Reads the page behind a header, as it is in the file; where its bytes are in the window. */
  private int load(PageHeader header) throws IOException {
    int compressed = header.getCompressed_page_size();
    int at = window.load(pageStart, compressed);
    if (header.isSetCrc()) {
      crc.reset();
      crc.update(window.bytes(), at, compressed);
      if ((int) crc.getValue() != header.getCrc()) {
        throw new IllegalArgumentException("a page whose checksum (CRC-32) is wrong");
      }
    }
    return at;
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
    int at = load(header);
    decompress(at, header.getCompressed_page_size(), header.getUncompressed_page_size(), true);
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
    int at = load(header);
    levelBytes = window.bytes();
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
      valueBytes = window.bytes();
      valueFrom = at;
      valueTo = at + size;
      return;
    }
    Decompressor codec = Objects.requireNonNull(decompressor);
    codec.check(compressed, size);
    plain = FileWindow.grown(plain, size);
    try {
      codec.decompress(window.bytes(), at, compressed, plain, 0, size);
    } catch (IOException e) {
      throw new IllegalArgumentException("a page that does not decompress: " + e.getMessage(), e);
    }
    valueBytes = plain;
    valueFrom = 0;
    valueTo = size;
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
}
