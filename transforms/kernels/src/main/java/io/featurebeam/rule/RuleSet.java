package io.featurebeam.rule;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.columnar.RecordSchema;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The rules of a pipeline, in the order in which they were declared: the first that a record breaks
 * is the one that its reject names.
 */
public final class RuleSet implements Serializable {

  private static final long serialVersionUID = 1L;

  private final ArrayList<Validation> validations;

  private RuleSet(List<Validation> validations) {
    this.validations = new ArrayList<>(validations);
    Set<String> ids = new HashSet<>();
    for (Validation validation : validations) {
      if (!ids.add(validation.rule().id())) {
        throw new IllegalArgumentException(
            "Duplicate rule: " + validation.rule().id() + " (each rule must be given once)");
      }
    }
  }

  public static RuleSet of(Validation... validations) {
    return new RuleSet(List.of(validations));
  }

  public static RuleSet of(List<Validation> validations) {
    return new RuleSet(List.copyOf(validations));
  }

  public List<Validation> validations() {
    return List.copyOf(validations);
  }

  /** The rules that one record is enough to judge. */
  public RuleSet recordRules() {
    return ofScope(Rule.Scope.RECORD);
  }

  /** The rules that need the whole run. */
  public RuleSet runRules() {
    return ofScope(Rule.Scope.RUN);
  }

  private RuleSet ofScope(Rule.Scope scope) {
    return new RuleSet(validations.stream().filter(v -> v.rule().scope() == scope).toList());
  }

  public boolean isEmpty() {
    return validations.isEmpty();
  }

  /**
   * The record rules made ready for batches of one schema. A missing column, or a type that a rule
   * cannot judge, throws here.
   */
  public Bound bind(RecordSchema schema) {
    return new Bound(recordRules().validations(), schema);
  }

  /** Rules bound to a schema. Not thread-safe, as its checkers are not. */
  public static final class Bound {
    private final List<Validation> validations;
    private final List<Checker> checkers;

    private Bound(List<Validation> validations, RecordSchema schema) {
      this.validations = validations;
      this.checkers = validations.stream().map(v -> v.rule().bind(schema)).toList();
    }

    public List<Validation> validations() {
      return validations;
    }

    public Checker checker(int rule) {
      return checkers.get(rule);
    }

    /** Judges every record by every rule. */
    public Verdict check(RecordBatch batch) {
      List<Bitmap> passed = checkers.stream().map(c -> c.check(batch)).toList();
      Bitmap accepted = null;
      for (int rule = 0; rule < passed.size(); rule++) {
        if (validations.get(rule).onFail().rejects()) {
          accepted = Bitmap.both(accepted, passed.get(rule));
        }
      }
      return new Verdict(this, passed, accepted == null ? Bitmap.ones(batch.size()) : accepted);
    }
  }

  /**
   * What the rules say of a batch.
   *
   * @param passed for each rule the records that satisfy it
   * @param accepted the records that break no rule that rejects
   */
  public record Verdict(Bound rules, List<Bitmap> passed, Bitmap accepted) {

    /** The first rule, in declared order, that rejects a record which is not accepted. */
    public int decidingRule(int row) {
      for (int rule = 0; rule < passed.size(); rule++) {
        if (rules.validations().get(rule).onFail().rejects() && !passed.get(rule).get(row)) {
          return rule;
        }
      }
      throw new IllegalArgumentException("Record " + row + " is accepted");
    }
  }
}
