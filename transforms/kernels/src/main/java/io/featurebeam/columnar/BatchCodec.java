package io.featurebeam.columnar;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The binary form of a batch: versioned, little-endian, self-describing (it carries its schema).
 *
 * <p>Integers are stored as an offset from their minimum in as few whole bytes as the range needs
 * (none if all are equal), doubles that are whole numbers likewise, strings as a dictionary of what
 * the rows use or as lengths and bytes. What the arrays hold at a null row is not kept (of a list,
 * its elements are).
 *
 * <p>Decoding trusts nothing: any byte string gives a batch or an {@link IllegalArgumentException}
 * that says what is wrong and at which byte. What it allocates is bounded by 64 times the input
 * plus 256 MiB, because a constant column is smaller than its values.
 */
public final class BatchCodec {

  /** The most records that one batch may hold in binary form. */
  public static final int MAX_ROWS = 1 << 22;

  private static final int MAGIC = 0x4246; // "FB", little-endian
  private static final int VERSION = 1;
  private static final int MAX_COLUMNS = 1 << 16;
  private static final long BASE_BUDGET = 256L << 20;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int RAW = 0;
  private static final int CONSTANT = 1;
  private static final int INTEGRAL = 2;
  private static final int SLICED = 0;
  private static final int CODED = 1;
  private static final int UNKNOWN = 0;
  private static final int CONTIGUOUS = 1;
  private static final int ONE_SOURCE = 2;
  private static final int MANY_SOURCES = 3;

  private BatchCodec() {}

  /** What stands for a type in the bytes: part of the form, so not the order of an enum. */
  private static int code(FieldType.Kind kind) {
    return switch (kind) {
      case BOOLEAN -> 0;
      case INT64 -> 1;
      case FLOAT64 -> 2;
      case STRING -> 3;
      case BYTES -> 4;
      case TIMESTAMP -> 5;
      case DATE -> 6;
      case TIME -> 7;
      case LIST -> 8;
    };
  }

  public static byte[] encode(RecordBatch batch) {
    if (batch.size() > MAX_ROWS) {
      throw new IllegalArgumentException(
          "Batch of "
              + batch.size()
              + " records is too large to encode (at most "
              + MAX_ROWS
              + ")");
    }
    if (batch.schema().size() > MAX_COLUMNS) {
      throw new IllegalArgumentException(
          "Batch of "
              + batch.schema().size()
              + " columns is too wide to encode (at most "
              + MAX_COLUMNS
              + ")");
    }
    Writer out = new Writer((int) Math.min(1 << 26, 256 + batch.byteSize() / 2));
    out.byteValue(MAGIC & 0xFF);
    out.byteValue(MAGIC >> 8);
    out.byteValue(VERSION);
    out.varint(batch.size());
    out.varint(batch.schema().size());
    for (Field field : batch.schema().fields()) {
      out.string(field.name());
      out.type(field.type());
      out.byteValue(field.nullable() ? 1 : 0);
    }
    out.positions(batch.positions(), batch.size());
    for (Column column : batch.columns()) {
      out.column(column);
    }
    return Arrays.copyOf(out.bytes, out.at);
  }

  public static RecordBatch decode(byte[] bytes) {
    Reader in = new Reader(bytes);
    try {
      return in.batch();
    } catch (IndexOutOfBoundsException | NegativeArraySizeException | ArithmeticException e) {
      throw in.corrupt("it ends or points outside: " + e.getMessage());
    }
  }

  private static final class Writer {
    private byte[] bytes;
    private int at;

    Writer(int capacity) {
      bytes = new byte[capacity];
    }

    void reserve(long more) {
      long needed = at + more + 8;
      if (needed > bytes.length) {
        if (needed > Integer.MAX_VALUE - 16) {
          throw new IllegalArgumentException("Batch is too large to encode (at most 2 GiB)");
        }
        bytes =
            Arrays.copyOf(
                bytes, (int) Math.min(Integer.MAX_VALUE - 16, Math.max(needed, bytes.length * 2L)));
      }
    }

    void byteValue(int value) {
      reserve(1);
      bytes[at++] = (byte) value;
    }

    void longValue(long value) {
      reserve(8);
      LONGS.set(bytes, at, value);
      at += 8;
    }

    void varint(long value) {
      reserve(10);
      while ((value & ~0x7FL) != 0) {
        bytes[at++] = (byte) (value | 0x80);
        value >>>= 7;
      }
      bytes[at++] = (byte) value;
    }

    void raw(byte[] source, int from, int length) {
      reserve(length);
      System.arraycopy(source, from, bytes, at, length);
      at += length;
    }

    void string(String value) {
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      varint(utf8.length);
      raw(utf8, 0, utf8.length);
    }

