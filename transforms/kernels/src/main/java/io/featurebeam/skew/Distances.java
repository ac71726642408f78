package io.featurebeam.skew;

import io.featurebeam.skew.FeatureSkew.Decade;
import io.featurebeam.skew.FeatureSkew.Distance;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Distances: finite numbers from 0. Counted in buckets, 32 for each power of two, and summed in
 * them as the whole numbers that their digits are: so counts, mean and quantiles do not depend on
 * the order, and the mean is exact but for one rounding. A quantile is the mean of its bucket, at
 * most 1 / 32 from the true one.
 */
final class Distances {

  private static final int BUCKET_BITS = 5;
  private static final int DIGITS = 52;
  private static final int LOW_DIGITS = 26;
  private static final long LOW_MASK = (1L << LOW_DIGITS) - 1;

  /** The number of buckets that there can be. */
  static final int MAX_BUCKETS = 0x7FF << BUCKET_BITS;

  /** Sums of the upper and the lower digits apart: of 2^36 distances none overflows. */
  record Bucket(long count, long high, long low) {
    Bucket plus(Bucket other) {
      return new Bucket(count + other.count, high + other.high, low + other.low);
    }
  }

  private final TreeMap<Integer, Bucket> buckets = new TreeMap<>();
  private long zeros;
  private double max = Double.NaN;

  void add(double distance) {
    if (distance == 0) {
      addZeros(1);
      return;
    }
    long bits = Double.doubleToRawLongBits(distance);
    long digits = bits & ((1L << DIGITS) - 1);
    if (bits >>> DIGITS != 0) {
      digits |= 1L << DIGITS;
    }
    Bucket one = new Bucket(1, digits >>> LOW_DIGITS, digits & LOW_MASK);
    add((int) (bits >>> (DIGITS - BUCKET_BITS)), one);
    addMax(distance);
  }

  void addZeros(long count) {
    zeros += count;
    if (count > 0) {
      addMax(0);
    }
  }

  void add(int index, Bucket bucket) {
    buckets.merge(index, bucket, Bucket::plus);
  }

  void addMax(double other) {
    max = Double.isNaN(max) ? other : Double.isNaN(other) ? max : Math.max(max, other);
  }

  void merge(Distances other) {
    other.buckets.forEach(this::add);
    zeros += other.zeros;
    addMax(other.max);
  }

  long zeros() {
    return zeros;
  }

  double max() {
    return max;
  }

  Map<Integer, Bucket> buckets() {
    return buckets;
  }

  private long count() {
    return zeros + buckets.values().stream().mapToLong(Bucket::count).sum();
  }

  /** Null if there is none. */
  @Nullable Distance result() {
    long count = count();
    if (count == 0) {
      return null;
    }
    BigDecimal sum = BigDecimal.ZERO;
    TreeMap<Integer, Long> decades = new TreeMap<>();
    for (Map.Entry<Integer, Bucket> entry : buckets.entrySet()) {
      sum = sum.add(sum(entry.getKey(), entry.getValue()));
      double mean = mean(entry.getKey(), entry.getValue());
      decades.merge((int) Math.floor(Math.log10(mean)), entry.getValue().count, Long::sum);
    }
    List<Decade> counted = new ArrayList<>();
    decades.forEach((exponent, n) -> counted.add(new Decade(exponent, n)));
    return new Distance(
        count,
        zeros,
        sum.divide(BigDecimal.valueOf(count), MathContext.DECIMAL128).doubleValue(),
        quantile(0.5, count),
        quantile(0.9, count),
        quantile(0.99, count),
        max,
        counted);
  }

  private double quantile(double rank, long count) {
    double upTo = zeros;
    if (zeros > 0 && upTo >= rank * count) {
      return 0;
    }
    double last = 0;
    for (Map.Entry<Integer, Bucket> entry : buckets.entrySet()) {
      last = mean(entry.getKey(), entry.getValue());
      upTo += entry.getValue().count;
      if (upTo >= rank * count) {
        break;
      }
    }
    return last;
  }

  private static double mean(int index, Bucket bucket) {
    return sum(index, bucket)
        .divide(BigDecimal.valueOf(bucket.count), MathContext.DECIMAL128)
        .doubleValue();
  }

  /** The digits times the value of the last of them, which all of a bucket share. */
  private static BigDecimal sum(int index, Bucket bucket) {
    int exponent = Math.max(1, index >>> BUCKET_BITS) - Double.MAX_EXPONENT - DIGITS;
    BigDecimal digits =
        BigDecimal.valueOf(bucket.high)
            .multiply(BigDecimal.valueOf(1L << LOW_DIGITS))
            .add(BigDecimal.valueOf(bucket.low));
    return digits.multiply(new BigDecimal(unit(exponent)));
  }

  private static double unit(int exponent) {
    return Math.scalb(1.0, exponent); // 2^-1074 is the least that there is
  }
}
