package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.Slices;
import io.featurebeam.io.file.text.Text;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the values of one column of strings, or lists of them, that are not UTF-8: a writer need
 * not check. A dictionary is checked once, and values that are all ASCII in one go.
 */
final class Utf8Check {

  /** Of a bad value a reject holds this much: those of a whole batch take no more than 8 MiB. */
  private static final int RAW = 1 << 10;

  private final String prefix;
  private @Nullable Slices dictionary;
  private BitSet badEntries = new BitSet();

  private Utf8Check(String column) {
    this.prefix = "column '" + column + "': ";
  }

  /** The check of a column, or null if there is nothing to check. */
  static @Nullable Utf8Check of(Leaf leaf) {
    Conversion conversion = leaf.conversion();
    boolean made = new TextConversion(conversion).isNeeded(); // of digits: always good
    return conversion.type().kind() == FieldType.Kind.STRING && !made
        ? new Utf8Check(leaf.name())
        : null;
  }

  /** The rows with a bad value; null if there are none. */
  @Nullable BitSet badRows(Column column) {
    if (!(column instanceof ListColumn list)) {
      return badValues((BytesColumn) column);
    }
    BitSet elements = badValues((BytesColumn) list.elements());
    if (elements == null) {
      return null;
    }
    BitSet rows = new BitSet();
    for (int row = 0; row < list.size(); row++) {
      int bad = elements.nextSetBit(list.start(row));
      if (bad >= 0 && bad < list.end(row)) {
        rows.set(row);
      }
    }
    return rows;
  }

  private @Nullable BitSet badValues(BytesColumn column) {
    BitSet entries = column.isCoded() ? badEntries(column.slices()) : find(column.slices());
    if (entries.isEmpty()) {
      return null;
    }
    BitSet rows = new BitSet();
    for (int row = 0; row < column.size(); row++) {
      if (!column.isNull(row) && entries.get(column.code(row))) {
        rows.set(row);
      }
    }
    return rows.isEmpty() ? null : rows;
  }

  private BitSet badEntries(Slices entries) {
    if (entries != dictionary) {
      dictionary = entries;
      badEntries = find(entries);
    }
    return badEntries;
  }

  private static BitSet find(Slices slices) {
    BitSet bad = new BitSet();
    if (!isGood(slices)) {
      for (int i = 0; i < slices.size(); i++) {
        bad.set(i, Text.invalidUtf8(slices.data(), slices.start(i), slices.end(i)) >= 0);
      }
    }
    return bad;
  }

  /** All at once: good if the whole is, and no value starts within a character. */
  private static boolean isGood(Slices slices) {
    byte[] data = slices.data();
    int from = slices.start(0);
    int to = slices.start(slices.size());
    if (Text.isAscii(data, from, to)) {
      return true;
    }
    if (Text.invalidUtf8(data, from, to) >= 0) {
      return false;
    }
    for (int i = 0; i < slices.size(); i++) {
      int start = slices.start(i);
      if (start < to && (data[start] & 0xC0) == 0x80) {
        return false;
      }
    }
    return true;
  }

  /** What is wrong with a bad row. */
  String reason(Column column, int row) {
    BytesColumn values = values(column);
    int code = values.code(badValue(column, row));
    Slices slices = values.slices();
    return prefix + Text.notUtf8(slices.data(), slices.start(code), slices.end(code));
  }

  /** The bytes of the bad value of a row, or their beginning. */
  byte[] raw(Column column, int row) {
    BytesColumn values = values(column);
    int code = values.code(badValue(column, row));
    Slices slices = values.slices();
    int from = slices.start(code);
    return Arrays.copyOfRange(slices.data(), from, Math.min(slices.end(code), from + RAW));
  }

  private static BytesColumn values(Column column) {
    return (BytesColumn) (column instanceof ListColumn list ? list.elements() : column);
  }

  private static int badValue(Column column, int row) {
    if (!(column instanceof ListColumn list)) {
      return row;
    }
    BytesColumn values = values(column);
    for (int i = list.start(row); i < list.end(row); i++) {
      int code = values.code(i);
      Slices slices = values.slices();
      if (!values.isNull(i)
          && Text.invalidUtf8(slices.data(), slices.start(code), slices.end(code)) >= 0) {
        return i;
      }
    }
    throw new IllegalStateException("Row " + row + " has no bad value");
  }
}
