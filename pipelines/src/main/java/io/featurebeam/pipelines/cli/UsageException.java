package io.featurebeam.pipelines.cli;

/** Arguments that cannot be used; the message says which, why and what to do. */
public final class UsageException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }

  UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
