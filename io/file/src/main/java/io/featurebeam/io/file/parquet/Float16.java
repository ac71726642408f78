package io.featurebeam.io.file.parquet;

/** Half precision (IEEE 754 binary16), which Java 17 does not know. */
final class Float16 {

  private Float16() {}

  /** The value of the lower 16 bits, exact; NaN is kept. */
  static double toDouble(int bits) {
    int exponent = (bits >> 10) & 0x1F;
    int fraction = bits & 0x3FF;
    double magnitude;
    if (exponent == 0x1F) {
      magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    } else if (exponent == 0) {
      magnitude = Math.scalb((double) fraction, -24);
    } else {
      magnitude = Math.scalb((double) (fraction | 0x400), exponent - 25);
    }
    return (bits & 0x8000) == 0 ? magnitude : -magnitude;
  }
}
