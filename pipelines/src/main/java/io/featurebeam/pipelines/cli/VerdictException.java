package io.featurebeam.pipelines.cli;

/** Data broke a rule with {@code onFail: fail}, so nothing is published. */
public final class VerdictException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message which rules, and how many records broke each
   */
  public VerdictException(String message) {
    super(message);
  }
}
