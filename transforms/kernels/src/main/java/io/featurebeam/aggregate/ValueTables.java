package io.featurebeam.aggregate;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Hashing;
import java.util.Arrays;

/**
 * Small tables from the values of a column to a number that is not 0, one table per slot, all in
 * the same arrays: a table is a block of a power of two places, open addressing inside it. A block
 * that was outgrown is used again for another table of its size, so millions of tables of one value
 * make no objects. A value is a key of 64 bits ({@link ValueKeys}), of a text also its bytes if
 * they are kept: then equal hashes of different texts are told apart.
 */
final class ValueTables {

  private static final byte[] NO_TEXT = {};
  private static final int CLASSES = 31;

  /** Tables begin with one place and grow fourfold. */
  private static final int GROWTH_CLASSES = 2;

  private final FieldType type;
  private final boolean texts;
  private long[] keys = new long[64];
  private long[] numbers = new long[64];
  private byte[][] bytes;
  private int used;

  /** Places in blocks that are not free. */
  private int live;

  private long allTextBytes;
  private int[] start = {};
  private int[] count = {};
  private byte[] sizeClass = {};
  private long[] textBytes = {};
  private final int[][] free = new int[CLASSES][0];
  private final int[] freeCount = new int[CLASSES];

  /**
   * @param type of the values
   * @param texts whether the bytes of a string or bytes column are kept; if not, only their hash is
   */
  ValueTables(FieldType type, boolean texts) {
    this.type = type;
    this.texts = texts && type.storage() == FieldType.Storage.BYTES;
    this.bytes = new byte[this.texts ? 64 : 0][];
  }

  boolean keepsTexts() {
    return texts;
  }

  void ensure(int slots) {
    int old = start.length;
    if (slots > old) {
      int length = States.grown(old, slots);
      start = Arrays.copyOf(start, length);
      count = Arrays.copyOf(count, length);
      sizeClass = Arrays.copyOf(sizeClass, length);
      Arrays.fill(sizeClass, old, length, (byte) -1);
      textBytes = texts ? Arrays.copyOf(textBytes, length) : textBytes;
    }
  }

  /** How many values a slot has. */
  int count(int slot) {
    return count[slot];
  }

  /** The bytes that the texts of a slot have together. */
  long textBytes(int slot) {
    return texts ? textBytes[slot] : 0;
  }

  /** The first place of a slot; those whose number is 0 are free. */
  int start(int slot) {
    return start[slot];
  }

  int end(int slot) {
    return sizeClass[slot] < 0 ? start[slot] : start[slot] + (1 << sizeClass[slot]);
  }

  long key(int place) {
    return keys[place];
  }

  /** The bytes of the value at a place; none if they are not kept. */
  byte[] text(int place) {
    return texts ? bytes[place] : NO_TEXT;
  }

  long number(int place) {
    return numbers[place];
  }

  /** Only for a number that is not 0. */
  void setNumber(int place, long number) {
    numbers[place] = number;
  }

  void clear(int slot) {
    if (sizeClass[slot] >= 0) {
      release(start[slot], sizeClass[slot]);
      sizeClass[slot] = -1;
    }
    count[slot] = 0;
    if (texts) {
      allTextBytes -= textBytes[slot];
      textBytes[slot] = 0;
    }
  }

  /** Adds to the number of a value, which is 0 if it is not there; at 0 the value is taken out. */
  void add(int slot, long key, byte[] data, int from, int to, long number) {
    int place = put(slot, key, data, from, to);
    numbers[place] += number;
    if (numbers[place] == 0) {
      remove(slot, place);
    }
  }

  /** Adds {@code times} the numbers of a slot of other tables. */
  void addAll(int slot, ValueTables other, int otherSlot, long times) {
    for (int p = other.start(otherSlot), end = other.end(otherSlot); p < end; p++) {
      if (other.numbers[p] != 0) {
        byte[] text = other.text(p);
        add(slot, other.keys[p], text, 0, text.length, times * other.numbers[p]);
      }
    }
  }

  /** Makes the empty slot 0 hold what is left of each number of a slot less those of another. */
  void difference(ValueTables all, int slot, ValueTables taken, int takenSlot) {
    addAll(0, all, slot, 1);
    for (int p = taken.start(takenSlot), end = taken.end(takenSlot); p < end; p++) {
      if (taken.numbers[p] != 0) {
        takeOut(taken.keys[p], taken.text(p), taken.numbers[p]);
      }
    }
  }

