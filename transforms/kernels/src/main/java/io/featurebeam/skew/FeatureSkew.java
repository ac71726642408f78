package io.featurebeam.skew;

import io.featurebeam.columnar.FieldType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one column of the log compares with that of the recomputation, over the rows that both have.
 *
 * @param pairs the rows that both have
 * @param equal those whose values match, by the tolerance; two nulls do
 * @param missing those where only the recomputation has a value
 * @param extra those where only the log has a value
 * @param different those where both have one, and they do not match
 * @param absolute of numbers and times: how far apart two values are, numbers as they are, dates in
 *     days, other times in seconds; null of other types, masked columns, and if no pair has two
 *     finite values
 * @param relative of numbers: that by the larger of the two sizes
 * @param worst the pairs that are farthest apart, among those that do not match
 * @param others some of the pairs that do not match and have no distance, chosen by a hash of their
 *     key: nulls, texts, NaN; none if the column is masked
 */
public record FeatureSkew(
    String name,
    FieldType type,
    boolean masked,
    long pairs,
    long equal,
    long missing,
    long extra,
    long different,
    @Nullable Distance absolute,
    @Nullable Distance relative,
    List<Example> worst,
    List<Example> others) {

  public FeatureSkew {
    worst = List.copyOf(worst);
    others = List.copyOf(others);
  }

  /** The share of pairs that match, from 0 to 1; NaN if there is none. */
  public double matchRate() {
    return pairs == 0 ? Double.NaN : (double) equal / pairs;
  }

  /**
   * How far apart finite values are.
   *
   * @param measured how many pairs have two finite values
   * @param zeros how many of them are equal
   * @param mean exact but for one rounding, as is max
   * @param median at most 1 / 32 of it from the true one, as are the other quantiles
   * @param decades how many distances above 0 are in [10^e, 10^(e + 1)), ascending, to the same
   *     accuracy; without those that are empty
   */
  public record Distance(
      long measured,
      long zeros,
      double mean,
      double median,
      double p90,
      double p99,
      double max,
      List<Decade> decades) {

    public Distance {
      decades = List.copyOf(decades);
    }
  }

  /** A power of ten and how many distances are of its size. */
  public record Decade(int exponent, long count) {}
}
