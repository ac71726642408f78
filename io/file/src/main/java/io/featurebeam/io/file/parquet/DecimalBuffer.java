package io.featurebeam.io.file.parquet;

/**
 * Decimals of at most 15 digits as the nearest doubles: the whole number and the power of ten are
 * both exact, so one division rounds correctly.
 */
final class DecimalBuffer extends DoubleBuffer {

  private final double divisor;
  private final long[] unscaled = new long[1024];

  DecimalBuffer(long powerOfTen) {
    divisor = powerOfTen;
  }

  @Override
  void append(PageValues page, int at, int count) {
    for (int done = 0; done < count; done += unscaled.length) {
      int n = Math.min(unscaled.length, count - done);
      page.longs(unscaled, 0, n);
      for (int i = 0; i < n; i++) {
        values[at + done + i] = unscaled[i] / divisor;
      }
    }
  }
}
