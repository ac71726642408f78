package io.featurebeam.feature;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.columnar.Slices;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A string or int64 column whose values are looked up in a {@link KeyTable}: a string by its UTF-8, a
 * number by its eight bytes. A dictionary is looked up once per entry, for as long as batches share it.
 * Not thread-safe.
 */
final class CategoryInput {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final int index;
  private final FieldType type;
  private final byte[] number = new byte[8];
  private @Nullable Slices seen;
  private int[] seenKeys = {};

  private CategoryInput(int index, FieldType type) {
    this.index = index;
    this.type = type;
  }

  static CategoryInput of(RecordSchema schema, String column) {
    int index = schema.indexOf(column);
    FieldType type = schema.field(index).type();
    if (type.kind() != FieldType.Kind.STRING && type.kind() != FieldType.Kind.INT64) {
      throw new IllegalArgumentException(
          "Column '" + column + "' is " + type + " (must be string or int64"
              + (type.isNumeric() ? "; bucketize it first)" : ")"));
    }
    return new CategoryInput(index, type);
  }

  Column column(RecordBatch batch) {
    return batch.column(index);
  }

  boolean isText() {
    return type.kind() == FieldType.Kind.STRING;
  }

  /** The key of a value written as text. */
  byte[] key(String text) {
    if (isText()) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    try {
      byte[] key = new byte[8];
      LONGS.set(key, 0, Long.parseLong(text));
      return key;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "Invalid category: '" + text + "' (must be a whole number, as the column is int64)", e);
    }
  }

  /** The value as text, of a key. */
  String text(byte[] key) {
    return isText()
        ? new String(key, StandardCharsets.UTF_8)
        : Long.toString((long) LONGS.get(key, 0));
  }

  KeyTable table(List<String> categories) {
    KeyTable table = new KeyTable();
    for (String category : categories) {
      byte[] key = key(category);
      table.add(key, 0, key.length);
    }
    return table;
  }

  /**
   * The number of each row's key in a table that stays the same from call to call, -1 if it is not there;
   * for a null row any.
   */
  int[] find(RecordBatch batch, KeyTable table) {
    int[] result = new int[batch.size()];
    if (batch.column(index) instanceof BytesColumn bytes) {
      Slices slices = bytes.slices();
      if (!bytes.isCoded()) {
        lookUp(slices, table, result);
        return result;
      }
      if (slices != seen) {
        seenKeys = new int[slices.size()];
        lookUp(slices, table, seenKeys);
        seen = slices;
      }
      int[] codes = bytes.codes();
      for (int i = 0; i < result.length; i++) {
        result[i] = seenKeys[codes[i]];
      }
    } else {
      long[] values = ((LongColumn) batch.column(index)).values();
      for (int i = 0; i < result.length; i++) {
        LONGS.set(number, 0, values[i]);
        result[i] = table.find(number, 0, 8);
      }
    }
    return result;
  }

  private static void lookUp(Slices slices, KeyTable table, int[] keys) {
    for (int i = 0; i < keys.length; i++) {
      keys[i] = table.find(slices.data(), slices.start(i), slices.end(i));
    }
  }

  /** Adds the batch's values that are not null; a dictionary entry that no row uses is not added. */
  void count(RecordBatch batch, KeyCounts counts) {
    Bitmap validity = batch.column(index).validity();
    if (batch.column(index) instanceof BytesColumn bytes) {
      Slices slices = bytes.slices();
      if (bytes.isCoded() && slices != seen) {
        seenKeys = new int[slices.size()];
        Arrays.fill(seenKeys, -1);
        seen = slices;
      }
      for (int i = 0; i < batch.size(); i++) {
        if (validity != null && !validity.get(i)) {
          continue;
        }
        int entry = bytes.code(i);
        if (!bytes.isCoded()) {
          counts.add(slices.data(), slices.start(entry), slices.end(entry), 1);
        } else if (seenKeys[entry] < 0) {
          seenKeys[entry] = counts.add(slices.data(), slices.start(entry), slices.end(entry), 1);
        } else {
          counts.increment(seenKeys[entry]);
        }
      }
    } else {
      long[] values = ((LongColumn) batch.column(index)).values();
      for (int i = 0; i < batch.size(); i++) {
        if (validity == null || validity.get(i)) {
          LONGS.set(number, 0, values[i]);
          counts.add(number, 0, 8, 1);
        }
      }
    }
  }
}