  private void takeOut(long key, byte[] text, long number) {
    int place = put(0, key, text, 0, text.length);
    if (numbers[place] > number) {
      numbers[place] -= number;
    } else {
      remove(0, place);
    }
  }

  /** The place of a value, a new one if it is not there: its number is 0 and must be set. */
  int put(int slot, long key, byte[] data, int from, int to) {
    if (sizeClass[slot] < 0) {
      sizeClass[slot] = 0;
      start[slot] = allocate(0);
    }
    while (true) {
      int block = sizeClass[slot];
      int mask = (1 << block) - 1;
      int at = home(key, mask);
      for (int probe = 0; probe <= mask; probe++) {
        int place = start[slot] + at;
        if (numbers[place] == 0) {
          if (block > 3 && count[slot] * 4 >= 3 << block) {
            break; // too full to be quick
          }
          fill(slot, place, key, data, from, to);
          return place;
        }
        if (keys[place] == key && isText(place, data, from, to)) {
          return place;
        }
        at = (at + 1) & mask;
      }
      resize(slot, block + GROWTH_CLASSES);
    }
  }

  private static int home(long key, int mask) {
    return (int) Hashing.mix(key) & mask;
  }

  private boolean isText(int place, byte[] data, int from, int to) {
    return !texts
        || bytes[place] == data
        || Arrays.equals(bytes[place], 0, bytes[place].length, data, from, to);
  }

  private void fill(int slot, int place, long key, byte[] data, int from, int to) {
    keys[place] = key;
    count[slot]++;
    if (texts) {
      bytes[place] = to - from == data.length ? data : Arrays.copyOfRange(data, from, to);
      textBytes[slot] += to - from;
      allTextBytes += to - from;
    }
  }

  /** Takes out the value at a place of a slot; what follows it may move back. */
  private void remove(int slot, int place) {
    int base = start[slot];
    int mask = (1 << sizeClass[slot]) - 1;
    int hole = place - base;
    count[slot]--;
    numbers[place] = 0;
    if (texts) {
      textBytes[slot] -= bytes[place].length;
      allTextBytes -= bytes[place].length;
      bytes[place] = NO_TEXT;
    }
    for (int next = (hole + 1) & mask; numbers[base + next] != 0; next = (next + 1) & mask) {
      if (((next - home(keys[base + next], mask)) & mask) >= ((next - hole) & mask)) {
        move(base + next, base + hole);
        numbers[base + next] = 0;
        hole = next;
      }
    }
  }

  private void move(int from, int to) {
    keys[to] = keys[from];
    numbers[to] = numbers[from];
    if (texts) {
      bytes[to] = bytes[from];
      bytes[from] = NO_TEXT;
    }
  }

  private void resize(int slot, int newClass) {
    int oldStart = start[slot];
    int oldClass = sizeClass[slot];
    int newStart = allocate(newClass);
    start[slot] = newStart;
    sizeClass[slot] = (byte) newClass;
    int mask = (1 << newClass) - 1;
    for (int i = oldStart; i < oldStart + (1 << oldClass); i++) {
      if (numbers[i] != 0) {
        int at = home(keys[i], mask);
        while (numbers[newStart + at] != 0) {
          at = (at + 1) & mask;
        }
        move(i, newStart + at);
      }
    }
    release(oldStart, oldClass);
  }

  private int allocate(int block) {
    live += 1 << block;
    if (freeCount[block] > 0) {
      return free[block][--freeCount[block]];
    }
    int at = used;
    used = Math.addExact(used, 1 << block);
    if (used > keys.length) {
      int length = States.grown(keys.length, used);
      keys = Arrays.copyOf(keys, length);
      numbers = Arrays.copyOf(numbers, length);
      bytes = texts ? Arrays.copyOf(bytes, length) : bytes;
    }
    return at;
  }

  private void release(int at, int block) {
    live -= 1 << block;
    Arrays.fill(numbers, at, at + (1 << block), 0);
    if (texts) {
      Arrays.fill(bytes, at, at + (1 << block), NO_TEXT);
    }
    if (freeCount[block] == free[block].length) {
      free[block] =
          Arrays.copyOf(free[block], States.grown(free[block].length, freeCount[block] + 1));
    }
    free[block][freeCount[block]++] = at;
  }

