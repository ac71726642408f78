package io.featurebeam.profile;

import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * A sum of doubles with the rounding errors it made (error-free transformations: Knuth's two-sum, a
 * fused multiply-add for products), some 106 bits in all, so that order and partition do not show.
 */
final class DoubleDoubleSum {

  private double sum;
  private double error;

  void add(double[] values, int size) {
    double s = sum;
    double e = error;
    for (int i = 0; i < size; i++) {
      double x = values[i];
      double t = s + x;
      double b = t - s;
      e += (s - (t - b)) + (x - b);
      s = t;
    }
    set(s, e);
  }

  /** Adds {@code a[i] * b[i]}. */
  void addProducts(double[] a, double[] b, int size) {
    double s = sum;
    double e = error;
    for (int i = 0; i < size; i++) {
      double p = a[i] * b[i];
      double t = s + p;
      double r = t - s;
      e += ((s - (t - r)) + (p - r)) + Math.fma(a[i], b[i], -p);
      s = t;
    }
    set(s, e);
  }

  /** Adds the sum of a number and of what it lacks, which is small beside it. */
  void add(double value, double rest) {
    double t = sum + value;
    double b = t - sum;
    error += ((sum - (t - b)) + (value - b)) + rest;
    sum = t;
  }

  void merge(DoubleDoubleSum other) {
    add(other.sum, other.error);
    set(sum, error);
  }

  private void set(double s, double e) {
    sum = s + e;
    error = e - (sum - s);
  }

  boolean isFinite() {
    return Double.isFinite(sum) && Double.isFinite(error);
  }

  /** Only of a finite one. */
  BigDecimal exact() {
    return new BigDecimal(sum).add(new BigDecimal(error));
  }

  void save(DataOutput out) throws IOException {
    out.writeDouble(sum);
    out.writeDouble(error);
  }

  void load(ProfileReader in) {
    sum = in.readDouble();
    error = in.readDouble();
  }
}
