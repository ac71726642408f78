package io.featurebeam.rule;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A number is finite: NaN and the infinities fail. Null passes, and every int64, so that the rule
 * can stay where a column changes its type.
 */
record FiniteNumber(String column) implements Rule {

  FiniteNumber {
    Objects.requireNonNull(column, "column is null");
  }

  @Override
  public String id() {
    return "finite(" + column + ")";
  }

  @Override
  public List<String> columns() {
    return List.of(column);
  }

  @Override
  public Checker bind(RecordSchema schema) {
    FieldType type = schema.field(column).type();
    if (!type.isNumeric()) {
      throw Literals.cannotJudge(id(), column, type, "must be a number");
    }
    return new ColumnChecker(schema, column, "must be finite") {
      @Override
      protected void test(Column values, long[] passes) {
        if (!(values instanceof DoubleColumn doubles)) {
          Arrays.fill(passes, -1L);
          return;
        }
        double[] numbers = doubles.values();
        for (int i = 0; i < values.size(); i++) {
          passes[i >> 6] |= (Double.isFinite(numbers[i]) ? 1L : 0L) << i;
        }
      }
    };
  }

  /** Makes it usable in YAML. */
  public static final class Provider extends ColumnRuleProvider {
    public Provider() {
      super(
          "finite",
          "A number is neither NaN nor infinite.",
          "A column of numbers.",
          FiniteNumber::new);
    }
  }
}
