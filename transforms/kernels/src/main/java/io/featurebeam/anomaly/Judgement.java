package io.featurebeam.anomaly;

import java.util.Objects;

/**
 * What a value was found to be.
 *
 * @param score from 0 up, the more unusual the higher; NaN if there is none
 * @param limit what the score was held against; NaN if there is none yet
 */
public record Judgement(double score, double limit, Label label) {

  /** Whether a value fits those before it. */
  public enum Label {
    NORMAL,
    OUTLIER,
    /** Too little was seen before it, or there is no value. */
    UNKNOWN
  }

  public Judgement {
    Objects.requireNonNull(label, "label is null");
  }
}