    void type(FieldType type) {
      byteValue(code(type.kind()));
      if (type.kind() == FieldType.Kind.LIST) {
        byteValue(code(type.element().kind()));
      }
    }

    void bitmap(Bitmap bits) {
      long[] words = bits.words();
      reserve(8L * words.length);
      for (long word : words) {
        LONGS.set(bytes, at, word);
        at += 8;
      }
    }

    void positions(Positions positions, int size) {
      if (!positions.isKnown()) {
        byteValue(UNKNOWN);
        return;
      }
      boolean oneSource = positions.sources().size() == 1;
      byteValue(positions.isContiguous() ? CONTIGUOUS : oneSource ? ONE_SOURCE : MANY_SOURCES);
      varint(positions.sources().size());
      positions.sources().forEach(this::string);
      if (positions.isContiguous()) {
        longValue(size == 0 ? 0 : positions.place(0));
        return;
      }
      long[] values = new long[size];
      if (!oneSource) {
        Arrays.setAll(values, positions::sourceIndex);
        longs(values, size, null);
      }
      Arrays.setAll(values, positions::place);
      longs(values, size, null);
    }

    void column(Column column) {
      byteValue(column.validity() == null ? 0 : 1);
      if (column.validity() != null) {
        bitmap(column.validity());
      }
      int size = column.size();
      if (column instanceof LongColumn c) {
        longs(c.values(), size, c.validity());
      } else if (column instanceof DoubleColumn c) {
        doubles(c.values(), size, c.validity());
      } else if (column instanceof BooleanColumn c) {
        bitmap(c.validity() == null ? c.values() : c.values().and(c.validity()));
      } else if (column instanceof BytesColumn c) {
        byteStrings(withoutHidden(c).compacted());
      } else if (column instanceof ListColumn c) {
        long[] lengths = new long[size];
        for (int i = 0; i < size; i++) {
          lengths[i] = (long) c.end(i) - c.start(i);
        }
        longs(lengths, size, null);
        column(c.elements());
      }
    }

    /** Width (0 to 8), minimum, then each value less the minimum in that many bytes. */
    void longs(long[] values, int size, @Nullable Bitmap validity) {
      long min = Long.MAX_VALUE;
      long max = Long.MIN_VALUE;
      for (int i = 0; i < size; i++) {
        if (validity == null || validity.get(i)) {
          min = Math.min(min, values[i]);
          max = Math.max(max, values[i]);
        }
      }
      if (min > max) {
        min = 0;
        max = 0;
      }
      int width = (64 - Long.numberOfLeadingZeros(max - min) + 7) >> 3;
      byteValue(width);
      longValue(min);
      if (width == 0) {
        return;
      }
      reserve((long) width * size);
      for (int i = 0; i < size; i++) {
        long value = validity == null || validity.get(i) ? values[i] - min : 0;
        LONGS.set(bytes, at, value);
        at += width;
      }
    }

    void doubles(double[] values, int size, @Nullable Bitmap validity) {
      boolean integral = true;
      boolean constant = true;
      long firstBits = size == 0 ? 0 : Double.doubleToRawLongBits(values[0]);
      for (int i = 0; i < size && (integral || constant); i++) {
        long bits = Double.doubleToRawLongBits(values[i]);
        constant &= bits == firstBits;
        integral &= Double.doubleToRawLongBits((double) (long) values[i]) == bits;
      }
      if (constant && validity == null) {
        byteValue(CONSTANT);
        longValue(firstBits);
      } else if (integral) {
        byteValue(INTEGRAL);
        long[] longs = new long[size];
        for (int i = 0; i < size; i++) {
          longs[i] = (long) values[i];
        }
        longs(longs, size, validity);
      } else {
        byteValue(RAW);
        reserve(8L * size);
        for (int i = 0; i < size; i++) {
          boolean valid = validity == null || validity.get(i);
          LONGS.set(bytes, at, valid ? Double.doubleToRawLongBits(values[i]) : 0L);
          at += 8;
        }
      }
    }

    /** The column with nothing left of what null rows held. */
    private static BytesColumn withoutHidden(BytesColumn column) {
      Bitmap validity = column.validity();
      if (validity == null) {
        return column;
      }
      Slices slices = column.slices();
      int[] codes = new int[column.size()];
      boolean hidden = false;
      int first = validity.isEmpty() ? -1 : column.code(validity.indexes()[0]);
      for (int i = 0; i < codes.length; i++) {
        boolean valid = validity.get(i);
        codes[i] = valid ? column.code(i) : first;
        hidden |= !valid && slices.length(column.code(i)) > 0;
      }
      if (!hidden) {
        return column;
      }
      return first < 0
          ? (BytesColumn) Column.nulls(column.type(), column.size())
          : BytesColumn.coded(column.type(), slices, codes, codes.length, validity);
    }

