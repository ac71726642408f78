package io.featurebeam.io.lookup;

/** A store cannot be reached, refuses, answers too late, or holds what cannot be read. */
public final class FeatureStoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public FeatureStoreException(String message, Throwable cause) {
    super(message, cause);
  }

  public FeatureStoreException(String message) {
    super(message);
  }
}
