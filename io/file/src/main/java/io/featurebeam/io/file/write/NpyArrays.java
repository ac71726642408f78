package io.featurebeam.io.file.write;

import io.featurebeam.columnar.BytesColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Which arrays the columns of a schema become; {@link NumpyFormat} says it to users. */
final class NpyArrays {

  /**
   * An array and where it comes from.
   *
   * @param column the index of a column of the batch
   * @param part what of the column's values the array takes
   */
  record Source(NpyArray array, int column, UnaryOperator<Column> part) {}

  private final List<Source> sources = new ArrayList<>();

  private NpyArrays() {}

  static List<Source> of(RecordSchema schema) {
    if (schema.size() == 0) {
      throw new IllegalArgumentException(
          "Invalid schema: no columns (a NumPy file needs at least one)");
    }
    NpyArrays arrays = new NpyArrays();
    for (int c = 0; c < schema.size(); c++) {
      Field field = schema.field(c);
      arrays.add(field.name(), field.type(), field.nullable(), c, column -> column);
    }
    arrays.checkNames(schema);
    return arrays.sources;
  }

  private void add(
      String name, FieldType type, boolean nullable, int column, UnaryOperator<Column> part) {
    switch (type.kind()) {
      case BOOLEAN -> add(new NpyArray.Booleans(name), column, part);
      case INT64 -> add(new NpyArray.Longs(name, "<i8", 0), column, part);
      case FLOAT64 -> add(new NpyArray.Doubles(name), column, part);
      case TIMESTAMP -> add(new NpyArray.Longs(name, "<M8[us]", NpyArray.NAT), column, part);
      case DATE -> add(new NpyArray.Longs(name, "<M8[D]", NpyArray.NAT), column, part);
      case TIME -> add(new NpyArray.Longs(name, "<m8[us]", NpyArray.NAT), column, part);
      case STRING -> add(new NpyArray.Texts(name), column, part);
      case BYTES -> {
        add(new NpyArray.RawBytes(name + ".values"), column, part);
        add(new NpyArray.Offsets(name + ".offsets"), column, part);
      }
      case LIST -> {
        UnaryOperator<Column> elements = c -> elements((ListColumn) part.apply(c));
        add(name + ".values", type.element(), true, column, elements);
        add(new NpyArray.Offsets(name + ".offsets"), column, part);
      }
    }
    if (nullable) {
      add(new NpyArray.Mask(name + ".mask"), column, part);
    }
  }

  private void add(NpyArray array, int column, UnaryOperator<Column> part) {
    sources.add(new Source(array, column, part));
  }

  /** Of the lists that are not null: a null list may have elements, which mean nothing. */
  private static Column elements(ListColumn lists) {
    if (lists.validity() == null) {
      return lists.elements();
    }
    int[] picked = new int[lists.elements().size()];
    int size = 0;
    for (int row = 0; row < lists.size(); row++) {
      if (!lists.isNull(row)) {
        for (int i = lists.start(row); i < lists.end(row); i++) {
          picked[size++] = i;
        }
      }
    }
    return size == picked.length
        ? lists.elements()
        : lists.elements().gather(Arrays.copyOf(picked, size));
  }

  /** How many elements or bytes a row has; none if it is null. */
  static int length(Column column, int row) {
    if (column.isNull(row)) {
      return 0;
    }
    return column instanceof ListColumn list
        ? list.end(row) - list.start(row)
        : ((BytesColumn) column).slices().length(((BytesColumn) column).code(row));
  }

  private void checkNames(RecordSchema schema) {
    Map<String, String> columns = new HashMap<>();
    for (Source source : sources) {
      String column = schema.field(source.column()).name();
      String other = columns.putIfAbsent(source.array().name(), column);
      if (other != null) {
        throw new IllegalArgumentException(
            "Columns '"
                + other
                + "' and '"
                + column
                + "' both have an array '"
                + source.array().name()
                + "' in a NumPy file (names must be unique; rename one)");
      }
    }
  }
}
