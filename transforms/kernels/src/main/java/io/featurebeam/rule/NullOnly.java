package io.featurebeam.rule;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordSchema;
import java.util.List;
import java.util.Objects;

/**
 * A column has no value. Null passes and everything else fails, NaN, the empty string and the empty
 * list too: a retired column that must stay empty, or with {@code when} one that only some records
 * may have.
 */
record NullOnly(String column) implements Rule {

  NullOnly {
    Objects.requireNonNull(column, "column is null");
  }

  @Override
  public String id() {
    return "null_only(" + column + ")";
  }

  @Override
  public List<String> columns() {
    return List.of(column);
  }

  @Override
  public Checker bind(RecordSchema schema) {
    return new ColumnChecker(schema, column, "must be null") {
      @Override
      protected void test(Column values, long[] passes) {} // no value passes
    };
  }

  /** Makes it usable in YAML. */
  public static final class Provider extends ColumnRuleProvider {
    public Provider() {
      super("null_only", "A column has no value.", "A column of any type.", NullOnly::new);
    }
  }
}
