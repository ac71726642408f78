package io.featurebeam.feature;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
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
 * A column whose values are looked up in a {@link KeyTable}: a string by its UTF-8, a number by its
 * eight bytes (-0.0 as 0.0; NaN counts as missing). A dictionary is looked up once per entry, for
 * as long as batches share it. Not thread-safe.
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

  /** A string or int64 column. */
  static CategoryInput of(RecordSchema schema, String column) {
    FieldType type = schema.field(column).type();
    if (type.kind() == FieldType.Kind.FLOAT64) {
      throw new IllegalArgumentException(
          "Column '" + column + "' is float64 (must be string or int64; bucketize it first)");
    }
    return ofValues(schema, column);
  }

  /** A string, int64 or float64 column. */
  static CategoryInput ofValues(RecordSchema schema, String column) {
    int index = schema.indexOf(column);
    FieldType type = schema.field(index).type();
    if (type.kind() != FieldType.Kind.STRING && !type.isNumeric()) {
      throw new IllegalArgumentException(
          "Column '" + column + "' is " + type + " (must be a string or a number)");
    }
    return new CategoryInput(index, type);
  }

  Column column(RecordBatch batch) {
    return batch.column(index);
  }

  /** The key of a value written as text. */
  byte[] key(String text) {
    if (type.kind() == FieldType.Kind.STRING) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    byte[] key = new byte[8];
    try {
      LONGS.set(
          key,
          0,
          type.kind() == FieldType.Kind.INT64
              ? Long.parseLong(text)
              : bits(Double.parseDouble(text)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "Invalid value: '" + text + "' (must be a number, as the column is " + type + ")", e);
    }
    return key;
  }

  /** The value as text, of a key. */
  String text(byte[] key) {
    return switch (type.kind()) {
      case STRING -> new String(key, StandardCharsets.UTF_8);
      case INT64 -> Long.toString((long) LONGS.get(key, 0));
      default -> Double.toString(Double.longBitsToDouble((long) LONGS.get(key, 0)));
    };
  }

  /** How values are ordered, of their keys: text by code points, numbers by size. */
  int compare(byte[] a, byte[] b) {
    return switch (type.kind()) {
      case STRING -> Arrays.compareUnsigned(a, b);
      case INT64 -> Long.compare((long) LONGS.get(a, 0), (long) LONGS.get(b, 0));
      default ->
          Double.compare(
              Double.longBitsToDouble((long) LONGS.get(a, 0)),
              Double.longBitsToDouble((long) LONGS.get(b, 0)));
    };
  }

  private static long bits(double value) {
    return Double.doubleToLongBits(value + 0.0); // -0.0 + 0.0 is 0.0
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
   * For string and int64: the number of each row's key in a table that stays the same from call to
   * call, -1 if it is not there; for a null row any.
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

  /**
   * Adds the batch's values that are not null; a dictionary entry that no row uses is not added.
   */
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
    } else if (batch.column(index) instanceof DoubleColumn doubles) {
      double[] values = doubles.values();
      for (int i = 0; i < batch.size(); i++) {
        if (!Double.isNaN(values[i]) && (validity == null || validity.get(i))) {
          LONGS.set(number, 0, bits(values[i]));
          counts.add(number, 0, 8, 1);
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
