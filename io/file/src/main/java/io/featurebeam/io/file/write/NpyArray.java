package io.featurebeam.io.file.write;

import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.Slices;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One array of a file, as a {@code .npy} file of format 1.0 (NumPy Enhancement Proposal 1): a
 * header that says type and length, then the values, little-endian.
 */
abstract class NpyArray {

  /** What NumPy takes for no time. */
  static final long NAT = Long.MIN_VALUE;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int ALIGNMENT = 64;
  private static final int BEFORE_HEADER = MAGIC.length + Short.BYTES;

  private final String name;
  private final List<Column> parts = new ArrayList<>();
  private long length;

  NpyArray(String name) {
    this.name = name;
  }

  final String name() {
    return name;
  }

  /** Takes the values of one more batch. */
  final void add(Column part) {
    parts.add(part);
    length += count(part);
    observe(part);
  }

  /** What of a part is to be known before it is written. */
  void observe(Column part) {}

  /** How many values a part has. */
  long count(Column part) {
    return part.size();
  }

  long length() {
    return length;
  }

  /** Type in NumPy's words. */
  abstract String type();

  /** Bytes of a value. */
  abstract int width();

  /** How much longer the file would be with one more part than with that in a file of its own. */
  long padding(Column part) {
    return 0;
  }

  final long fileBytes() {
    return BEFORE_HEADER + header().length + length() * width();
  }

  private byte[] header() {
    String text =
        "{'descr': '" + type() + "', 'fortran_order': False, 'shape': (" + length() + ",), }";
    int padding = ALIGNMENT - 1 - (BEFORE_HEADER + text.length()) % ALIGNMENT;
    return (text + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  final void writeTo(NpyOutput out) throws IOException {
    out.bytes(MAGIC, 0, MAGIC.length);
    byte[] header = header();
    out.shortNumber((short) header.length);
    out.bytes(header, 0, header.length);
    begin(out);
    for (Column part : parts) {
      write(part, out);
    }
  }

  void begin(NpyOutput out) throws IOException {}

  abstract void write(Column part, NpyOutput out) throws IOException;

  /** Whole numbers and times; a null is {@code missing}. */
  static final class Longs extends NpyArray {
    private final String type;
    private final long missing;

    Longs(String name, String type, long missing) {
      super(name);
      this.type = type;
      this.missing = missing;
    }

    @Override
    String type() {
      return type;
    }

    @Override
    int width() {
      return Long.BYTES;
    }

    @Override
    void write(Column part, NpyOutput out) throws IOException {
      long[] values = ((LongColumn) part).values();
      for (int i = 0; i < part.size(); i++) {
        out.number(part.isNull(i) ? missing : values[i]);
      }
    }
  }

  /** Numbers; a null is NaN. */
  static final class Doubles extends NpyArray {
    Doubles(String name) {
      super(name);
    }

    @Override
    String type() {
      return "<f8";
    }

    @Override
    int width() {
      return Double.BYTES;
    }

    @Override
    void write(Column part, NpyOutput out) throws IOException {
      double[] values = ((DoubleColumn) part).values();
      for (int i = 0; i < part.size(); i++) {
        out.number(Double.doubleToRawLongBits(part.isNull(i) ? Double.NaN : values[i]));
      }
    }
  }

  /** A byte each; a null is false. */
  static final class Booleans extends NpyArray {
    Booleans(String name) {
      super(name);
    }

    @Override
    String type() {
      return "|b1";
    }

    @Override
    int width() {
      return 1;
    }

    @Override
    void write(Column part, NpyOutput out) throws IOException {
      BooleanColumn values = (BooleanColumn) part;
      for (int i = 0; i < part.size(); i++) {
        out.oneByte((byte) (!part.isNull(i) && values.get(i) ? 1 : 0));
      }
    }
  }

  /** True where a value is null. */
  static final class Mask extends NpyArray {
    Mask(String name) {
      super(name);
    }

    @Override
    String type() {
      return "|b1";
    }

    @Override
    int width() {
      return 1;
    }

    @Override
    void write(Column part, NpyOutput out) throws IOException {
      for (int i = 0; i < part.size(); i++) {
        out.oneByte((byte) (part.isNull(i) ? 1 : 0));
      }
    }
  }

  /** Where each row's elements or bytes begin, and where the last end. */
  static final class Offsets extends NpyArray {
    private long end;

    Offsets(String name) {
      super(name);
    }

    @Override
    long length() {
      return super.length() + 1;
    }

    @Override
    String type() {
      return "<i8";
    }

    @Override
    int width() {
      return Long.BYTES;
    }

    @Override
    void begin(NpyOutput out) throws IOException {
      end = 0;
      out.number(0);
    }

    @Override
    void write(Column part, NpyOutput out) throws IOException {
      for (int i = 0; i < part.size(); i++) {
        end += NpyArrays.length(part, i);
        out.number(end);
      }
    }
  }

  /** The bytes of all rows. */
  static final class RawBytes extends NpyArray {
    RawBytes(String name) {
      super(name);
    }

    @Override
    long count(Column part) {
      long count = 0;
      for (int i = 0; i < part.size(); i++) {
        count += NpyArrays.length(part, i);
      }
      return count;
    }

    @Override
    String type() {
      return "|u1";
    }

    @Override
    int width() {
      return 1;
    }

    @Override
    void write(Column part, NpyOutput out) throws IOException {
      BytesColumn bytes = (BytesColumn) part;
      for (int i = 0; i < part.size(); i++) {
        int start = bytes.slices().start(bytes.code(i));
        out.bytes(bytes.slices().data(), start, NpyArrays.length(part, i));
      }
    }
  }

  /** Code points, as many for each as the longest has. */
  static final class Texts extends NpyArray {
    private static final long MAX_BYTES = 1L << 30;

    private int longest = 1; // NumPy has no texts of no width
    private @Nullable Slices seen;
    private int[] seenLengths = {};

    Texts(String name) {
      super(name);
    }

    @Override
    void observe(Column part) {
      longest = Math.max(longest, longest(part));
      if (length() * width() > MAX_BYTES) {
        throw new IllegalArgumentException(
            "Column '"
                + name()
                + "' has a text of "
                + longest
                + " characters among "
                + length()
                + " records (every text of a NumPy file takes the room of its longest, at most 1"
                + " GiB in all; write parquet or tfrecord, or leave the column out)");
      }
    }

    private int longest(Column part) {
      BytesColumn texts = (BytesColumn) part;
      Slices slices = texts.slices();
      if (slices != seen) {
        seenLengths = new int[slices.size()];
        for (int i = 0; i < seenLengths.length; i++) {
          seenLengths[i] = CodePoints.count(slices, i);
        }
        seen = slices;
      }
      int most = 1;
      for (int i = 0; i < part.size(); i++) {
        if (!part.isNull(i)) {
          most = Math.max(most, seenLengths[texts.code(i)]);
        }
      }
      return most;
    }

    @Override
    long padding(Column part) {
      int other = longest(part);
      return Integer.BYTES
          * (other > longest
              ? length() * (other - longest)
              : (long) part.size() * (longest - other));
    }

    @Override
    String type() {
      return "<U" + longest;
    }

    @Override
    int width() {
      return Integer.BYTES * longest;
    }

    @Override
    void write(Column part, NpyOutput out) throws IOException {
      BytesColumn texts = (BytesColumn) part;
      for (int i = 0; i < part.size(); i++) {
        int written = part.isNull(i) ? 0 : CodePoints.write(texts.slices(), texts.code(i), out);
        out.zeros(Integer.BYTES * (longest - written));
      }
    }
  }
}
