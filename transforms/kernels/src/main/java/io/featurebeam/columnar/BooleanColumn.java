package io.featurebeam.columnar;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values of boolean, one bit each. */
public final class BooleanColumn extends Column {

  private final Bitmap values;

  public BooleanColumn(Bitmap values, @Nullable Bitmap validity) {
    super(FieldType.BOOLEAN, FieldType.Storage.BOOLEAN, values.length(), validity);
    this.values = values;
  }

  public static BooleanColumn of(boolean... values) {
    return new BooleanColumn(Bitmap.of(values), null);
  }

  public Bitmap values() {
    return values;
  }

  public boolean get(int row) {
    return values.get(row);
  }

  @Override
  Object boxed(int row) {
    return values.get(row);
  }

  @Override
  public BooleanColumn gather(int[] rows) {
    return new BooleanColumn(values.gather(rows), gatherValidity(rows));
  }

  @Override
  public BooleanColumn slice(int from, int to) {
    return new BooleanColumn(values.slice(from, to), sliceValidity(from, to));
  }

  @Override
  public long byteSize() {
    return 8L * values.words().length;
  }

  static BooleanColumn concat(List<Column> columns, @Nullable Bitmap validity) {
    int total = columns.stream().mapToInt(Column::size).sum();
    long[] words = new long[Bitmap.wordCount(total)];
    int at = 0;
    for (Column column : columns) {
      copyBits(((BooleanColumn) column).values, words, at);
      at += column.size();
    }
    return new BooleanColumn(Bitmap.wrap(words, total), validity);
  }
}
