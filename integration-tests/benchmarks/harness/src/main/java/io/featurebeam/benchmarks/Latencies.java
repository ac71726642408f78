package io.featurebeam.benchmarks;

/**
 * Counts of latencies by size, each to within a part in 64, so that an hour of them fits into
 * little memory. For one thread that adds; others may read what is a moment old.
 */
final class Latencies {
  private static final int PRECISION = 6;
  private static final int PER_DOUBLING = 1 << PRECISION;

  private final long[] counts = new long[64 * PER_DOUBLING];
  private long size;
  private long max;

  synchronized void add(long micros) {
    long value = Math.max(0, micros);
    counts[bucket(value)]++;
    size++;
    max = Math.max(max, value);
  }

  synchronized long size() {
    return size;
  }

  synchronized double maxMillis() {
    return max / 1e3;
  }

  /** In milliseconds: what a share of all is not above; not a number if there are none. */
  synchronized double millis(double share) {
    long rank = (long) Math.ceil(share * size);
    long below = 0;
    for (int bucket = 0; bucket < counts.length; bucket++) {
      below += counts[bucket];
      if (below >= rank && below > 0) {
        return Math.min(max, upperBound(bucket)) / 1e3;
      }
    }
    return Double.NaN;
  }

  private static int bucket(long value) {
    int shift = Math.max(0, 63 - Long.numberOfLeadingZeros(value | 1) - PRECISION);
    return shift * PER_DOUBLING + (int) (value >>> shift);
  }

  private static long upperBound(int bucket) {
    int shift = Math.max(0, bucket / PER_DOUBLING - 1);
    return (((long) bucket - (long) shift * PER_DOUBLING + 1) << shift) - 1;
  }
}
