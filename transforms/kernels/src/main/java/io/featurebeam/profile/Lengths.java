package io.featurebeam.profile;

import java.io.DataOutput;
import java.io.IOException;

/** The lengths of strings, bytes or lists: how many are empty, least, most, mean. */
final class Lengths {

  private long count;
  private long empty;
  private long sum;
  private long min = Long.MAX_VALUE;
  private long max;

  void add(long length, long times) {
    count += times;
    empty += length == 0 ? times : 0;
    sum += length * times;
    min = Math.min(min, length);
    max = Math.max(max, length);
  }

  void merge(Lengths other) {
    count += other.count;
    empty += other.empty;
    sum += other.sum;
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
  }

  long count() {
    return count;
  }

  long empty() {
    return empty;
  }

  /** 0 if there is none. */
  long min() {
    return count == 0 ? 0 : min;
  }

  long max() {
    return max;
  }

  /** NaN if there is none. */
  double mean() {
    return (double) sum / count;
  }

  void save(DataOutput out) throws IOException {
    out.writeLong(count);
    out.writeLong(empty);
    out.writeLong(sum);
    out.writeLong(min());
    out.writeLong(max);
  }

  void load(ProfileReader in) {
    count = in.count("lengths");
    empty = in.count("empty values");
    sum = in.count("characters");
    min = in.count("characters");
    max = in.count("characters");
    if (count == 0) {
      min = Long.MAX_VALUE;
    }
  }
}
