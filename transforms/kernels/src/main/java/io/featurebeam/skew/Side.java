package io.featurebeam.skew;

/** Which of the two tables a row is of. */
public enum Side {
  /** What was logged when the model was served. */
  LOGGED("the log"),
  /** What a later computation gives for the same times. */
  RECOMPUTED("the recomputation");

  private final String text;

  Side(String text) {
    this.text = text;
  }

  /** As a sentence calls it. */
  @Override
  public String toString() {
    return text;
  }
}
