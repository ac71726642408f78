package io.featurebeam.drift;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What becomes of p-values when many columns are tested at once: of a hundred columns without drift
 * five have a p-value below 0.05.
 */
public enum Correction {
  /** Nothing. */
  NONE,
  /**
   * That any column without drift is called drifted at all is as unlikely as alpha says, however
   * the columns depend on one another (Holm 1979).
   */
  HOLM,
  /**
   * Of the columns that are called drifted, the share that is not is at most alpha on average, for
   * columns that are independent or depend positively (Benjamini and Hochberg 1995).
   */
  BENJAMINI_HOCHBERG;

  /**
   * The adjusted p-values, in the same order; to be compared with the same alpha. NaN stays, and
   * does not count.
   */
  public double[] adjust(double... pValues) {
    double[] adjusted = pValues.clone();
    if (this == NONE) {
      return adjusted;
    }
    int[] order =
        IntStream.range(0, pValues.length)
            .filter(i -> !Double.isNaN(pValues[i]))
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> pValues[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int m = order.length;
    double bound = this == HOLM ? 0 : 1;
    for (int k = 0; k < m; k++) {
      int rank = this == HOLM ? k : m - 1 - k;
      double p = pValues[order[rank]];
      bound =
          this == HOLM
              ? Math.max(bound, Math.min(1, p * (m - rank)))
              : Math.min(bound, p * m / (rank + 1));
      adjusted[order[rank]] = bound;
    }
    return adjusted;
  }
}
