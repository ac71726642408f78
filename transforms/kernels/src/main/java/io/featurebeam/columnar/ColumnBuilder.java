package io.featurebeam.columnar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Grows a column value by value: for readers of row formats, adapters and tests. A kernel that
 * knows its length fills the array itself. Each {@code append} of a kind that the column does not
 * hold throws.
 */
public abstract sealed class ColumnBuilder {

  private final FieldType type;

  /** Begun at the first null: most columns have none. */
  private Bitmap.@Nullable Builder validity;

  int size;

  private ColumnBuilder(FieldType type) {
    this.type = type;
  }

  public static ColumnBuilder of(FieldType type) {
    return switch (type.storage()) {
      case LONG -> new Longs(type);
      case DOUBLE -> new Doubles();
      case BOOLEAN -> new Booleans();
      case BYTES -> new Bytes(type);
      case LIST -> new Lists(type);
    };
  }

  public final int size() {
    return size;
  }

  public final FieldType type() {
    return type;
  }

  /** Whether the value appended last is null. */
  public final boolean endsWithNull() {
    return size > 0 && validity != null && !validity.last();
  }

  /** The int64, timestamp, date or time appended last. */
  public long lastLong() {
    throw mismatch("an int64, timestamp, date or time");
  }

  public final void appendNull() {
    appendPlaceholder();
    if (validity == null) {
      validity = new Bitmap.Builder();
      validity.appendOnes(size);
    }
    validity.append(false);
    size++;
  }

  public void appendLong(long value) {
    throw mismatch("an int64, timestamp, date or time");
  }

  /** Several at once. */
  public void appendLongs(long[] source, int from, int length) {
    throw mismatch("an int64, timestamp, date or time");
  }

  public void appendDouble(double value) {
    throw mismatch("a float64");
  }

  public void appendBoolean(boolean value) {
    throw mismatch("a boolean");
  }

  public void appendBytes(byte[] source, int from, int length) {
    throw mismatch("a string or bytes");
  }

  /** The builder of a list's elements; call {@link #endList()} after the last of a row. */
  public ColumnBuilder elements() {
    throw mismatch("a list");
  }

  public void endList() {
    throw mismatch("a list");
  }

  /**
   * A boxed value as {@link Column#value(int)} gives it, or null. An Integer or Float is widened.
   */
  public final void append(@Nullable Object value) {
    if (value == null) {
      appendNull();
    } else if (value instanceof Long || value instanceof Integer) {
      long number = ((Number) value).longValue();
      if (type.storage() == FieldType.Storage.DOUBLE) {
        appendDouble((double) number);
      } else {
        appendLong(number);
      }
    } else if (value instanceof Double || value instanceof Float) {
      appendDouble(((Number) value).doubleValue());
    } else if (value instanceof Boolean bool) {
      appendBoolean(bool);
    } else if (value instanceof String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      appendBytes(bytes, 0, bytes.length);
    } else if (value instanceof byte[] bytes) {
      appendBytes(bytes, 0, bytes.length);
    } else if (value instanceof List<?> list) {
      ColumnBuilder elements = elements();
      for (Object element : list) {
        elements.append(element);
      }
      endList();
    } else {
      throw new IllegalArgumentException(
          "Cannot put a " + value.getClass().getName() + " into a column of " + type);
    }
  }

  /** The column so far; the builder starts anew, empty. */
  public final Column build() {
    Column column = build(validity == null ? null : validity.buildValidity());
    validity = null;
    size = 0;
    return column;
  }

  /** Takes back the values from {@code newSize} on, and elements of a list that was not ended. */
  final void truncate(int newSize) {
    truncateValues(newSize);
    if (validity != null) {
      validity.truncate(newSize);
    }
    size = newSize;
  }

  /** Arrays by place need nothing: what is appended next overwrites. */
  void truncateValues(int newSize) {}

  abstract void appendPlaceholder();

  abstract Column build(@Nullable Bitmap valid);

  final void appended() {
    if (validity != null) {
      validity.append(true);
    }
    size++;
  }

