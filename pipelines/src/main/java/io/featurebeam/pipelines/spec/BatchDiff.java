package io.featurebeam.pipelines.spec;

import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.Spelling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The difference between expected rows and those that came, as a table: {@code =} for a row that
 * came as expected, {@code -} for one that is missing and below it {@code +} for the one that came
 * in its place, brackets around the cells that differ. Rows are compared in any order; numbers
 * within 1e-9 of the larger one, or of 1; NaN equals NaN; a null only a null.
 */
final class BatchDiff {

  private static final double TOLERANCE = 1e-9;
  private static final int SHOWN = 100;

  private final SpecTest.Expected expected;
  private final List<String> columns;
  private final List<Actual> actual = new ArrayList<>();

  /** A row that came, its cells in the order of {@link #columns}. */
  private record Actual(List<FieldType> types, List<@Nullable Object> cells) {}

  private BatchDiff(SpecTest.Expected expected, List<RecordBatch> batches) {
    this.expected = expected;
    this.columns =
        expected.columns().isEmpty() && !batches.isEmpty()
            ? batches.get(0).schema().names()
            : expected.columns();
    for (RecordBatch batch : batches) {
      for (int row = 0; row < batch.size(); row++) {
        actual.add(row(batch, row));
      }
    }
  }

  /** The difference, or nothing if there is none. */
  static Optional<String> text(String what, SpecTest.Expected expected, List<RecordBatch> batches) {
    for (RecordBatch batch : batches) {
      for (String column : expected.columns()) {
        if (!batch.schema().contains(column)) {
          return Optional.of(
              "      "
                  + what
                  + ": no column '"
                  + column
                  + "'"
                  + Spelling.hint(column, batch.schema().names())
                  + "\n");
        }
      }
    }
    return new BatchDiff(expected, batches).text(what);
  }

  private Actual row(RecordBatch batch, int row) {
    List<FieldType> types = new ArrayList<>();
    List<@Nullable Object> cells = new ArrayList<>();
    for (String name : columns) {
      Column column = batch.column(name);
      types.add(column.type());
      cells.add(column.value(row));
    }
    return new Actual(types, cells);
  }

  private Optional<String> text(String what) {
    boolean[] used = new boolean[actual.size()];
    int[] match = new int[expected.rows().size()];
    for (int e = 0; e < match.length; e++) {
      match[e] = closest(expected.rows().get(e), used, columns.size());
      if (match[e] >= 0) {
        used[match[e]] = true;
      }
    }
    int missing = (int) Arrays.stream(match).filter(m -> m < 0).count();
    int unexpected = actual.size() - (match.length - missing);
    if (missing == 0 && unexpected == 0) {
      return Optional.empty();
    }
    List<List<String>> table = new ArrayList<>();
    table.add(header());
    for (int e = 0; e < match.length; e++) {
      List<@Nullable String> row = expected.rows().get(e);
      if (match[e] >= 0) {
        table.add(actualRow("=", actual.get(match[e]), null));
        continue;
      }
      int instead = closest(row, used, 1);
      table.add(expectedRow(row, instead < 0 ? null : actual.get(instead)));
      if (instead >= 0) {
        used[instead] = true;
        table.add(actualRow("+", actual.get(instead), row));
      }
    }
    for (int a = 0; a < used.length; a++) {
      if (!used[a]) {
        table.add(actualRow("+", actual.get(a), null));
      }
    }
    String summary =
        "      "
            + what
            + ": "
            + match.length
            + " rows expected, "
            + actual.size()
            + " came; "
            + missing
            + " missing (-), "
            + unexpected
            + " not expected (+)\n";
    return Optional.of(summary + aligned(table));
  }

  /**
   * The unused row with most cells as expected, the first of equals; -1 if none has {@code least}.
   */
  private int closest(List<@Nullable String> row, boolean[] used, int least) {
    int best = -1;
    int bestEqual = least - 1;
    for (int a = 0; a < used.length; a++) {
      int equal = 0;
      for (int c = 0; !used[a] && c < columns.size(); c++) {
        equal += equal(row.get(c), actual.get(a), c) ? 1 : 0;
      }
      if (!used[a] && equal > bestEqual) {
        best = a;
        bestEqual = equal;
      }
    }
    return best;
  }

  private static boolean equal(@Nullable String expected, Actual row, int column) {
    Object value = row.cells.get(column);
    FieldType type = row.types.get(column);
    if (expected == null || value == null) {
      return expected == null && value == null;
    }
    if (type.kind() == FieldType.Kind.STRING) {
      return expected.equals(value);
    }
    try {
      Object wanted = Cells.parse(type, expected);
      return wanted instanceof Double number
          ? close(number, (Double) value)
          : BatchPrinter.text(type, wanted).equals(BatchPrinter.text(type, value));
    } catch (IllegalArgumentException e) {
      return false; // what is expected is not even of the column's type
    }
  }

  private static boolean close(double a, double b) {
    return Double.compare(a, b) == 0
        || Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.max(Math.abs(a), Math.abs(b)));
  }

  private List<String> header() {
    List<String> cells = new ArrayList<>(List.of(" "));
    columns.forEach(name -> cells.add(BatchPrinter.escape(name)));
    return cells;
  }

  private List<String> expectedRow(List<@Nullable String> row, @Nullable Actual instead) {
    List<String> cells = new ArrayList<>(List.of("-"));
    for (int c = 0; c < row.size(); c++) {
      String text = row.get(c) == null ? "null" : BatchPrinter.escape(String.valueOf(row.get(c)));
      cells.add(instead == null || equal(row.get(c), instead, c) ? text : "[" + text + "]");
    }
    return cells;
  }

  private List<String> actualRow(
      String mark, Actual row, @Nullable List<@Nullable String> insteadOf) {
    List<String> cells = new ArrayList<>(List.of(mark));
    for (int c = 0; c < columns.size(); c++) {
      String text = BatchPrinter.text(row.types.get(c), row.cells.get(c));
      boolean differs = insteadOf != null && !equal(insteadOf.get(c), row, c);
      cells.add(differs ? "[" + text + "]" : text);
    }
    return cells;
  }

  private static String aligned(List<List<String>> table) {
    int[] widths = new int[table.get(0).size()];
    for (List<String> row : table) {
      for (int c = 0; c < widths.length; c++) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    StringBuilder out = new StringBuilder();
    for (List<String> row : table.subList(0, Math.min(SHOWN, table.size()))) {
      StringBuilder line = new StringBuilder("      ");
      for (int c = 0; c < widths.length; c++) {
        line.append(row.get(c)).append(" ".repeat(widths[c] - row.get(c).length() + 2));
      }
      out.append(line.toString().stripTrailing()).append('\n');
    }
    if (table.size() > SHOWN) {
      out.append("      ... ").append(table.size() - SHOWN).append(" more rows\n");
    }
    return out.toString();
  }
}
