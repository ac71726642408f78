package io.featurebeam.rule;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.expression.Expression;
import io.featurebeam.expression.Expressions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A rule that judges only the records for which a CEL condition is true; all others pass. Where the
 * condition is null the record passes: nobody knows whether the rule is meant. What null and NaN do
 * in the records that it judges is the rule's own affair.
 *
 * @param when the condition: {@code carrier == 'AA'}
 */
record Guarded(Rule rule, String when) implements Rule {

  Guarded {
    Objects.requireNonNull(rule, "rule is null");
    Objects.requireNonNull(when, "when is null");
    List<String> unused = Expressions.columns(when); // so that bad syntax is an error now
    if (rule.scope() != Scope.RECORD) {
      throw new IllegalArgumentException(
          "Invalid when: '"
              + when
              + "' ("
              + rule.id()
              + " needs the whole run: must be a rule that judges a record alone)");
    }
  }

  @Override
  public String id() {
    return rule.id() + " when " + condition();
  }

  private String condition() {
    return when.strip().replaceAll("\\s+", " ");
  }

  /** Those of the rule, then those that only the condition reads. */
  @Override
  public List<String> columns() {
    Set<String> columns = new LinkedHashSet<>(rule.columns());
    columns.addAll(Expressions.columns(when));
    return List.copyOf(columns);
  }

  @Override
  public Checker bind(RecordSchema schema) {
    Checker checker = rule.bind(schema);
    Expression condition = Expressions.compile(when, schema);
    if (!condition.type().equals(FieldType.BOOLEAN)) {
      throw new IllegalArgumentException(
          "Invalid when: '" + when + "' is " + condition.type() + " (must be boolean)");
    }
    return new Checker() {
      @Override
      public Bitmap check(RecordBatch batch) {
        BooleanColumn holds = (BooleanColumn) condition.evaluate(batch);
        Bitmap judged = Bitmap.both(holds.values(), holds.validity());
        return judged == null || judged.isEmpty()
            ? Bitmap.ones(batch.size())
            : checker.check(batch).or(judged.not());
      }

      @Override
      public String observed(RecordBatch batch, int row) {
        return checker.observed(batch, row);
      }

      @Override
      public String reason(RecordBatch batch, int row) {
        return checker.reason(batch, row) + " when " + condition();
      }

      @Override
      public String requirement() {
        return checker.requirement() + " when " + condition();
      }
    };
  }
}
