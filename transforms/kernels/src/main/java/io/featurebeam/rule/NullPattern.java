package io.featurebeam.rule;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Which of some columns have a value in a record: all of them, at least one, or either all or none.
 * Null is what is asked about, so a record of nulls fails the first two and passes the last; NaN,
 * the empty string and the empty list are values.
 */
record NullPattern(List<String> columns, Wanted wanted) implements Rule {

  enum Wanted {
    NONE_NULL("none_null", "must all have a value"),
    ANY_NOT_NULL("any_not_null", "must not all be null"),
    NULL_TOGETHER("null_together", "must all have a value, or all be null");

    private final String rule;
    private final String words;

    Wanted(String rule, String words) {
      this.rule = rule;
      this.words = words;
    }
  }

  NullPattern {
    Objects.requireNonNull(wanted, "wanted is null");
    columns = List.copyOf(columns);
    if (Set.copyOf(columns).size() < Math.max(2, columns.size())) {
      throw new IllegalArgumentException(
          "Invalid columns: " + columns + " (must be at least two, none twice)");
    }
  }

  @Override
  public String id() {
    return wanted.rule + "(" + String.join(", ", columns) + ")";
  }

  private boolean holds(int values) {
    return switch (wanted) {
      case NONE_NULL -> values == columns.size();
      case ANY_NOT_NULL -> values > 0;
      case NULL_TOGETHER -> values == 0 || values == columns.size();
    };
  }

  @Override
  public Checker bind(RecordSchema schema) {
    String requirement = String.join(", ", columns) + " " + wanted.words;
    return new ColumnsChecker(schema, columns, requirement) {
      @Override
      void test(Column[] values, int size, long[] passes) {
        for (int row = 0; row < size; row++) {
          int present = 0;
          for (Column column : values) {
            present += column.isNull(row) ? 0 : 1;
          }
          passes[row >> 6] |= (holds(present) ? 1L : 0L) << row;
        }
      }
    };
  }

  private abstract static class OneProvider extends ColumnsRuleProvider {
    OneProvider(Wanted wanted) {
      super(
          wanted.rule,
          "Some columns " + wanted.words + " in a record.",
          "Two or more columns of any type.",
          columns -> new NullPattern(columns, wanted));
    }
  }

  /** Makes it usable in YAML: all have a value. */
  public static final class NoneProvider extends OneProvider {
    public NoneProvider() {
      super(Wanted.NONE_NULL);
    }
  }

  /** Makes it usable in YAML: at least one has a value. */
  public static final class AnyProvider extends OneProvider {
    public AnyProvider() {
      super(Wanted.ANY_NOT_NULL);
    }
  }

  /** Makes it usable in YAML: all have a value, or none. */
  public static final class TogetherProvider extends OneProvider {
    public TogetherProvider() {
      super(Wanted.NULL_TOGETHER);
    }
  }
}
