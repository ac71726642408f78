package io.featurebeam.rule;

import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.util.Objects;

/**
 * Where the checker of a rule over one column starts: a subclass judges values, this does nulls
 * (which pass) and words.
 */
public abstract class ColumnChecker implements Checker {

  private static final int SHOWN = 200;

  private final String column;
  private final int index;
  private final String requirement;

  /**
   * @param requirement what a value must be, for people: {@code must be between 0 and 10}
   */
  protected ColumnChecker(RecordSchema schema, String column, String requirement) {
    this.column = Objects.requireNonNull(column, "column is null");
    this.index = schema.indexOf(column);
    this.requirement = Objects.requireNonNull(requirement, "requirement is null");
  }

  /**
   * Sets the bit of each row whose value satisfies the rule; all are zero. What it says of a null
   * row does not count.
   */
  protected abstract void test(Column values, long[] passes);

  @Override
  public final Bitmap check(RecordBatch batch) {
    Column values = batch.column(index);
    long[] passes = new long[Bitmap.wordCount(values.size())];
    test(values, passes);
    Bitmap validity = values.validity();
    if (validity != null) {
      long[] valid = validity.words();
      for (int i = 0; i < passes.length; i++) {
        passes[i] |= ~valid[i];
      }
    }
    return Bitmap.wrap(passes, values.size());
  }

  @Override
  public final String observed(RecordBatch batch, int row) {
    return shown(BatchPrinter.text(batch.column(index), row));
  }

  @Override
  public final String reason(RecordBatch batch, int row) {
    return column + " is " + observed(batch, row) + " (" + requirement + ")";
  }

  @Override
  public final String requirement() {
    return requirement;
  }

  /** The start of a long text. */
  static String shown(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}