    void byteStrings(BytesColumn column) {
      if (column.isCoded()) {
        byteValue(CODED);
        varint(column.slices().size());
        slices(column.slices());
        long[] codes = new long[column.size()];
        for (int i = 0; i < codes.length; i++) {
          codes[i] = column.code(i);
        }
        longs(codes, codes.length, null);
      } else {
        byteValue(SLICED);
        slices(column.slices());
      }
    }

    void slices(Slices slices) {
      long[] lengths = new long[slices.size()];
      for (int i = 0; i < lengths.length; i++) {
        lengths[i] = slices.length(i);
      }
      longs(lengths, lengths.length, null);
      raw(slices.data(), slices.start(0), slices.byteSize());
    }
  }

  private static final class Reader {
    private final byte[] bytes;
    private int at;
    private long budget;

    Reader(byte[] bytes) {
      this.bytes = bytes;
      this.budget = BASE_BUDGET + 64L * bytes.length;
    }

    RecordBatch batch() {
      if (bytes.length < 3 || (byteValue() | byteValue() << 8) != MAGIC) {
        throw corrupt("it does not start with the mark of a record batch");
      }
      int version = byteValue();
      if (version != VERSION) {
        throw corrupt("its version is " + version + " (this release reads " + VERSION + ")");
      }
      int size = count(MAX_ROWS, "records");
      int columnCount = count(Math.min(MAX_COLUMNS, bytes.length), "columns");
      List<Field> fields = new ArrayList<>(columnCount);
      for (int i = 0; i < columnCount; i++) {
        String name = string();
        FieldType type = type();
        fields.add(new Field(name, type, byteValue() != 0));
      }
      RecordSchema schema = RecordSchema.of(fields);
      Positions positions = positions(size);
      List<Column> columns = new ArrayList<>(columnCount);
      for (Field field : fields) {
        columns.add(column(field.type(), size));
      }
      if (at != bytes.length) {
        throw corrupt((bytes.length - at) + " bytes are left over");
      }
      return RecordBatch.of(schema, size, columns, positions);
    }

    IllegalArgumentException corrupt(String why) {
      return new IllegalArgumentException(
          "Invalid record batch at byte " + at + " of " + bytes.length + ": " + why);
    }

    void spend(long cost) {
      budget -= cost;
      if (budget < 0) {
        throw corrupt("it would take far more memory than its length allows");
      }
    }

    int byteValue() {
      return bytes[at++] & 0xFF;
    }

    long longValue() {
      long value = (long) LONGS.get(bytes, at);
      at += 8;
      return value;
    }

