package io.featurebeam.rule;

import java.io.Serializable;
import java.util.Objects;

/** A rule, and what follows for a record that breaks it. */
public record Validation(Rule rule, OnFail onFail) implements Serializable {

  private static final long serialVersionUID = 1L;

  /** What follows from a broken rule. */
  public enum OnFail {
    /** The record goes to the rejects and not further. */
    REJECT,
    /** The failure is counted, the record goes on. */
    WARN,
    /** The record is rejected, and the run's output is not published. */
    FAIL;

    /** Whether the record stops here. */
    public boolean rejects() {
      return this != WARN;
    }
  }

  public Validation {
    Objects.requireNonNull(rule, "rule is null");
    Objects.requireNonNull(onFail, "onFail is null");
  }

  public static Validation reject(Rule rule) {
    return new Validation(rule, OnFail.REJECT);
  }

  public static Validation warn(Rule rule) {
    return new Validation(rule, OnFail.WARN);
  }

  public static Validation fail(Rule rule) {
    return new Validation(rule, OnFail.FAIL);
  }
}
