package io.featurebeam.skew;

import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.columnar.Column;
import io.featurebeam.rule.RowKeys;
import java.util.ArrayList;
import java.util.List;

/** The keys of rows as an example shows them. */
final class KeyTexts {

  private static final String MASKED = "***";
  private static final int MAX_LENGTH = 200;

  private final SkewPlan plan;
  private final List<Column> columns;
  private final long[] hashes;

  KeyTexts(SkewPlan plan, List<Column> columns, int size) {
    this.plan = plan;
    this.columns = columns;
    this.hashes = RowKeys.hashes(columns, size);
  }

  long hash(int row) {
    return hashes[row];
  }

  List<String> of(int row) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      boolean masked = plan.isMasked(plan.keyFields().get(i).name());
      texts.add(masked ? MASKED : text(columns.get(i), row));
    }
    return texts;
  }

  /** A value of an example: a long text is cut. */
  static String text(Column column, int row) {
    String text = BatchPrinter.text(column, row);
    if (text.length() <= MAX_LENGTH) {
      return text;
    }
    boolean splits = Character.isHighSurrogate(text.charAt(MAX_LENGTH - 1));
    return text.substring(0, splits ? MAX_LENGTH - 1 : MAX_LENGTH) + "…";
  }
}