    long varint() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        int next = byteValue();
        value |= (next & 0x7FL) << shift;
        if (next < 0x80) {
          return value;
        }
      }
      throw corrupt("a number has more than ten bytes");
    }

    int count(int limit, String what) {
      long value = varint();
      if (value < 0 || value > limit) {
        throw corrupt(Long.toUnsignedString(value) + " " + what + " (at most " + limit + ")");
      }
      return (int) value;
    }

    String string() {
      int length = count(bytes.length - at, "characters");
      String value = new String(bytes, at, length, StandardCharsets.UTF_8);
      at += length;
      return value;
    }

    FieldType.Kind kind() {
      int code = byteValue();
      for (FieldType.Kind kind : FieldType.Kind.values()) {
        if (code(kind) == code) {
          return kind;
        }
      }
      throw corrupt("unknown type " + code);
    }

    FieldType type() {
      FieldType.Kind kind = kind();
      return kind == FieldType.Kind.LIST ? FieldType.listOf(simple(kind())) : simple(kind);
    }

    private FieldType simple(FieldType.Kind kind) {
      return switch (kind) {
        case BOOLEAN -> FieldType.BOOLEAN;
        case INT64 -> FieldType.INT64;
        case FLOAT64 -> FieldType.FLOAT64;
        case STRING -> FieldType.STRING;
        case BYTES -> FieldType.BYTES;
        case TIMESTAMP -> FieldType.TIMESTAMP;
        case DATE -> FieldType.DATE;
        case TIME -> FieldType.TIME;
        case LIST -> throw corrupt("a list of lists");
      };
    }

    Bitmap bitmap(int size) {
      int words = Bitmap.wordCount(size);
      need(8L * words);
      long[] result = new long[words];
      for (int i = 0; i < words; i++) {
        result[i] = longValue();
      }
      return Bitmap.wrap(result, size);
    }

    void need(long length) {
      if (length > bytes.length - at) {
        throw corrupt("it ends " + (length - (bytes.length - at)) + " bytes early");
      }
    }

    Positions positions(int size) {
      int mode = byteValue();
      if (mode == UNKNOWN) {
        return Positions.unknown();
      }
      if (mode > MANY_SOURCES) {
        throw corrupt("unknown kind of positions: " + mode);
      }
      int count = count(bytes.length - at, "sources");
      if (count == 0 || (mode != MANY_SOURCES && count != 1)) {
        throw corrupt(count + " sources");
      }
      List<String> sources = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        sources.add(string());
      }
      if (mode == CONTIGUOUS) {
        return Positions.contiguous(sources.get(0), longValue());
      }
      if (mode == ONE_SOURCE) {
        return Positions.of(sources.get(0), longs(size));
      }
      return Positions.of(sources, ints(size, count, "source"), longs(size));
    }

    Column column(FieldType type, int size) {
      Bitmap validity = byteValue() == 0 ? null : bitmap(size);
      return switch (type.storage()) {
        case LONG -> new LongColumn(type, longs(size), size, validity);
        case DOUBLE -> new DoubleColumn(doubles(size), size, validity);
        case BOOLEAN -> new BooleanColumn(bitmap(size), validity);
        case BYTES -> byteStrings(type, size, validity);
        case LIST -> {
          int[] offsets = offsets(size, Integer.MAX_VALUE, "list elements");
          int total = offsets[size];
          spend(total);
          yield new ListColumn(type, offsets, column(type.element(), total), size, validity);
        }
      };
    }

    long[] longs(int size) {
      int width = byteValue();
      if (width > 8) {
        throw corrupt("a number of " + width + " bytes");
      }
      long min = longValue();
      need((long) width * size);
      spend(8L * size);
      long[] values = new long[size];
      if (width == 0) {
        Arrays.fill(values, min);
        return values;
      }
      long mask = width == 8 ? -1L : (1L << (8 * width)) - 1;
      int room = bytes.length - 8 - at; // the last values cannot be read as eight bytes
      int whole = room < 0 ? 0 : Math.min(size, room / width + 1);
      for (int i = 0; i < whole; i++) {
        values[i] = min + ((long) LONGS.get(bytes, at) & mask);
        at += width;
      }
      for (int i = whole; i < size; i++) {
        long value = 0;
        for (int b = 0; b < width; b++) {
          value |= (long) byteValue() << (8 * b);
        }
        values[i] = min + value;
      }
      return values;
    }

    /** Numbers from 0 to {@code limit} (exclusive). */
    int[] ints(int size, int limit, String what) {
      long[] values = longs(size);
      int[] result = new int[size];
      for (int i = 0; i < size; i++) {
        if (values[i] < 0 || values[i] >= limit) {
          throw corrupt(what + " " + values[i] + " of " + limit);
        }
        result[i] = (int) values[i];
      }
      return result;
    }

    /** Lengths summed up; the total is at most {@code limit}. */
    int[] offsets(int size, int limit, String what) {
      long[] lengths = longs(size);
      int[] offsets = new int[size + 1];
      for (int i = 0; i < size; i++) {
        if (lengths[i] < 0 || lengths[i] > limit - offsets[i]) {
          throw corrupt(lengths[i] + " " + what + " in entry " + i);
        }
        offsets[i + 1] = offsets[i] + (int) lengths[i];
      }
      return offsets;
    }

    double[] doubles(int size) {
      int mode = byteValue();
      if (mode == RAW) {
        need(8L * size);
      }
      spend(8L * size);
      double[] values = new double[size];
      switch (mode) {
        case CONSTANT -> {
          Arrays.fill(values, Double.longBitsToDouble(longValue()));
        }
        case INTEGRAL -> {
          long[] longs = longs(size);
          for (int i = 0; i < size; i++) {
            values[i] = longs[i];
          }
        }
        case RAW -> {
          for (int i = 0; i < size; i++) {
            values[i] = Double.longBitsToDouble(longValue());
          }
        }
        default -> throw corrupt("unknown form of float64 values: " + mode);
      }
      return values;
    }

    BytesColumn byteStrings(FieldType type, int size, @Nullable Bitmap validity) {
      int mode = byteValue();
      if (mode == SLICED) {
        return BytesColumn.sliced(type, slices(size), validity);
      }
      if (mode != CODED) {
        throw corrupt("unknown form of strings: " + mode);
      }
      int entries = count(Math.max(1, size), "dictionary entries");
      Slices dictionary = slices(entries);
      return BytesColumn.coded(
          type, dictionary, ints(size, Math.max(1, entries), "code"), size, validity);
    }

    Slices slices(int size) {
      spend(4L * size);
      int[] offsets = offsets(size, bytes.length, "bytes");
      int length = offsets[size];
      need(length);
      byte[] data = Arrays.copyOfRange(bytes, at, at + length);
      at += length;
      return Slices.wrap(data, offsets, size);
    }
  }
}
