package io.featurebeam.aggregate;

import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.LongColumn;
import java.util.Arrays;
import java.util.List;

/**
 * Per slot the values of the k first events in some total order: each entry is a rank of {@code
 * width} longs, the smallest first, and its value. What the ranks are made of is the subclass's;
 * entries of equal rank must have equal values.
 */
abstract class RankedValues extends States {

  private static final long[] NONE = {};
  private static final byte[] NO_TEXT = {};
  private static final byte[][] NO_TEXTS = {};

  private final FieldType type;
  private final int k;
  private final int width;
  private final boolean text;

  /** The rank of the entry at hand. */
  private final long[] rank;

  private long[][] ranks = {};

  /** Parallel to the entries: numbers, or texts. */
  private long[][] numbers = {};

  private byte[][][] texts = {};
  private int[] counts = {};
  private long keptLongs;
  private long textBytes;

  /**
   * @param type of the values
   * @param width how many longs a rank has
   */
  RankedValues(FieldType type, int k, int width) {
    this.type = type;
    this.k = k;
    this.width = width;
    this.text = type.storage() == FieldType.Storage.BYTES;
    this.rank = new long[width];
  }

  /** What orders doubles as longs, NaN apart: -0.0 is before 0.0. */
  static long sortable(double value) {
    long bits = Double.doubleToRawLongBits(value);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  static int checked(String name, long k) {
    if (k < 1 || k > MAX_K) {
      throw new IllegalArgumentException(
          "Invalid k of " + name + ": " + k + " (must be from 1 to " + MAX_K + ")");
    }
    return (int) k;
  }

  static final int MAX_K = 10_000;

  /** So many entries are merged one by one. */
  private static final int FEW = 4;

  /** Whether a null has a place in the order, where its rank must say that it is one. */
  boolean keepsNulls() {
    return false;
  }

  int count(int slot) {
    return counts[slot];
  }

  /** One of the longs of an entry's rank. */
  long rank(int slot, int i, int place) {
    return ranks[slot][i * width + place];
  }

  /** Writes the rank of a record; false if it has no place in the order. */
  abstract boolean rank(Inputs in, int row, long[] rank);

  /** Appends a slot's values, the first first; null if there are none. */
  void append(int slot, ColumnBuilder out) {
    if (counts[slot] == 0) {
      out.appendNull();
      return;
    }
    if (type.storage() == FieldType.Storage.LONG) {
      out.elements().appendLongs(numbers[slot], 0, counts[slot]);
    } else {
      for (int i = 0; i < counts[slot]; i++) {
        appendValue(slot, i, out.elements());
      }
    }
    out.endList();
  }

  void appendValue(int slot, int i, ColumnBuilder out) {
    switch (type.storage()) {
      case LONG -> out.appendLong(numbers[slot][i]);
      case DOUBLE -> out.appendDouble(Double.longBitsToDouble(numbers[slot][i]));
      case BOOLEAN -> out.appendBoolean(numbers[slot][i] != 0);
      case BYTES -> out.appendBytes(texts[slot][i], 0, texts[slot][i].length);
      case LIST -> throw new AssertionError("refused when the pipeline is built");
    }
  }

  /** Opens a place for the rank from an offset in a slot; -1 if it is not among the first k. */
  private int open(int slot, long[] source, int offset) {
    int count = counts[slot];
    if (count == k && compare(ranks[slot], (count - 1) * width, source, offset) <= 0) {
      return -1;
    }
    int at = count;
    while (at > 0 && compare(ranks[slot], (at - 1) * width, source, offset) > 0) {
      at--;
    }
    int moved = count - at;
    if (count == k) {
      moved--;
      textBytes -= text ? byteSize(texts[slot][count - 1]) : 0;
    } else {
      grow(slot);
      counts[slot] = count + 1;
    }
    System.arraycopy(ranks[slot], at * width, ranks[slot], (at + 1) * width, moved * width);
    System.arraycopy(source, offset, ranks[slot], at * width, width);
    if (text) {
      System.arraycopy(texts[slot], at, texts[slot], at + 1, moved);
    } else {
      System.arraycopy(numbers[slot], at, numbers[slot], at + 1, moved);
    }
    return at;
  }

  private void grow(int slot) {
    int capacity = text ? texts[slot].length : numbers[slot].length;
    if (counts[slot] < capacity) {
      return;
    }
    int length = Math.min(k, Math.max(2, capacity * 2));
    ranks[slot] = Arrays.copyOf(ranks[slot], length * width);
    if (text) {
      texts[slot] = Arrays.copyOf(texts[slot], length);
    } else {
      numbers[slot] = Arrays.copyOf(numbers[slot], length);
    }
    keptLongs += (long) (length - capacity) * (width + 1);
  }

  private int compare(long[] a, int at, long[] b, int bAt) {
    for (int i = 0; i < width; i++) {
      int order = Long.compare(a[at + i], b[bAt + i]);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private void put(int slot, int at, Column column, int row) {
    if (column.isNull(row)) {
      if (text) {
        putText(slot, at, NO_TEXT);
      } else {
        numbers[slot][at] = 0;
      }
    } else if (column instanceof LongColumn longs) {
      numbers[slot][at] = longs.get(row);
    } else if (column instanceof DoubleColumn doubles) {
      numbers[slot][at] = Double.doubleToRawLongBits(doubles.get(row));
    } else if (column instanceof BooleanColumn booleans) {
      numbers[slot][at] = booleans.get(row) ? 1 : 0;
    } else {
      putText(slot, at, ((BytesColumn) column).bytes(row));
    }
  }

  private void putText(int slot, int at, byte[] value) {
    texts[slot][at] = value;
    textBytes += byteSize(value);
  }

  private static long byteSize(byte[] value) {
    return 16L + value.length;
  }

  @Override
  public void ensure(int slots) {
    int old = counts.length;
    if (slots > old) {
      int length = grown(old, slots);
      counts = Arrays.copyOf(counts, length);
      ranks = Arrays.copyOf(ranks, length);
      Arrays.fill(ranks, old, length, NONE);
      if (text) {
        texts = Arrays.copyOf(texts, length);
        Arrays.fill(texts, old, length, NO_TEXTS);
      } else {
        numbers = Arrays.copyOf(numbers, length);
        Arrays.fill(numbers, old, length, NONE);
      }
    }
  }

  @Override
  public void clear(int slot) {
    if (text) {
      for (int i = 0; i < counts[slot]; i++) {
        textBytes -= byteSize(texts[slot][i]);
      }
      keptLongs -= (long) texts[slot].length * (width + 1);
      texts[slot] = NO_TEXTS;
    } else {
      keptLongs -= (long) numbers[slot].length * (width + 1);
      numbers[slot] = NONE;
    }
    ranks[slot] = NONE;
    counts[slot] = 0;
  }

  @Override
  public void accumulate(Inputs in, int[] slots) {
    Column column = in.columns().get(0);
    for (int i = 0; i < in.size(); i++) {
      if (slots[i] >= 0 && (keepsNulls() || !column.isNull(i)) && rank(in, i, rank)) {
        int at = open(slots[i], rank, 0);
        if (at >= 0) {
          put(slots[i], at, column, i);
        }
      }
    }
  }

  @Override
  public void merge(int slot, States from, int fromSlot) {
    RankedValues other = (RankedValues) from;
    if (other.counts[fromSlot] > FEW) {
      mergeMany(slot, other, fromSlot);
      return;
    }
    for (int i = 0; i < other.counts[fromSlot]; i++) {
      int at = open(slot, other.ranks[fromSlot], i * width);
      if (at < 0) {
        return; // nor are those behind it
      } else if (text) {
        putText(slot, at, other.texts[fromSlot][i]);
      } else {
        numbers[slot][at] = other.numbers[fromSlot][i];
      }
    }
  }

  /** Both are in order, so one walk over them is enough. */
  private void mergeMany(int slot, RankedValues other, int fromSlot) {
    int count = counts[slot];
    int added = other.counts[fromSlot];
    int size = Math.min(k, count + added);
    long[] mergedRanks = new long[size * width];
    long[] mergedNumbers = text ? NONE : new long[size];
    byte[][] mergedTexts = text ? new byte[size][] : NO_TEXTS;
    int a = 0;
    int b = 0;
    for (int i = 0; i < size; i++) {
      boolean own =
          b == added
              || (a < count
                  && compare(ranks[slot], a * width, other.ranks[fromSlot], b * width) <= 0);
      RankedValues source = own ? this : other;
      int sourceSlot = own ? slot : fromSlot;
      int at = own ? a++ : b++;
      for (int w = 0; w < width; w++) {
        mergedRanks[i * width + w] = source.ranks[sourceSlot][at * width + w];
      }
      if (text) {
        mergedTexts[i] = source.texts[sourceSlot][at];
      } else {
        mergedNumbers[i] = source.numbers[sourceSlot][at];
      }
    }
    clear(slot);
    ranks[slot] = mergedRanks;
    if (text) {
      texts[slot] = mergedTexts;
      for (byte[] value : mergedTexts) {
        textBytes += byteSize(value);
      }
    } else {
      numbers[slot] = mergedNumbers;
    }
    counts[slot] = size;
    keptLongs += (long) size * (width + 1);
  }

  @Override
  public List<FieldType> savedTypes() {
    return List.of(FieldType.listOf(FieldType.INT64), FieldType.listOf(type));
  }

  @Override
  public List<Column> save(int[] slots) {
    ColumnBuilder savedRanks = ColumnBuilder.of(savedTypes().get(0));
    ColumnBuilder values = ColumnBuilder.of(savedTypes().get(1));
    for (int slot : slots) {
      for (int i = 0; i < counts[slot] * width; i++) {
        savedRanks.elements().appendLong(ranks[slot][i]);
      }
      savedRanks.endList();
      for (int i = 0; i < counts[slot]; i++) {
        appendValue(slot, i, values.elements());
      }
      values.endList();
    }
    return List.of(savedRanks.build(), values.build());
  }

  @Override
  public void mergeSaved(List<Column> saved, int[] slots) {
    ListColumn savedRanks = (ListColumn) saved.get(0);
    long[] added = ((LongColumn) savedRanks.elements()).values();
    ListColumn values = (ListColumn) saved.get(1);
    for (int i = 0; i < slots.length; i++) {
      for (int v = values.start(i), r = savedRanks.start(i); v < values.end(i); v++, r += width) {
        int at = open(slots[i], added, r);
        if (at < 0) {
          break; // nor are those behind it
        }
        put(slots[i], at, values.elements(), v);
      }
    }
  }

  @Override
  public long byteSize(int slots) {
    return 12L * slots + 8L * keptLongs + textBytes;
  }
}
