package io.featurebeam.aggregate;

import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.Hashing;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.Slices;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entity keys as dense numbers: equal keys have one id, ids count from 0. A key's canonical bytes
 * (per column a mark for null and the value, a string behind its length) decide equality and, by
 * their hash, the shard, alike on every machine.
 */
public final class KeyTable {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** A larger array is not kept when the keys are cleared. */
  private static final int MAX_KEPT = 1 << 20;

  private static final int NOT_LOOKED_UP = -2;

  private final List<FieldType> types;
  private byte[] data = new byte[1024];
  private int[] offsets = new int[65];
  private long[] hashes = new long[64];
  private int[] table = filled(128);
  private int size;

  private byte[] scratch = new byte[64];
  private @Nullable Slices dictionary;
  private int[] idOfCode = {};

  /** The ids of a dictionary's entries among as many keys, as far as they were looked up. */
  private @Nullable Slices foundIn;

  private int foundOf;
  private int[] foundIds = {};

  /** By key its row in the columns that are being made; -1 at all other times. */
  private int[] rowOf = {};

  public KeyTable(List<FieldType> types) {
    this.types = types;
  }

  private static int[] filled(int length) {
    int[] array = new int[length];
    Arrays.fill(array, -1);
    return array;
  }

  public int size() {
    return size;
  }

  long hash(int id) {
    return hashes[id];
  }

  void clear() {
    size = 0;
    Arrays.fill(table, -1);
    dictionary = null;
    foundIn = null;
    if (data.length > MAX_KEPT) {
      data = new byte[1024];
    }
  }

  /** About how many bytes the keys take. */
  long byteSize() {
    return offsets[size] + 28L * size;
  }

  /** The id of each record's key; new keys are added. */
  public void assign(List<Column> keys, int rows, int[] ids) {
    if (keys.size() == 1 && keys.get(0) instanceof BytesColumn column && column.isCoded()) {
      assignCoded(column, rows, ids);
      return;
    }
    for (int i = 0; i < rows; i++) {
      int length = 0;
      for (Column key : keys) {
        length = put(key, i, length);
      }
      ids[i] = id(length);
    }
  }

  /** The id of each record's key; -1 for keys that are not there, and stay out. */
  public void find(List<Column> keys, int rows, int[] ids) {
    if (keys.size() == 1
        && keys.get(0) instanceof BytesColumn column
        && column.isCoded()
        && column.validity() == null) {
      findCoded(column, rows, ids);
      return;
    }
    for (int i = 0; i < rows; i++) {
      int length = 0;
      for (Column key : keys) {
        length = put(key, i, length);
      }
      ids[i] = table[place(Hashing.hash(scratch, 0, length), length)];
    }
  }

  private void findCoded(BytesColumn column, int rows, int[] ids) {
    if (column.slices() != foundIn || size != foundOf) {
      foundIn = column.slices();
      foundOf = size;
      foundIds = new int[foundIn.size()];
      Arrays.fill(foundIds, NOT_LOOKED_UP);
    }
    int[] codes = column.codes();
    for (int i = 0; i < rows; i++) {
      if (foundIds[codes[i]] == NOT_LOOKED_UP) {
        int length = put(column, i, 0);
        foundIds[codes[i]] = table[place(Hashing.hash(scratch, 0, length), length)];
      }
      ids[i] = foundIds[codes[i]];
    }
  }

  /** One look-up per dictionary entry, not per record. */
  private void assignCoded(BytesColumn column, int rows, int[] ids) {
    if (column.slices() != dictionary) {
      dictionary = column.slices();
      idOfCode = filled(dictionary.size());
    }
    int[] codes = column.codes();
    boolean nullable = column.validity() != null;
    for (int i = 0; i < rows; i++) {
      int id = idOfCode[codes[i]];
      if (id < 0 || nullable) {
        id = id(put(column, i, 0));
        if (!nullable) {
          idOfCode[codes[i]] = id;
        }
      }
      ids[i] = id;
    }
  }

