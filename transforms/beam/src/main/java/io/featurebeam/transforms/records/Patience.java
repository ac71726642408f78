package io.featurebeam.transforms.records;

import java.time.Duration;
import org.apache.beam.sdk.util.BackOff;
import org.apache.beam.sdk.util.FluentBackoff;

/** For how long a server that does not answer is tried again, with pauses of 0.1 to 5 seconds. */
public final class Patience {

  private Patience() {}

  /** The same patience, if it is one. */
  public static Duration checked(Duration patience) {
    if (patience.isNegative()) {
      throw new IllegalArgumentException(
          "Invalid patience: " + patience + " (must not be negative)");
    }
    return patience;
  }

  /** The pauses of one wait; none if there is no patience. */
  public static BackOff pauses(Duration patience) {
    if (patience.toMillis() == 0) {
      return BackOff.STOP_BACKOFF;
    }
    return FluentBackoff.DEFAULT
        .withInitialBackoff(org.joda.time.Duration.millis(100))
        .withMaxBackoff(org.joda.time.Duration.standardSeconds(5))
        .withMaxCumulativeBackoff(org.joda.time.Duration.millis(patience.toMillis()))
        .backoff();
  }
}
