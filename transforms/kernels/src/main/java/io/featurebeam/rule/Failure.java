package io.featurebeam.rule;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * A rule that a record breaks.
 *
 * @param rule the rule's id: {@code between(delay, -180, 1440)}
 * @param columns the columns that the rule reads
 * @param observed the value that broke it, as text: {@code -300.0}
 * @param requirement what it must be: {@code must be between -180 and 1440}
 * @param reason both in one sentence, for people
 * @param onFail how severe it is
 */
public record Failure(
    String rule,
    List<String> columns,
    String observed,
    String requirement,
    String reason,
    Validation.OnFail onFail)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  public Failure {
    Objects.requireNonNull(rule, "rule is null");
    columns = List.copyOf(columns);
    Objects.requireNonNull(observed, "observed is null");
    Objects.requireNonNull(requirement, "requirement is null");
    Objects.requireNonNull(reason, "reason is null");
    Objects.requireNonNull(onFail, "onFail is null");
  }
}
