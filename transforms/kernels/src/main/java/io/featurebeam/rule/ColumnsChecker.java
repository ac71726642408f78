package io.featurebeam.rule;

import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Where the checker of a rule over several columns starts: a subclass judges records, nulls too,
 * this does words.
 */
abstract class ColumnsChecker implements Checker {

  private final List<String> names;
  private final int[] indexes;
  private final String requirement;

  /**
   * @param requirement what a record must be, for people: {@code arrival must be above departure}
   */
  ColumnsChecker(RecordSchema schema, List<String> names, String requirement) {
    this.names = List.copyOf(names);
    this.indexes = names.stream().mapToInt(schema::indexOf).toArray();
    this.requirement = Objects.requireNonNull(requirement, "requirement is null");
  }

  /** Sets the bit of each record that satisfies the rule; all are zero. */
  abstract void test(Column[] columns, int size, long[] passes);

  @Override
  public final Bitmap check(RecordBatch batch) {
    Column[] columns = new Column[indexes.length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = batch.column(indexes[i]);
    }
    long[] passes = new long[Bitmap.wordCount(batch.size())];
    test(columns, batch.size(), passes);
    return Bitmap.wrap(passes, batch.size());
  }

  @Override
  public final String observed(RecordBatch batch, int row) {
    return names.stream()
        .map(c -> c + "=" + ColumnChecker.shown(BatchPrinter.text(batch.column(c), row)))
        .collect(Collectors.joining(", "));
  }

  @Override
  public final String reason(RecordBatch batch, int row) {
    return observed(batch, row) + " (" + requirement + ")";
  }

  @Override
  public final String requirement() {
    return requirement;
  }
}
