package io.featurebeam.drift;

import java.util.Objects;

/**
 * What a metric found.
 *
 * @param value what the threshold is of; NaN if there is nothing to compare
 * @param statistic of a test, what it is called after (chi-square, D); of other metrics the value
 * @param pValue how likely a statistic this large is if nothing has changed; NaN if it is no test
 * @param error by how much, with 99 % confidence, a share that was compared may be off because it
 *     comes from sketches; 0 if all are exact
 * @param words which numbers were compared, for people
 */
public record Measured(double value, double statistic, double pValue, double error, String words) {

  public Measured {
    Objects.requireNonNull(words, "words is null");
  }

  /** Of a metric that is no test. */
  public static Measured of(double value, String words) {
    return new Measured(value, value, Double.NaN, 0, words);
  }

  /** There is nothing to compare. */
  public static Measured nothing(String why) {
    return of(Double.NaN, why);
  }
}
