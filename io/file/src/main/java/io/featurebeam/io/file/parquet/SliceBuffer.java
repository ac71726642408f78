package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Slices;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Strings and bytes. As long as all pages of a batch use the dictionary the column is coded, over
 * the one {@link Slices} of the row group; when a writer gave its dictionary up in the middle, the
 * batch where it did becomes sliced, and all after it.
 */
final class SliceBuffer extends ColumnBuffer {

  private final FieldType type;
  private final TextConversion conversion;
  private int capacity;

  /** The dictionary that all values so far use; null if none yet, or if the column is sliced. */
  private @Nullable Slices dictionary;

  private int[] codes = new int[0];
  private @Nullable SliceSink sink;

  /** How many bytes the last sliced batch had: the guess for the next one. */
  private int usualBytes = 1024;

  SliceBuffer(Leaf leaf) {
    type = leaf.conversion().type();
    conversion = new TextConversion(leaf.conversion());
  }

  @Override
  void start(int expected) {
    capacity = expected;
    dictionary = null;
    codes = new int[0];
    sink = null;
  }

  @Override
  void ensure(int needed) {
    if (needed > capacity) {
      capacity = Math.max(needed, capacity * 2);
      if (dictionary != null) {
        codes = Arrays.copyOf(codes, capacity);
      }
    }
  }

  @Override
  void append(PageValues page, int at, int count) {
    if (page instanceof DictionaryValues coded
        && sink == null
        && (dictionary == null || dictionary == coded.slices())) {
      if (dictionary == null) {
        dictionary = coded.slices();
        codes = new int[capacity];
      }
      coded.codes(codes, at, count);
      return;
    }
    SliceSink out = sliced(at);
    if (conversion.isNeeded() && !(page instanceof DictionaryValues)) {
      SliceSink raw = new SliceSink(count, count * 16);
      page.slices(raw, count);
      conversion.append(raw.build(), out);
    } else {
      page.slices(out, count);
    }
  }

  /** The sink, with the first {@code size} values in it that were coded so far. */
  private SliceSink sliced(int size) {
    if (sink == null) {
      sink = new SliceSink(capacity, usualBytes);
      if (dictionary != null && dictionary.size() > 0) {
        DictionaryValues.append(dictionary, codes, size, sink);
      } else {
        sink.appendEmpty(size);
      }
      dictionary = null;
    }
    return sink;
  }

  @Override
  void spread(int at, int count, int present, long[] validity) {
    if (sink != null) {
      sink.spread(at, count, present, validity);
    } else if (dictionary != null) {
      int source = at + present;
      for (int i = at + count - 1; i >= source; i--) {
        codes[i] = Bits.get(validity, i) ? codes[--source] : 0;
      }
    }
    // Else there was no value yet, only nulls, for which codes are zero and slices empty.
  }

  @Override
  BytesColumn build(int size, @Nullable Bitmap validity) {
    if (sink != null) {
      usualBytes = sink.byteSize() + (sink.byteSize() >> 4);
      return BytesColumn.sliced(type, sink.build(), validity);
    }
    if (dictionary != null) {
      return BytesColumn.coded(type, dictionary, codes, size, validity);
    }
    return BytesColumn.coded(
        type, Slices.wrap(new byte[0], new int[2], 1), new int[size], size, validity);
  }
}
