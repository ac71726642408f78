package io.featurebeam.rule;

import io.featurebeam.columnar.RecordSchema;
import java.io.Serializable;
import java.util.List;

/**
 * What a record must satisfy, as a value: it holds its columns and bounds and nothing of a run.
 * {@link Rules} makes the built-in ones. To add one, implement this interface in one file and
 * register a {@link RuleProvider}.
 *
 * <p>Null satisfies every rule but those that ask for values, such as not null: whether a value may
 * be missing is a question of its own, as in SQL's CHECK.
 */
public interface Rule extends Serializable {

  /**
   * What a reject and a report call it, stable between runs: {@code between(delay, -180, 1440)}.
   */
  String id();

  /** The columns that it reads. */
  List<String> columns();

  /**
   * The rule made ready for batches of one schema. A missing column or a type that the rule cannot
   * judge throws here, when the pipeline is built, with name, type and way out.
   */
  Checker bind(RecordSchema schema);

  /** Whether one record is enough to judge it, or the whole run is needed ({@link Scope#RUN}). */
  default Scope scope() {
    return Scope.RECORD;
  }

  /** How much of the data a rule must see to judge one record. */
  enum Scope {
    /** The record alone. */
    RECORD,
    /** Every record of the run with equal values in {@link #columns()}: unique. */
    RUN
  }
}
