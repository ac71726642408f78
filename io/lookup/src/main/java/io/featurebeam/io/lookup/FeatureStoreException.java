package io.featurebeam.io.lookup;

/** A store cannot be reached, refuses, answers too late, or holds what cannot be read. */
public final class FeatureStoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean passing;

  private FeatureStoreException(String message, Throwable cause, boolean passing) {
    super(message, cause);
    this.passing = passing;
  }

  /** What stays wrong until somebody puts it right. */
  public FeatureStoreException(String message, Throwable cause) {
    this(message, cause, false);
  }

  /** What stays wrong until somebody puts it right. */
  public FeatureStoreException(String message) {
    super(message);
    this.passing = false;
  }

  /** What may be over by itself soon: a store that is down, or busy. */
  public static FeatureStoreException passing(String message, Throwable cause) {
    return new FeatureStoreException(message, cause, true);
  }

  /** Whether to try again may help. */
  public boolean mayPass() {
    return passing;
  }
}
