package io.featurebeam.benchmarks.beamrows;

import org.apache.beam.sdk.values.Row;
import org.apache.datasketches.hll.HllSketch;
import org.jspecify.annotations.Nullable;

/** Everything that is known about a user's records in some hours; merged, never subtracted. */
final class Partial {
  /** The log2 of the sketch's buckets: a standard error of 1.6 %, so that 5 % is three of them. */
  static final int SKETCH_LOG_K = 12;

  long count;
  double sum;
  double mean;
  double squares;
  double max = Double.NEGATIVE_INFINITY;
  double logSum;
  int bucket;
  int hour;
  @Nullable HllSketch merchants;

  void add(Row row) {
    double amount = row.getDouble("amount");
    count++;
    sum += amount;
    double delta = amount - mean;
    mean += delta / count;
    squares += delta * (amount - mean);
    max = Math.max(max, amount);
    logSum += row.getDouble("log_amount");
    bucket = Math.max(bucket, row.getInt32("amount_bucket"));
    hour = Math.max(hour, row.getInt32("hour_of_day"));
    if (merchants == null) {
      merchants = new HllSketch(SKETCH_LOG_K);
    }
    merchants.update(row.getString("merchant"));
  }

  void addAllButMerchants(Partial other) {
    if (other.count == 0) {
      return;
    }
    double delta = other.mean - mean;
    long both = count + other.count;
    squares += other.squares + delta * delta * count * other.count / both;
    mean += delta * other.count / both;
    count = both;
    sum += other.sum;
    max = Math.max(max, other.max);
    logSum += other.logSum;
    bucket = Math.max(bucket, other.bucket);
    hour = Math.max(hour, other.hour);
  }

  @Nullable Double deviation() {
    return count < 2 ? null : Math.sqrt(squares / (count - 1));
  }
}