  /** Appends the value at a place to a column of its type. */
  void append(int place, ColumnBuilder out) {
    append(keys[place], text(place), out);
  }

  void append(long key, byte[] text, ColumnBuilder out) {
    switch (type.storage()) {
      case LONG -> out.appendLong(key);
      case DOUBLE -> out.appendDouble(Double.longBitsToDouble(key));
      case BOOLEAN -> out.appendBoolean(key != 0);
      case BYTES -> out.appendBytes(text, 0, text.length);
      case LIST -> throw new AssertionError("refused when the pipeline is built");
    }
  }

  /** Appends the values of a slot (keys where no texts are kept) and their numbers. */
  void save(int slot, ColumnBuilder values, ColumnBuilder valueNumbers) {
    for (int p = start(slot), end = end(slot); p < end; p++) {
      if (numbers[p] != 0) {
        if (texts) {
          append(p, values);
        } else {
          values.appendLong(keys[p]);
        }
        valueNumbers.appendLong(numbers[p]);
      }
    }
  }

  /** The order of two values: of numbers, NaN last, or of bytes. */
  int compare(long key, byte[] text, long otherKey, byte[] otherText) {
    return switch (type.storage()) {
      case DOUBLE ->
          Double.compare(Double.longBitsToDouble(key), Double.longBitsToDouble(otherKey));
      case BYTES -> Arrays.compareUnsigned(text, otherText);
      default -> Long.compare(key, otherKey);
    };
  }

  /** Appends the values of a slot in their order. */
  void appendSorted(int slot, ColumnBuilder out) {
    if (texts) {
      byte[][] sorted = new byte[count[slot]][];
      int n = 0;
      for (int p = start(slot), end = end(slot); p < end; p++) {
        if (numbers[p] != 0) {
          sorted[n++] = bytes[p];
        }
      }
      Arrays.sort(sorted, Arrays::compareUnsigned);
      for (byte[] text : sorted) {
        append(0, text, out);
      }
    } else if (type.storage() == FieldType.Storage.DOUBLE) {
      Arrays.stream(keys(slot))
          .mapToDouble(Double::longBitsToDouble)
          .sorted()
          .forEach(out::appendDouble);
    } else {
      for (long key : keys(slot)) {
        append(key, NO_TEXT, out);
      }
    }
  }

  /** The keys of a slot, ascending. */
  private long[] keys(int slot) {
    long[] sorted = new long[count[slot]];
    int n = 0;
    for (int p = start(slot), end = end(slot); p < end; p++) {
      if (numbers[p] != 0) {
        sorted[n++] = keys[p];
      }
    }
    Arrays.sort(sorted);
    return sorted;
  }

  /** The numbers of a slot, in no order. */
  long[] numbers(int slot) {
    long[] result = new long[count[slot]];
    int n = 0;
    for (int p = start(slot), end = end(slot); p < end; p++) {
      if (numbers[p] != 0) {
        result[n++] = numbers[p];
      }
    }
    return result;
  }

  /** The places of the k values with the largest numbers, these first; ties by value. */
  int[] top(int slot, int k) {
    int[] top = new int[Math.min(k, count[slot])];
    int n = 0;
    for (int p = start(slot), end = end(slot); p < end && top.length > 0; p++) {
      if (numbers[p] == 0 || (n == top.length && !isBefore(p, top[n - 1]))) {
        continue;
      }
      int at = n == top.length ? n - 1 : n++;
      for (; at > 0 && isBefore(p, top[at - 1]); at--) {
        top[at] = top[at - 1];
      }
      top[at] = p;
    }
    return top;
  }

  private boolean isBefore(int place, int other) {
    return numbers[place] != numbers[other]
        ? numbers[place] > numbers[other]
        : compare(keys[place], text(place), keys[other], text(other)) < 0;
  }

  /** Of the blocks in use, their texts, and of the first {@code slots} slots. */
  long byteSize(int slots) {
    return (texts ? 40L : 16L) * live + allTextBytes + (texts ? 17L : 9L) * slots;
  }
}
