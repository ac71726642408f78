package io.featurebeam.io.lookup;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts of a {@link FeatureLookup} since it was built; any thread may take a snapshot. */
public final class LookupMetrics {

  /**
   * What there was until now.
   *
   * @param requests calls, those too that failed
   * @param hits values from the store
   * @param misses values that the store has not
   * @param stale values that are too old
   * @param errors calls that failed
   * @param p50 the latency that half of the calls stayed below, to within 4%; zero without calls
   * @param p99 that of 99%
   * @param p999 that of 99.9%
   */
  public record Snapshot(
      long requests,
      long hits,
      long misses,
      long stale,
      long errors,
      Duration p50,
      Duration p99,
      Duration p999) {}

  /** Buckets for each power of two. */
  private static final int STEPS = 16;

  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder stale = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final AtomicLongArray latencies = new AtomicLongArray(64 * STEPS);

  LookupMetrics() {}

  void took(long nanos) {
    latencies.incrementAndGet(bucket(nanos));
  }

  void failed() {
    errors.increment();
  }

  void counted(long foundValues, long missingValues, long staleValues) {
    hits.add(foundValues);
    misses.add(missingValues);
    stale.add(staleValues);
  }

  static int bucket(long nanos) {
    if (nanos < STEPS) {
      return (int) Math.max(0, nanos);
    }
    int power = 63 - Long.numberOfLeadingZeros(nanos);
    return (power - 3) * STEPS + (int) (nanos >> (power - 4)) - STEPS;
  }

  /** The middle of a bucket. */
  static long nanos(int bucket) {
    if (bucket < STEPS) {
      return bucket;
    }
    int power = bucket / STEPS + 3;
    long step = 1L << (power - 4);
    return (STEPS + bucket % STEPS) * step + step / 2;
  }

  public Snapshot snapshot() {
    long[] counts = new long[latencies.length()];
    long requests = 0;
    for (int i = 0; i < counts.length; i++) {
      counts[i] = latencies.get(i);
      requests += counts[i];
    }
    return new Snapshot(
        requests,
        hits.sum(),
        misses.sum(),
        stale.sum(),
        errors.sum(),
        quantile(counts, requests, 0.5),
        quantile(counts, requests, 0.99),
        quantile(counts, requests, 0.999));
  }

  private static Duration quantile(long[] counts, long total, double q) {
    long rank = (long) Math.ceil(q * total);
    for (int i = 0; i < counts.length && rank > 0; i++) {
      rank -= counts[i];
      if (rank <= 0) {
        return Duration.ofNanos(nanos(i));
      }
    }
    return Duration.ZERO;
  }
}
