package io.featurebeam.rule;

import io.featurebeam.columnar.Bitmap;
import io.featurebeam.columnar.RecordBatch;

/** A rule bound to a schema. Not thread-safe: it may remember results per dictionary. */
public interface Checker {

  /** Set bits are the records that satisfy the rule. */
  Bitmap check(RecordBatch batch);

  /** The observed value of a record that failed, as text: {@code -300.0}. */
  String observed(RecordBatch batch, int row);

  /**
   * Why that record failed, for people: {@code delay is -300.0 (must be between -180 and 1440)}.
   */
  String reason(RecordBatch batch, int row);

  /** What a record must be to satisfy the rule, for people: {@code must be between 0 and 10}. */
  default String requirement() {
    return "must satisfy the rule";
  }
}
