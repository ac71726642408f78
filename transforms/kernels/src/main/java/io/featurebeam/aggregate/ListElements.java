package io.featurebeam.aggregate;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.ListColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code elements(c)} means in the place of a column: each element of the list column c is a
 * record of its own, with the time and the other columns of the record it lies in. So every
 * aggregate works over lists without knowing: it finds a column of the elements' type, and slots
 * that repeat. A null list has no elements, and a null element is a null value. Aggregates that
 * need events in order are refused, as elements of one list have one time.
 *
 * @param rows per element the record that it lies in
 * @param elements all elements of the column
 * @param times of the elements
 */
@SuppressWarnings("ArrayRecordComponent") // read only, and never compared
record ListElements(int[] rows, Column elements, long[] times) {

  private static final String PREFIX = "elements(";
  private static final String SUFFIX = ")";

  private static boolean isElements(String name, RecordSchema schema) {
    return name.startsWith(PREFIX) && name.endsWith(SUFFIX) && !schema.contains(name);
  }

  /** The column that is read for an input: c for {@code elements(c)}, or the input itself. */
  static String column(String input, RecordSchema schema) {
    return isElements(input, schema)
        ? input.substring(PREFIX.length(), input.length() - SUFFIX.length()).strip()
        : input;
  }

  /** The columns that are read for a part. */
  static List<String> columns(Part part, RecordSchema schema) {
    return part.inputs().stream().map(input -> column(input, schema)).toList();
  }

  /** The list column whose elements a part takes, or null; checks that there is but one. */
  static @Nullable String list(Part part, RecordSchema schema) {
    String found = null;
    for (String input : part.inputs()) {
      if (isElements(input, schema)) {
        String column = column(input, schema);
        if (found != null && !found.equals(column)) {
          throw new IllegalArgumentException(
              "Invalid columns: elements of '"
                  + found
                  + "' and of '"
                  + column
                  + "' (an aggregate takes those of one list column)");
        }
        found = column;
      }
    }
    return found;
  }

  /** The schema with a column more for each {@code elements(c)} that the parts read. */
  static RecordSchema schema(List<Part> parts, RecordSchema schema) {
    RecordSchema all = schema;
    for (Part part : parts) {
      String list = list(part, schema);
      if (list == null) {
        continue;
      }
      FieldType type = schema.field(list).type();
      if (type.kind() != FieldType.Kind.LIST) {
        throw ColumnTypes.refusal("elements", list, type, "a list");
      }
      if (part.isOrdered()) {
        throw new IllegalArgumentException(
            "Invalid column: elements of '"
                + list
                + "' where the order of events counts (elements of one list have one time; take an"
                + " aggregate such as sum, mean, min, max or count)");
      }
      for (String input : part.inputs()) {
        if (isElements(input, schema) && !all.contains(input)) {
          all = all.with(Field.of(input, type.element()));
        }
      }
    }
    return all;
  }

  static ListElements of(ListColumn lists, long[] recordTimes) {
    int[] offsets = lists.offsets();
    int count = 0;
    for (int i = 0; i < lists.size(); i++) {
      count += lists.isNull(i) ? 0 : offsets[i + 1] - offsets[i];
    }
    boolean all = count == lists.elements().size();
    int[] rows = new int[count];
    int[] picked = new int[all ? 0 : count];
    long[] times = new long[count];
    int n = 0;
    for (int i = 0; i < lists.size(); i++) {
      for (int e = offsets[i]; e < offsets[i + 1] && !lists.isNull(i); e++) {
        rows[n] = i;
        times[n] = recordTimes[i];
        if (!all) {
          picked[n] = e;
        }
        n++;
      }
    }
    Column elements = all ? lists.elements() : lists.elements().gather(picked);
    return new ListElements(rows, elements, times);
  }

  /** The inputs of a part, a record per element. */
  Inputs inputs(Part part, RecordBatch batch) {
    List<Column> columns = new ArrayList<>();
    for (String input : part.inputs()) {
      columns.add(isElements(input, batch.schema()) ? elements : batch.column(input).gather(rows));
    }
    return new Inputs(columns, times, Inputs.Ties.NONE, rows.length);
  }

  /** Per element the slot of the record that it lies in. */
  int[] slots(int[] slots) {
    int[] repeated = new int[rows.length];
    for (int i = 0; i < repeated.length; i++) {
      repeated[i] = slots[rows[i]];
    }
    return repeated;
  }
}
