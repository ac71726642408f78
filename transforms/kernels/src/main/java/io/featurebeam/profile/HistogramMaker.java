package io.featurebeam.profile;

import io.featurebeam.profile.ColumnProfile.Bin;
import io.featurebeam.profile.ColumnProfile.Histogram;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongToDoubleFunction;

/**
 * Cuts a distribution into about {@value #BINS} bins of equal width, or one per whole number while
 * these are at most {@value #MAX_WHOLE_BINS}. Values further out than the spread between the 1st
 * and the 99th percentile are counted, but do not stretch the bins.
 */
final class HistogramMaker {

  static final Histogram EMPTY = new Histogram(List.of(), 0, 0);

  private static final int BINS = 24;
  private static final int MAX_WHOLE_BINS = 48;

  private final DoubleUnaryOperator quantile;
  private final DoubleUnaryOperator shareBelow;

  private HistogramMaker(DoubleUnaryOperator quantile, DoubleUnaryOperator shareBelow) {
    this.quantile = quantile;
    this.shareBelow = shareBelow;
  }

  static HistogramMaker of(Quantiles.Ranks ranks) {
    return new HistogramMaker(ranks::quantile, value -> ranks.below(value) / ranks.total());
  }

  /** Of exact counts. */
  static HistogramMaker of(FewValues few, LongToDoubleFunction toDouble) {
    double[] values = new double[FewValues.MAX];
    double[] counts = new double[FewValues.MAX];
    int[] size = {0};
    double[] total = {0};
    few.forEach(
        (key, count) -> {
          values[size[0]] = toDouble.applyAsDouble(key);
          counts[size[0]++] = count;
          total[0] += count;
        });
    DoubleUnaryOperator below =
        limit -> {
          double sum = 0;
          for (int i = 0; i < size[0]; i++) {
            sum += values[i] < limit ? counts[i] : 0;
          }
          return sum / total[0];
        };
    return new HistogramMaker(
        rank -> {
          double best = Double.POSITIVE_INFINITY;
          for (int i = 0; i < size[0]; i++) {
            if (values[i] < best && below.applyAsDouble(Math.nextUp(values[i])) >= rank) {
              best = values[i];
            }
          }
          return best;
        },
        below);
  }

  /** The smallest value that at least {@code rank} (0 to 1) of the values do not exceed. */
  double quantile(double rank) {
    return quantile.applyAsDouble(rank);
  }

  /**
   * Bins over [min, max], or less if there are far outliers.
   *
   * @param whole whether a bin spans whole numbers, so that none gets more of them than its
   *     neighbour
   */
  Histogram make(double min, double max, double count, boolean whole) {
    double low = quantile.applyAsDouble(0.01);
    double high = quantile.applyAsDouble(0.99);
    double spread = high - low;
    double from = spread > 0 && min < low - spread ? low - spread / 4 : min;
    double to = spread > 0 && max > high + spread ? high + spread / 4 : max;
    if (whole) {
      from = Math.floor(from);
      to = Math.floor(to) + 1;
    }
    int limit = whole && to - from <= MAX_WHOLE_BINS ? MAX_WHOLE_BINS : BINS;
    double width = whole ? Math.ceil((to - from) / limit) : (to - from) / limit;
    if (!(width > 0) || Double.isInfinite(width) || from + width == from) {
      return new Histogram(List.of(new Bin(min, max, count)), 0, 0);
    }
    List<Bin> bins = new ArrayList<>();
    double below = shareBelow.applyAsDouble(from);
    double before = below;
    for (int i = 0; from + i * width < to && i < limit; i++) {
      double end = i == limit - 1 ? to : from + (i + 1) * width;
      boolean last = end >= to;
      double upTo = last && end >= max ? 1 : shareBelow.applyAsDouble(end);
      bins.add(new Bin(from + i * width, end, (upTo - before) * count));
      before = upTo;
    }
    return new Histogram(bins, below * count, (1 - before) * count);
  }
}
