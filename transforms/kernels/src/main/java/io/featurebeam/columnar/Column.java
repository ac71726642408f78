package io.featurebeam.columnar;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One column of a batch: an array of values and a validity bitmap (none if no value is null). Which
 * array depends on the type's storage: {@link LongColumn}, {@link DoubleColumn}, {@link
 * BooleanColumn}, {@link BytesColumn} or {@link ListColumn}. The value in the array at a null row
 * is unspecified.
 */
public abstract sealed class Column
    permits LongColumn, DoubleColumn, BooleanColumn, BytesColumn, ListColumn {

  private final FieldType type;
  private final int size;
  private final @Nullable Bitmap validity;

  Column(FieldType type, FieldType.Storage storage, int size, @Nullable Bitmap validity) {
    this.type = Objects.requireNonNull(type, "type is null");
    if (type.storage() != storage) {
      throw new IllegalArgumentException("Type " + type + " is not stored as " + storage);
    }
    if (validity != null && validity.length() != size) {
      throw new IllegalArgumentException(
          "Validity of " + validity.length() + " bits for " + size + " values");
    }
    this.size = size;
    this.validity = validity;
  }

  public final FieldType type() {
    return type;
  }

  public final int size() {
    return size;
  }

  /** Set bits are the rows that are not null; null if no row is. */
  public final @Nullable Bitmap validity() {
    return validity;
  }

  public final boolean isNull(int row) {
    return validity != null && !validity.get(row);
  }

  public final int nullCount() {
    return validity == null ? 0 : size - validity.cardinality();
  }

  /**
   * The value as people and Row users know it: Boolean, Long (int64, and the raw number of a
   * timestamp, date or time), Double, String, byte[] or List. Boxes: for edges and tests, not for
   * kernels.
   */
  public final @Nullable Object value(int row) {
    return isNull(row) ? null : boxed(row);
  }

  abstract Object boxed(int row);

  /** The values at {@code rows}, in that order. */
  public abstract Column gather(int[] rows);

  /** Rows {@code from} (inclusive) to {@code to} (exclusive). */
  public abstract Column slice(int from, int to);

  /** About how many bytes of memory the values take. */
  public abstract long byteSize();

  final @Nullable Bitmap gatherValidity(int[] rows) {
    return validity == null ? null : validity.gather(rows);
  }

  final @Nullable Bitmap sliceValidity(int from, int to) {
    Objects.checkFromToIndex(from, to, size);
    return validity == null ? null : validity.slice(from, to);
  }

  /** The values of all columns, which must be of one type, one after the other. */
  public static Column concat(List<Column> columns) {
    Column first = columns.get(0);
    if (columns.size() == 1) {
      return first;
    }
    int total = 0;
    for (Column column : columns) {
      if (!column.type.equals(first.type)) {
        throw new IllegalArgumentException(
            "Cannot concatenate columns of types " + first.type + " and " + column.type);
      }
      total = Math.addExact(total, column.size);
    }
    Bitmap validity = concatValidity(columns, total);
    return switch (first.type.storage()) {
      case LONG -> LongColumn.concat(columns, total, validity);
      case DOUBLE -> DoubleColumn.concat(columns, total, validity);
      case BOOLEAN -> BooleanColumn.concat(columns, validity);
      case BYTES -> BytesColumn.concat(columns, total, validity);
      case LIST -> ListColumn.concat(columns, total, validity);
    };
  }

  /** A column of {@code size} nulls. */
  public static Column nulls(FieldType type, int size) {
    Bitmap validity = Bitmap.zeros(size);
    return switch (type.storage()) {
      case LONG -> new LongColumn(type, new long[size], size, validity);
      case DOUBLE -> new DoubleColumn(new double[size], size, validity);
      case BOOLEAN -> new BooleanColumn(Bitmap.zeros(size), validity);
      case BYTES -> BytesColumn.coded(type, Slices.of(List.of()), new int[size], size, validity);
      case LIST ->
          new ListColumn(type, new int[size + 1], nulls(type.element(), 0), size, validity);
    };
  }

  private static @Nullable Bitmap concatValidity(List<Column> columns, int total) {
    if (columns.stream().allMatch(c -> c.validity == null)) {
      return null;
    }
    long[] words = new long[Bitmap.wordCount(total)];
    int at = 0;
    for (Column column : columns) {
      Bitmap bits = column.validity == null ? Bitmap.ones(column.size) : column.validity;
      copyBits(bits, words, at);
      at += column.size;
    }
    return Bitmap.wrap(words, total);
  }

  /** Sets the bits of {@code bits} in {@code words} from place {@code at}. */
  static void copyBits(Bitmap bits, long[] words, int at) {
    int shift = at & 63;
    int base = at >> 6;
    long[] source = bits.words();
    for (int i = 0; i < source.length; i++) {
      words[base + i] |= source[i] << shift;
      if (shift != 0 && base + i + 1 < words.length) {
        words[base + i + 1] |= source[i] >>> (64 - shift);
      }
    }
  }
}
