package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import org.jspecify.annotations.Nullable;

/**
 * The values of one column of one batch (or the elements of its lists) while it is filled. {@link
 * #start} begins anew with fresh arrays, which {@link #build} hands over to the column.
 */
abstract class ColumnBuffer {

  /** A value that cannot be what its type says; which one, so that the reader can name the row. */
  static final class BadValue extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int index;

    BadValue(int index, String message) {
      super(message);
      this.index = index;
    }

    int index() {
      return index;
    }
  }

  static ColumnBuffer of(Leaf leaf) {
    FieldType.Storage storage = leaf.conversion().type().storage();
    return switch (storage) {
      case LONG -> new LongBuffer(leaf.conversion());
      case DOUBLE ->
          leaf.conversion().how() == Conversion.How.DECIMAL
              ? new DecimalBuffer(leaf.conversion().amount())
              : new DoubleBuffer();
      case BOOLEAN -> new BooleanBuffer();
      case BYTES -> new SliceBuffer(leaf);
      case LIST -> throw new IllegalArgumentException("A leaf is not a list: " + leaf);
    };
  }

  /** Begins a column of about so many values. */
  abstract void start(int capacity);

  /** Room for so many values, the ones so far kept. */
  abstract void ensure(int capacity);

  /** The next {@code count} present values, to places {@code [at, at + count)}. */
  abstract void append(PageValues values, int at, int count);

  /**
   * Moves the {@code present} values at {@code at} to where the bits are set among {@code [at, at +
   * count)}; the other places become zero or empty.
   */
  abstract void spread(int at, int count, int present, long[] validity);

  abstract Column build(int size, @Nullable Bitmap validity);
}
