package io.featurebeam.anomaly;

import java.io.DataOutput;
import java.io.IOException;

/**
 * What a scorer has learned of one key. Not thread-safe.
 *
 * <p>Laws, tested for every implementation: {@link #load} of {@link #save} into new scores goes on
 * as if nothing had happened; a value that is not finite changes nothing.
 */
public abstract class Scores {

  /**
   * Scores one record's values and then learns them: from 0 up, the more unusual the higher; NaN if
   * it does not know yet, or if a value is NaN (as a null is given); infinite if one is infinite.
   */
  public final double next(double... values) {
    boolean infinite = false;
    for (double value : values) {
      if (Double.isNaN(value)) {
        return Double.NaN;
      }
      infinite |= Double.isInfinite(value);
    }
    if (infinite) {
      return Double.POSITIVE_INFINITY;
    }
    double score = score(values);
    learn(values);
    return score;
  }

  /** The score of finite values after those that were learned. Changes nothing. */
  protected abstract double score(double[] values);

  /** Learns finite values. */
  protected abstract void learn(double[] values);

  protected abstract void save(DataOutput out) throws IOException;

  /** Reads into new scores what {@link #save} wrote; throws if it did not. */
  protected abstract void load(StateReader in);

  /** A distance in spreads; without a spread there is no measure, and it is 0. */
  static double ratio(double distance, double spread, double leastSpread) {
    double unit = Math.max(spread, leastSpread);
    return unit < 1e-12 ? 0 : Math.abs(distance) / unit;
  }
}