  private IllegalArgumentException mismatch(String what) {
    return new IllegalArgumentException("Cannot put " + what + " into a column of " + type);
  }

  private static int grown(int length) {
    return length < 16 ? 16 : Math.addExact(length, length >> 1);
  }

  private static final class Longs extends ColumnBuilder {
    private long[] values = new long[16];

    Longs(FieldType type) {
      super(type);
    }

    @Override
    public long lastLong() {
      return values[size - 1];
    }

    @Override
    public void appendLong(long value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, grown(size));
      }
      values[size] = value;
      appended();
    }

    @Override
    public void appendLongs(long[] source, int from, int length) {
      int end = Math.addExact(size, length);
      if (end > values.length) {
        values = Arrays.copyOf(values, Math.max(end, grown(size)));
      }
      System.arraycopy(source, from, values, size, length);
      while (size < end) {
        appended();
      }
    }

    @Override
    void appendPlaceholder() {
      if (size == values.length) {
        values = Arrays.copyOf(values, grown(size));
      }
      values[size] = 0;
    }

    @Override
    Column build(@Nullable Bitmap valid) {
      return new LongColumn(type(), Arrays.copyOf(values, size), size, valid);
    }
  }

  private static final class Doubles extends ColumnBuilder {
    private double[] values = new double[16];

    Doubles() {
      super(FieldType.FLOAT64);
    }

    @Override
    public void appendDouble(double value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, grown(size));
      }
      values[size] = value;
      appended();
    }

    @Override
    void appendPlaceholder() {
      if (size == values.length) {
        values = Arrays.copyOf(values, grown(size));
      }
      values[size] = 0;
    }

    @Override
    Column build(@Nullable Bitmap valid) {
      return new DoubleColumn(Arrays.copyOf(values, size), size, valid);
    }
  }

  private static final class Booleans extends ColumnBuilder {
    private Bitmap.Builder bits = new Bitmap.Builder();

    Booleans() {
      super(FieldType.BOOLEAN);
    }

    @Override
    public void appendBoolean(boolean value) {
      bits.append(value);
      appended();
    }

    @Override
    void appendPlaceholder() {
      bits.append(false);
    }

    @Override
    void truncateValues(int newSize) {
      bits.truncate(newSize);
    }

    @Override
    Column build(@Nullable Bitmap valid) {
      BooleanColumn column = new BooleanColumn(bits.build(), valid);
      bits = new Bitmap.Builder();
      return column;
    }
  }

  private static final class Bytes extends ColumnBuilder {
    private static final byte[] NONE = {};
    private Slices.Builder slices = new Slices.Builder();

    Bytes(FieldType type) {
      super(type);
    }

    @Override
    public void appendBytes(byte[] source, int from, int length) {
      slices.append(source, from, length);
      appended();
    }

    @Override
    void appendPlaceholder() {
      slices.append(NONE, 0, 0);
    }

    @Override
    void truncateValues(int newSize) {
      slices.truncate(newSize);
    }

    @Override
    Column build(@Nullable Bitmap valid) {
      BytesColumn column = BytesColumn.sliced(type(), slices.build(), valid);
      slices = new Slices.Builder();
      return column;
    }
  }

  private static final class Lists extends ColumnBuilder {
    private final ColumnBuilder elements;
    private int[] offsets = new int[17];

    Lists(FieldType type) {
      super(type);
      this.elements = ColumnBuilder.of(type.element());
    }

    @Override
    public ColumnBuilder elements() {
      return elements;
    }

    @Override
    public void endList() {
      appendPlaceholder();
      appended();
    }

    @Override
    void appendPlaceholder() {
      if (size + 2 > offsets.length) {
        offsets = Arrays.copyOf(offsets, grown(offsets.length));
      }
      offsets[size + 1] = elements.size();
    }

    @Override
    void truncateValues(int newSize) {
      elements.truncate(offsets[newSize]);
    }

    @Override
    Column build(@Nullable Bitmap valid) {
      return new ListColumn(
          type(), Arrays.copyOf(offsets, size + 1), elements.build(), size, valid);
    }
  }
}
