package io.featurebeam.rule;

import static io.featurebeam.settings.Parameter.required;

import io.featurebeam.columnar.BatchPrinter;
import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.expression.Expression;
import io.featurebeam.expression.Expressions;
import io.featurebeam.settings.Parameter;
import io.featurebeam.settings.Settings;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A CEL expression is true. Null passes, as in SQL's CHECK: an expression over a null is null
 * unless it asks {@code == null}. NaN compares as IEEE 754 says, so {@code x > 0} fails for it. See
 * {@link Expressions} for the language.
 */
record ExpressionRule(String cel) implements Rule {

  ExpressionRule {
    Objects.requireNonNull(cel, "cel is null");
    List<String> unused = Expressions.columns(cel); // so that bad syntax is an error now
  }

  @Override
  public String id() {
    return "expression(" + cel.strip().replaceAll("\\s+", " ") + ")";
  }

  @Override
  public List<String> columns() {
    return Expressions.columns(cel);
  }

  @Override
  public Checker bind(RecordSchema schema) {
    Expression expression = Expressions.compile(cel, schema);
    if (!expression.type().equals(FieldType.BOOLEAN)) {
      throw new IllegalArgumentException(
          "Invalid expression: '" + cel + "' is " + expression.type() + " (must be boolean)");
    }
    return new Checker() {
      @Override
      public Bitmap check(RecordBatch batch) {
        BooleanColumn result = (BooleanColumn) expression.evaluate(batch);
        Bitmap known = result.validity();
        return known == null ? result.values() : result.values().or(known.not());
      }

      @Override
      public String observed(RecordBatch batch, int row) {
        return expression.columns().stream()
            .map(c -> c + "=" + ColumnChecker.shown(BatchPrinter.text(batch.column(c), row)))
            .collect(Collectors.joining(", "));
      }

      @Override
      public String reason(RecordBatch batch, int row) {
        return cel.strip() + " is false (" + observed(batch, row) + ")";
      }

      @Override
      public String requirement() {
        return "must satisfy " + cel.strip();
      }
    };
  }

  /** Makes it usable in YAML. */
  public static final class Provider implements RuleProvider {
    @Override
    public String name() {
      return "expression";
    }

    @Override
    public String description() {
      return "A CEL expression over the columns is true.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          required("cel", Parameter.Kind.EXPRESSION, "The expression: origin != destination."));
    }

    @Override
    public Rule create(Settings settings) {
      return Rules.expression(settings.string("cel"));
    }
  }
}
