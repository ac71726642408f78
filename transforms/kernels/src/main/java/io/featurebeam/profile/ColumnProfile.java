package io.featurebeam.profile;

import io.featurebeam.columnar.FieldType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one column holds, as a value for people and reports.
 *
 * @param records how many records there were
 * @param nulls how many of them had no value
 * @param masked whether values are withheld; {@code detail} is then {@link Hidden}
 */
public record ColumnProfile(
    String name, FieldType type, boolean masked, long records, long nulls, Detail detail) {

  /** How many records had a value; NaN is one. */
  public long values() {
    return records - nulls;
  }

  /** What is known beyond the counts; it depends on the column's type. */
  public sealed interface Detail permits Hidden, Numbers, Texts, Flags, Lists {}

  /** Nothing: the column is masked. */
  public record Hidden() implements Detail {}

  /**
   * Of int64, float64, timestamp (microseconds since 1970), date (days since 1970) and time
   * (microseconds since midnight). All but {@code nan}, {@code infinite} and {@code distinct} are
   * of the finite values alone.
   *
   * @param zeros how many are 0 or -0.0
   * @param min a Long, or a Double for float64; null if there is no finite value
   * @param mean NaN if there is no finite value; computed on doubles, so above 2^53 in steps
   * @param stddev the sample standard deviation (divided by n - 1); 0 for one value, NaN for none
   *     or if a square is above 1.8e308
   * @param skewness of a sample, as the aggregate of that name; NaN for fewer than three values,
   *     equal ones, or if a cube is above 1.8e308
   * @param kurtosis the excess of a sample, as the aggregate of that name; NaN for fewer than four
   *     values, equal ones, or if a fourth power is above 1.8e308
   * @param quantiles ascending; empty if there is no finite value
   * @param histogram counts by range; empty if there is no finite value
   * @param top the values with their counts, ascending by value, if there are at most {@value
   *     FewValues#MAX}; null if there are more
   * @param sampled whether quantiles and histogram come from a sample of the records (never where
   *     {@code top} is given)
   */
  public record Numbers(
      long finite,
      long nan,
      long infinite,
      long zeros,
      @Nullable Number min,
      @Nullable Number max,
      double mean,
      double stddev,
      double skewness,
      double kurtosis,
      List<Quantile> quantiles,
      Histogram histogram,
      Distinct distinct,
      @Nullable List<TopValue> top,
      boolean sampled)
      implements Detail {

    public Numbers {
      quantiles = List.copyOf(quantiles);
      top = top == null ? null : List.copyOf(top);
    }

    /** Whether the quantiles are estimates, which may differ a little between equal runs. */
    public boolean isEstimated() {
      return sampled || finite > Quantiles.K;
    }
  }

  /**
   * Of string and bytes.
   *
   * @param empty how many have no character
   * @param minLength characters (code points) of a string, bytes of bytes; 0 if there is no value
   * @param meanLength NaN if there is no value
   * @param top the most frequent values, most frequent first
   * @param topError by how much a count in {@code top} may be too low, beyond sampling; 0 if exact
   * @param sampled whether the counts in {@code top} are extrapolated from a sample of the records
   */
  public record Texts(
      long empty,
      long minLength,
      long maxLength,
      double meanLength,
      Distinct distinct,
      List<TopValue> top,
      long topError,
      boolean sampled)
      implements Detail {

    public Texts {
      top = List.copyOf(top);
    }
  }

  /** Of boolean. */
  public record Flags(long trues, long falses) implements Detail {

    /** The share of true among the values; NaN if there is none. */
    public double trueShare() {
      return (double) trues / (trues + falses);
    }
  }

  /** Of lists, their lengths alone; {@code meanLength} is NaN if there is none. */
  public record Lists(long empty, long minLength, long maxLength, double meanLength)
      implements Detail {}

  /** How many different values there are; NaN counts as one. */
  public record Distinct(long count, boolean exact) {}

  /** The smallest value that at least {@code rank} (0 to 1) of the values do not exceed. */
  public record Quantile(double rank, double value) {}

  /** A value, printed with invisible characters escaped and shortened, and how often it occurs. */
  public record TopValue(String text, long count) {}

  /**
   * Counts by range.
   *
   * @param bins adjacent, ascending
   * @param below how many values lie below the first bin: far outliers are not drawn
   * @param above how many lie above the last
   */
  public record Histogram(List<Bin> bins, double below, double above) {

    public Histogram {
      bins = List.copyOf(bins);
    }
  }

  /** About how many values are in [from, to); the last bin of a histogram includes its end. */
  public record Bin(double from, double to, double count) {}
}
