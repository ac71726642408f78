package io.featurebeam.benchmarks.flinknative;

/** What all eight aggregates of a window are made of. */
final class Totals {
  long count;
  double sum;
  double squares;
  double min;
  double max;
  long webCount;
  double webSum;

  void clear() {
    count = 0;
    sum = 0;
    squares = 0;
    min = Double.POSITIVE_INFINITY;
    max = Double.NEGATIVE_INFINITY;
    webCount = 0;
    webSum = 0;
  }

  void add(double amount, byte channel) {
    count++;
    sum += amount;
    squares += amount * amount;
    min = Math.min(min, amount);
    max = Math.max(max, amount);
    if (channel == Payment.WEB) {
      webCount++;
      webSum += amount;
    }
  }
}
