package io.featurebeam.anomaly;

import java.io.DataOutput;
import java.io.IOException;

/** Mean and sample standard deviation of values one after the other (Welford 1962). */
final class RunningMoments {

  private static final long MAX = 1L << 52;

  private long count;
  private double mean;
  private double squares;

  void add(double value) {
    count++;
    double before = value - mean;
    mean += before / count;
    squares += before * (value - mean);
  }

  long count() {
    return count;
  }

  double mean() {
    return mean;
  }

  /** NaN of less than two values. */
  double stddev() {
    return count < 2 ? Double.NaN : Math.sqrt(squares / (count - 1));
  }

  void save(DataOutput out) throws IOException {
    out.writeLong(count);
    out.writeDouble(mean);
    out.writeDouble(squares);
  }

  void load(StateReader in) {
    count = in.readCount(MAX, "the number of values");
    mean = in.readDouble();
    squares = in.readDouble();
  }
}