  /** Appends a value's canonical bytes to the scratch; returns the new length. */
  private int put(Column column, int row, int at) {
    reserve(at + 16);
    if (column.isNull(row)) {
      scratch[at] = 0;
      return at + 1;
    }
    scratch[at] = 1;
    if (column instanceof LongColumn longs) {
      LONGS.set(scratch, at + 1, longs.get(row));
    } else if (column instanceof DoubleColumn doubles) {
      // adding 0.0 makes -0.0 equal to 0.0; doubleToLongBits makes all NaN equal
      LONGS.set(scratch, at + 1, Double.doubleToLongBits(doubles.get(row) + 0.0));
    } else if (column instanceof BooleanColumn booleans) {
      scratch[at + 1] = (byte) (booleans.get(row) ? 1 : 0);
      return at + 2;
    } else {
      BytesColumn bytes = (BytesColumn) column;
      int code = bytes.code(row);
      int length = bytes.slices().length(code);
      reserve(at + 5 + length);
      INTS.set(scratch, at + 1, length);
      System.arraycopy(bytes.slices().data(), bytes.slices().start(code), scratch, at + 5, length);
      return at + 5 + length;
    }
    return at + 9;
  }

  private void reserve(int length) {
    if (length > scratch.length) {
      scratch = Arrays.copyOf(scratch, States.grown(scratch.length, length));
    }
  }

  private int id(int length) {
    long hash = Hashing.hash(scratch, 0, length);
    int at = place(hash, length);
    return table[at] >= 0 ? table[at] : insert(at, hash, length);
  }

  /** Where in the table the key in the scratch is, or would be. */
  private int place(long hash, int length) {
    int mask = table.length - 1;
    int at = (int) hash & mask;
    while (table[at] >= 0) {
      int id = table[at];
      if (hashes[id] == hash
          && Arrays.equals(data, offsets[id], offsets[id + 1], scratch, 0, length)) {
        return at;
      }
      at = (at + 1) & mask;
    }
    return at;
  }

  private int insert(int at, long hash, int length) {
    int id = size++;
    table[at] = id;
    int start = offsets[id];
    int end = Math.addExact(start, length);
    if (end > data.length) {
      data = Arrays.copyOf(data, States.grown(data.length, end));
    }
    System.arraycopy(scratch, 0, data, start, length);
    if (id + 2 > offsets.length) {
      offsets = Arrays.copyOf(offsets, States.grown(offsets.length, id + 2));
    }
    offsets[id + 1] = end;
    if (id == hashes.length) {
      hashes = Arrays.copyOf(hashes, States.grown(id, id + 1));
    }
    hashes[id] = hash;
    if (size * 2 > table.length) {
      rehash();
    }
    return id;
  }

  private void rehash() {
    table = filled(table.length * 2);
    int mask = table.length - 1;
    for (int id = 0; id < size; id++) {
      int at = (int) hashes[id] & mask;
      while (table[at] >= 0) {
        at = (at + 1) & mask;
      }
      table[at] = id;
    }
  }

  /** The keys with these ids as columns; strings are coded with one entry per different key. */
  List<Column> columns(int[] ids) {
    if (rowOf.length < size) {
      rowOf = filled(States.grown(rowOf.length, size));
    }
    int[] distinct = new int[Math.min(size, ids.length)];
    int[] codes = new int[ids.length];
    int count = 0;
    for (int i = 0; i < ids.length; i++) {
      if (rowOf[ids[i]] < 0) {
        rowOf[ids[i]] = count;
        distinct[count++] = ids[i];
      }
      codes[i] = rowOf[ids[i]];
    }
    List<ColumnBuilder> builders = types.stream().map(ColumnBuilder::of).toList();
    for (int i = 0; i < count; i++) {
      append(distinct[i], builders);
      rowOf[distinct[i]] = -1;
    }
    List<Column> columns = new ArrayList<>(types.size());
    for (ColumnBuilder builder : builders) {
      Column column = builder.build();
      columns.add(
          column instanceof BytesColumn bytes && bytes.validity() == null
              ? BytesColumn.coded(bytes.type(), bytes.slices(), codes, ids.length, null)
              : column.gather(codes));
    }
    return columns;
  }

  private void append(int id, List<ColumnBuilder> builders) {
    int at = offsets[id];
    for (ColumnBuilder builder : builders) {
      if (data[at++] == 0) {
        builder.appendNull();
        continue;
      }
      switch (builder.type().storage()) {
        case LONG -> builder.appendLong((long) LONGS.get(data, at));
        case DOUBLE -> builder.appendDouble(Double.longBitsToDouble((long) LONGS.get(data, at)));
        case BOOLEAN -> builder.appendBoolean(data[at] != 0);
        case BYTES -> builder.appendBytes(data, at + 4, (int) INTS.get(data, at));
        case LIST -> throw new AssertionError("refused when the pipeline is built");
      }
      at +=
          switch (builder.type().storage()) {
            case LONG, DOUBLE -> 8;
            case BOOLEAN -> 1;
            case BYTES -> 4 + (int) INTS.get(data, at);
            case LIST -> 0;
          };
    }
  }
}
