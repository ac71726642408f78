package io.featurebeam.expression;

import java.util.Arrays;

/**
 * {@code x in [1, 2, 3]} of numbers and times: a loop over few values, a binary search over many.
 */
final class NumberSets {

  private static final int FEW = 8;

  private NumberSets() {}

  static final class OfLongs extends Node.Booleans {
    private final Longs a;
    private final long[] sorted;

    OfLongs(Longs a, long[] values) {
      this.a = a;
      this.sorted = Arrays.stream(values).sorted().distinct().toArray();
    }

    @Override
    void evaluate(Frame frame) {
      a.evaluate(frame);
      knownOf(a);
      long[] result = truthRoom(frame);
      Arrays.fill(result, 0, frame.words(), 0);
      if (sorted.length <= FEW) {
        for (long value : sorted) {
          for (int i = 0; i < frame.size(); i++) {
            result[i >> 6] |= (a.values[i] == value ? 1L : 0L) << i;
          }
        }
      } else {
        for (int i = 0; i < frame.size(); i++) {
          result[i >> 6] |= (Arrays.binarySearch(sorted, a.values[i]) >= 0 ? 1L : 0L) << i;
        }
      }
      maskTruth(frame);
    }
  }

  /** NaN is in no set; -0.0 is 0.0. */
  static final class OfDoubles extends Node.Booleans {
    private final Doubles a;
    private final double[] sorted;

    OfDoubles(Doubles a, double[] values) {
      this.a = a;
      this.sorted =
          Arrays.stream(values)
              .filter(v -> !Double.isNaN(v))
              .map(v -> v + 0.0) // -0.0 becomes 0.0, which binarySearch tells apart
              .sorted()
              .distinct()
              .toArray();
    }

    @Override
    void evaluate(Frame frame) {
      a.evaluate(frame);
      knownOf(a);
      long[] result = truthRoom(frame);
      Arrays.fill(result, 0, frame.words(), 0);
      if (sorted.length <= FEW) {
        for (double value : sorted) {
          for (int i = 0; i < frame.size(); i++) {
            result[i >> 6] |= (a.values[i] == value ? 1L : 0L) << i;
          }
        }
      } else {
        for (int i = 0; i < frame.size(); i++) {
          boolean found = Arrays.binarySearch(sorted, a.values[i] + 0.0) >= 0;
          result[i >> 6] |= (found ? 1L : 0L) << i;
        }
      }
      maskTruth(frame);
    }
  }
}
