package io.featurebeam.rule;

import static io.featurebeam.settings.Parameter.optional;
import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A value of one column is greater than, less than, equal or not equal to that of another in the
 * same record, as {@link ColumnOrder} compares them. A null in either column passes unless {@link
 * Ignore} says otherwise. NaN is neither greater, less nor equal, so it fails, also beside NaN, and
 * passes as not equal.
 *
 * @param orEqual whether equal values pass too; for greater and less
 */
record Comparison(String column, String other, Wanted wanted, boolean orEqual, Ignore ignore)
    implements Rule {

  enum Wanted {
    GREATER("greater_than", "greater than"),
    LESS("less_than", "less than"),
    EQUAL("equal_to", "equal to"),
    NOT_EQUAL("not_equal_to", "other than");

    private final String rule;
    private final String words;

    Wanted(String rule, String words) {
      this.rule = rule;
      this.words = words;
    }
  }

  Comparison {
    Objects.requireNonNull(column, "column is null");
    Objects.requireNonNull(other, "other is null");
    Objects.requireNonNull(wanted, "wanted is null");
    Objects.requireNonNull(ignore, "ignore is null");
    if (column.equals(other)) {
      throw new IllegalArgumentException(
          "Invalid other: '" + other + "' (must be another column than column)");
    }
  }

  @Override
  public String id() {
    return wanted.rule
        + "("
        + column
        + ", "
        + other
        + (orEqual ? ", or equal" : "")
        + ignore.suffix()
        + ")";
  }

  @Override
  public List<String> columns() {
    return List.of(column, other);
  }

  private String requirement() {
    return column + " must be " + wanted.words + (orEqual ? " or equal to " : " ") + other;
  }

  private boolean holds(int order) {
    return switch (wanted) {
      case GREATER -> order > 0 || (orEqual && order == 0);
      case LESS -> (order < 0 && order != ColumnOrder.UNORDERED) || (orEqual && order == 0);
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
    };
  }

  @Override
  public Checker bind(RecordSchema schema) {
    ColumnOrder order = ColumnOrder.of(id(), schema, column, other);
    return new ColumnsChecker(schema, columns(), requirement()) {
      @Override
      void test(Column[] columns, int size, long[] passes) {
        Column left = columns[0];
        Column right = columns[1];
        boolean complete = left.validity() == null && right.validity() == null;
        for (int row = 0; row < size; row++) {
          boolean leftIsNull = !complete && left.isNull(row);
          boolean rightIsNull = !complete && right.isNull(row);
          boolean passed =
              (leftIsNull || rightIsNull)
                  ? ignore.passes(leftIsNull, rightIsNull)
                  : holds(order.compare(left, right, row));
          passes[row >> 6] |= (passed ? 1L : 0L) << row;
        }
      }
    };
  }

  private abstract static class OneProvider implements RuleProvider {
    private final Wanted wanted;
    private final boolean takesOrEqual;

    OneProvider(Wanted wanted, boolean takesOrEqual) {
      this.wanted = wanted;
      this.takesOrEqual = takesOrEqual;
    }

    @Override
    public final String name() {
      return wanted.rule;
    }

    @Override
    public final String description() {
      return "A value is "
          + wanted.words
          + " that of another column"
          + (takesOrEqual ? ", or equal where asked." : ".");
    }

    @Override
    public final List<Parameter> parameters() {
      List<Parameter> parameters = new ArrayList<>();
      parameters.add(required("column", Parameter.Kind.COLUMN, "A column of any type but lists."));
      parameters.add(
          required(
              "other",
              Parameter.Kind.COLUMN,
              "A column of the same type, or numbers for numbers."));
      if (takesOrEqual) {
        parameters.add(
            optional("orEqual", Parameter.Kind.BOOLEAN, "Whether equal values pass; false."));
      }
      parameters.add(Ignore.parameter());
      return parameters;
    }

    @Override
    public final Rule create(Settings settings) {
      return new Comparison(
          settings.string("column"),
          settings.string("other"),
          wanted,
          settings.flag("orEqual", false),
          Ignore.of(settings));
    }
  }

  /** Makes it usable in YAML: greater. */
  public static final class GreaterProvider extends OneProvider {
    public GreaterProvider() {
      super(Wanted.GREATER, true);
    }
  }

  /** Makes it usable in YAML: less. */
  public static final class LessProvider extends OneProvider {
    public LessProvider() {
      super(Wanted.LESS, true);
    }
  }

  /** Makes it usable in YAML: equal. */
  public static final class EqualProvider extends OneProvider {
    public EqualProvider() {
      super(Wanted.EQUAL, false);
    }
  }

  /** Makes it usable in YAML: not equal. */
  public static final class NotEqualProvider extends OneProvider {
    public NotEqualProvider() {
      super(Wanted.NOT_EQUAL, false);
    }
  }
}
