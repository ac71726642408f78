package io.featurebeam.rule;

import static io.featurebeam.settings.Parameter.optional;
import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.DoubleColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sum of some columns within a record is a number, or the value of another column, give or take
 * a tolerance. Numbers add up exactly as people read them in decimal, so 0.1 and 0.2 are 0.3
 * without a tolerance. A record with a null in one of the columns passes; NaN and the infinities
 * fail.
 */
record SumEquals(
    List<String> parts, @Nullable Double total, @Nullable String totalColumn, double tolerance)
    implements Rule {

  private static final double EXACT = 0x1p53;
  private static final double ROUNDING = 0x1p-52;

  SumEquals {
    parts = List.copyOf(parts);
    if (parts.isEmpty() || Set.copyOf(parts).size() < parts.size()) {
      throw new IllegalArgumentException(
          "Invalid columns: " + parts + " (must be at least one, none twice)");
    }
    if ((total == null) == (totalColumn == null)) {
      throw new IllegalArgumentException(
          (total == null ? "Missing total" : "Invalid total: given beside totalColumn")
              + ": sum_equals needs either total or totalColumn");
    }
    if (total != null && !Double.isFinite(total)) {
      throw new IllegalArgumentException("Invalid total: " + total + " (must be finite)");
    }
    if (totalColumn != null && parts.contains(totalColumn)) {
      throw new IllegalArgumentException(
          "Invalid totalColumn: '" + totalColumn + "' (must be none of the columns)");
    }
    if (!(tolerance >= 0 && tolerance < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Invalid tolerance: " + tolerance + " (must be a number >= 0)");
    }
  }

  private String wanted() {
    return (total == null ? Objects.requireNonNull(totalColumn) : Literals.text(total))
        + (tolerance == 0 ? "" : " +- " + Literals.text(tolerance));
  }

  @Override
  public String id() {
    return "sum_equals([" + String.join(", ", parts) + "], " + wanted() + ")";
  }

  @Override
  public List<String> columns() {
    List<String> all = new ArrayList<>(parts);
    if (totalColumn != null) {
      all.add(totalColumn);
    }
    return List.copyOf(all);
  }

  @Override
  public Checker bind(RecordSchema schema) {
    for (String column : columns()) {
      FieldType type = schema.field(column).type();
      if (!type.isNumeric()) {
        throw Literals.cannotJudge(id(), column, type, "must be a number");
      }
    }
    String requirement = String.join(" + ", parts) + " must be " + wanted();
    BigDecimal fixed = total == null ? null : BigDecimal.valueOf(total);
    BigDecimal slack = BigDecimal.valueOf(tolerance);
    return new ColumnsChecker(schema, columns(), requirement) {
      @Override
      void test(Column[] columns, int size, long[] passes) {
        for (int row = 0; row < size; row++) {
          passes[row >> 6] |= (isSum(columns, row) ? 1L : 0L) << row;
        }
      }

      private boolean isSum(Column[] columns, int row) {
        double sum = 0;
        double size = total == null ? 0 : Math.abs(total);
        boolean whole = total == null || total == Math.rint(total);
        boolean finite = true;
        for (int i = 0; i < columns.length; i++) {
          if (columns[i].isNull(row)) {
            return true;
          }
          double value = number(columns[i], row);
          sum += i < parts.size() ? value : -value;
          size += Math.abs(value);
          whole &= value == Math.rint(value);
          finite &= Double.isFinite(value);
        }
        if (!finite) {
          return false;
        }
        double off = Math.abs(total == null ? sum : sum - total);
        double error = whole && size < EXACT ? 0 : size * (columns.length + 2) * ROUNDING;
        if (off <= tolerance - error) {
          return true;
        }
        // Most that is off is far off; what rounding leaves open, and only that, is added exactly.
        return off <= tolerance + error && error > 0 && isExactSum(columns, row);
      }

      private boolean isExactSum(Column[] columns, int row) {
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = 0; i < parts.size(); i++) {
          sum = sum.add(decimal(columns[i], row));
        }
        BigDecimal all = fixed == null ? decimal(columns[parts.size()], row) : fixed;
        return sum.subtract(all).abs().compareTo(slack) <= 0;
      }
    };
  }

  private static double number(Column column, int row) {
    return column instanceof LongColumn longs
        ? (double) longs.get(row)
        : ((DoubleColumn) column).get(row);
  }

  private static BigDecimal decimal(Column column, int row) {
    return column instanceof LongColumn longs
        ? BigDecimal.valueOf(longs.get(row))
        : BigDecimal.valueOf(((DoubleColumn) column).get(row));
  }

  /** Makes it usable in YAML. */
  public static final class Provider implements RuleProvider {
    @Override
    public String name() {
      return "sum_equals";
    }

    @Override
    public String description() {
      return "The sum of some columns within a record is a number, or the value of another column.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          required("columns", Parameter.Kind.COLUMNS, "The columns of numbers that add up."),
          optional("total", Parameter.Kind.NUMBER, "What they add up to."),
          optional("totalColumn", Parameter.Kind.COLUMN, "Or the column that holds it."),
          optional("tolerance", Parameter.Kind.NUMBER, "How far off the sum may be; 0."));
    }

    @Override
    public Rule create(Settings settings) {
      return new SumEquals(
          settings.strings("columns"),
          settings.has("total") ? (Double) settings.number("total") : null,
          settings.stringOrNull("totalColumn"),
          settings.number("tolerance", 0));
    }
  }
}
