package io.featurebeam.columnar;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values that are lists: row {@code i} holds elements {@code offsets[i]} (inclusive) to {@code
 * offsets[i+1]} (exclusive) of one column of elements.
 */
public final class ListColumn extends Column {

  private final int[] offsets;
  private final Column elements;

  /** Takes ownership of {@code offsets}: {@code size + 1} ascending places, the first is 0. */
  public ListColumn(
      FieldType type, int[] offsets, Column elements, int size, @Nullable Bitmap validity) {
    super(type, FieldType.Storage.LIST, size, validity);
    if (!type.element().equals(elements.type())) {
      throw new IllegalArgumentException(
          "Elements of type " + elements.type() + " in a " + type + " column");
    }
    if (offsets.length < size + 1 || offsets[0] != 0 || offsets[size] != elements.size()) {
      throw new IllegalArgumentException(
          "Invalid list offsets: "
              + offsets.length
              + " for "
              + size
              + " rows and "
              + elements.size()
              + " elements");
    }
    this.offsets = offsets;
    this.elements = elements;
  }

  public int[] offsets() {
    return offsets;
  }

  public Column elements() {
    return elements;
  }

  public int start(int row) {
    return offsets[row];
  }

  public int end(int row) {
    return offsets[row + 1];
  }

  @Override
  Object boxed(int row) {
    List<@Nullable Object> values = new ArrayList<>(offsets[row + 1] - offsets[row]);
    for (int i = offsets[row]; i < offsets[row + 1]; i++) {
      values.add(elements.value(i));
    }
    return Collections.unmodifiableList(values);
  }

  @Override
  public ListColumn gather(int[] rows) {
    int[] newOffsets = new int[rows.length + 1];
    for (int i = 0; i < rows.length; i++) {
      newOffsets[i + 1] = Math.addExact(newOffsets[i], offsets[rows[i] + 1] - offsets[rows[i]]);
    }
    int[] picked = new int[newOffsets[rows.length]];
    for (int i = 0; i < rows.length; i++) {
      int from = offsets[rows[i]];
      for (int j = newOffsets[i]; j < newOffsets[i + 1]; j++) {
        picked[j] = from + j - newOffsets[i];
      }
    }
    return new ListColumn(
        type(), newOffsets, elements.gather(picked), rows.length, gatherValidity(rows));
  }

  @Override
  public ListColumn slice(int from, int to) {
    Bitmap validity = sliceValidity(from, to);
    int[] newOffsets = new int[to - from + 1];
    for (int i = 0; i < newOffsets.length; i++) {
      newOffsets[i] = offsets[from + i] - offsets[from];
    }
    return new ListColumn(
        type(), newOffsets, elements.slice(offsets[from], offsets[to]), to - from, validity);
  }

  @Override
  public long byteSize() {
    return 4L * size() + elements.byteSize();
  }

  static ListColumn concat(List<Column> columns, int total, @Nullable Bitmap validity) {
    int[] newOffsets = new int[total + 1];
    List<Column> elements = new ArrayList<>(columns.size());
    int at = 0;
    for (Column column : columns) {
      ListColumn list = (ListColumn) column;
      int base = newOffsets[at];
      for (int i = 1; i <= list.size(); i++) {
        newOffsets[at + i] = Math.addExact(base, list.offsets[i]);
      }
      at += list.size();
      elements.add(list.elements);
    }
    return new ListColumn(
        columns.get(0).type(), newOffsets, Column.concat(elements), total, validity);
  }
}
