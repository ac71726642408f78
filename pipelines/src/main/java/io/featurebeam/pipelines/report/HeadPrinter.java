package io.featurebeam.pipelines.report;

import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.Field;
import io.featurebeam.columnar.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A few rows as an aligned table that is no wider than the console: columns that do not fit are
 * left out and counted, and masked ones show {@code ***}.
 */
public final class HeadPrinter {

  private static final String INDENT = "    ";
  private static final int MAX_CELL = 32;

  private HeadPrinter() {}

  /**
   * The text, each line ended by a newline, behind an empty one.
   *
   * @param rows what to show
   * @param all how many rows there are
   * @param masked the columns whose values must not be seen
   * @param width how many characters fit in a line
   */
  public static String print(RecordBatch rows, long all, Set<String> masked, int width) {
    StringBuilder out = new StringBuilder("\n  ");
    out.append(rows.size() == all ? "all " : "first ").append(Wording.count(rows.size()));
    out.append(rows.size() == all ? "" : " of " + Wording.count(all));
    out.append(all == 1 ? " row:\n" : " rows:\n");
    List<StringBuilder> lines = new ArrayList<>();
    for (int i = 0; i <= rows.size(); i++) {
      lines.add(new StringBuilder());
    }
    int columns = rows.schema().size();
    int shown = 0;
    while (shown < columns) {
      List<String> cells = cells(rows, shown, masked);
      int cell = cells.stream().mapToInt(String::length).max().orElse(0);
      String more = shown + 1 == columns ? "" : more(columns - shown - 1);
      int gap = shown == 0 ? 0 : 2;
      int used = INDENT.length() + lines.get(0).length() + gap + cell + more.length();
      if (shown > 0 && used > width) {
        break;
      }
      boolean right = rows.schema().field(shown).type().isNumeric();
      for (int i = 0; i < lines.size(); i++) {
        String pad = " ".repeat(cell - cells.get(i).length());
        lines
            .get(i)
            .append(" ".repeat(gap))
            .append(right ? pad + cells.get(i) : cells.get(i) + pad);
      }
      shown++;
    }
    if (shown < columns) {
      lines.get(0).append(more(columns - shown));
    }
    lines.forEach(line -> out.append((INDENT + line).stripTrailing()).append('\n'));
    return out.toString();
  }

  private static String more(int columns) {
    return "  and " + Wording.count(columns, "more column");
  }

  /** The name of a column and its values. */
  private static List<String> cells(RecordBatch rows, int column, Set<String> masked) {
    Field field = rows.schema().field(column);
    List<String> cells = new ArrayList<>();
    cells.add(Wording.foreign(field.name(), MAX_CELL));
    for (int row = 0; row < rows.size(); row++) {
      cells.add(masked.contains(field.name()) ? "***" : text(rows.column(column), row));
    }
    return cells;
  }

  /** Floats with a few digits: here a person looks, files hold them in full. */
  private static String text(Column column, int row) {
    return column.value(row) instanceof Double number && Double.isFinite(number)
        ? Wording.number(number)
        : Wording.value(BatchPrinter.text(column, row), MAX_CELL);
  }
}
