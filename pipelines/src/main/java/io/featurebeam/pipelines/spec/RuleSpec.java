package io.featurebeam.pipelines.spec;

import java.util.Objects;

/**
 * A rule of the {@code validate} section and what a record that breaks it leads to.
 *
 * @param use the rule's provider and settings
 * @param onFail what happens to a record that breaks it
 */
public record RuleSpec(Use use, OnFail onFail) {

  /** What a broken rule leads to. */
  public enum OnFail {
    /** The record goes to the rejects and not into the output. */
    REJECT,
    /** The record is used; the report counts it. */
    WARN,
    /** The run publishes nothing and ends with an exit code of its own. */
    FAIL
  }

  public RuleSpec {
    Objects.requireNonNull(use, "use is null");
    Objects.requireNonNull(onFail, "onFail is null");
  }

  /** A rule that rejects the records that break it. */
  public static RuleSpec of(Use use) {
    return new RuleSpec(use, OnFail.REJECT);
  }
}
