package io.featurebeam.profile;

import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.memory.Memory;
import org.apache.datasketches.quantilescommon.QuantilesDoublesSketchIterator;
import org.jspecify.annotations.Nullable;

/**
 * The distribution of finite doubles by KLL sketches (Karnin, Lang, Liberty 2016, from Apache
 * DataSketches): exact for a few hundred values; beyond, the rank of a quantile is off by at most
 * 0.7 % of the values with 99 % confidence, plus what sampling adds. The sketches toss coins, so
 * two runs may differ within that.
 *
 * <p>Values of sampled rows go to a sketch of their own, in which each stands for {@link
 * RowSample#RATE} values.
 */
final class Quantiles {

  /** Of at most so many values a sketch holds each one. */
  static final int K = 512;

  private static final int HEADER = 20; // of a serialised sketch, then one int per level
  private static final int LEVEL_COUNT_AT = 18;
  private static final int MAX_LEVELS = 60;
  private static final int MAX_BYTES = 1 << 16;

  private @Nullable KllDoublesSketch all;
  private @Nullable KllDoublesSketch sampled;
  private boolean isSampled;

  void addAll(double[] values, int size) {
    if (size > 0) {
      if (all == null) {
        all = KllDoublesSketch.newHeapInstance(K);
      }
      all.update(values, 0, size);
    }
  }

  /** Values of the chosen rows; none may have been chosen, and still it is a sample. */
  void addSampled(double[] values, int size) {
    isSampled = true;
    if (size > 0) {
      if (sampled == null) {
        sampled = KllDoublesSketch.newHeapInstance(K);
      }
      sampled.update(values, 0, size);
    }
  }

  boolean isSampled() {
    return isSampled;
  }

  void merge(Quantiles other) {
    all = merged(all, other.all);
    sampled = merged(sampled, other.sampled);
    isSampled |= other.isSampled;
  }

  private static @Nullable KllDoublesSketch merged(
      @Nullable KllDoublesSketch to, @Nullable KllDoublesSketch from) {
    if (from == null) {
      return to;
    }
    KllDoublesSketch result = to == null ? KllDoublesSketch.newHeapInstance(K) : to;
    result.merge(from);
    return result;
  }

  /** What the sketches keep, ready to be asked. */
  Ranks ranks() {
    int size = retained(all) + retained(sampled);
    double[] values = new double[size];
    long[] weights = new long[size];
    int n = retain(all, 1, values, weights, 0);
    retain(sampled, RowSample.RATE, values, weights, n);
    Integer[] order = new Integer[size];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (i, j) -> Double.compare(values[i], values[j]));
    double[] sorted = new double[size];
    double[] upTo = new double[size];
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sorted[i] = values[order[i]];
      sum += weights[order[i]];
      upTo[i] = sum;
    }
    return new Ranks(sorted, upTo);
  }

  /** How many independent values the ranks rest on (Kish 1965): one that stands for 16 is one. */
  double effective() {
    double full = all == null ? 0 : all.getN();
    double chosen = sampled == null ? 0 : sampled.getN();
    double weight = full + chosen * RowSample.RATE;
    return weight == 0 ? 0 : weight * weight / (full + chosen * RowSample.RATE * RowSample.RATE);
  }

  /**
   * By how much the share of values up to any point may be off, with 99 % confidence: the sketch's
   * own error, and of a sample that of Dvoretzky, Kiefer, Wolfowitz and Massart.
   */
  double rankError() {
    double sampling = isSampled ? Math.sqrt(Math.log(2 / 0.01) / (2 * effective())) : 0;
    return Math.min(1, sampling + Math.max(error(all), error(sampled)));
  }

  private static double error(@Nullable KllDoublesSketch sketch) {
    return sketch == null || !sketch.isEstimationMode() ? 0 : sketch.getNormalizedRankError(false);
  }

  private static int retained(@Nullable KllDoublesSketch sketch) {
    return sketch == null ? 0 : sketch.getNumRetained();
  }

  private static int retain(
      @Nullable KllDoublesSketch sketch, int weight, double[] values, long[] weights, int from) {
    if (sketch == null) {
      return from;
    }
    int n = from;
    QuantilesDoublesSketchIterator items = sketch.iterator();
    while (items.next()) {
      values[n] = items.getQuantile();
      weights[n++] = items.getWeight() * weight;
    }
    return n;
  }

  /** Weighted values in order. */
  static final class Ranks {
    private final double[] values;
    private final double[] upTo;

    private Ranks(double[] values, double[] upTo) {
      this.values = values;
      this.upTo = upTo;
    }

    double[] values() {
      return values;
    }

    /** What each value stands for. */
    double[] weights() {
      double[] weights = upTo.clone();
      for (int i = upTo.length - 1; i > 0; i--) {
        weights[i] -= upTo[i - 1]; // whole numbers, so nothing is rounded
      }
      return weights;
    }

    boolean isEmpty() {
      return values.length == 0;
    }

    double total() {
      return isEmpty() ? 0 : upTo[upTo.length - 1];
    }

    /** The smallest value that at least {@code rank} (0 to 1) of the weight does not exceed. */
    double quantile(double rank) {
      int at = Arrays.binarySearch(upTo, rank * total());
      return values[Math.min(at < 0 ? -at - 1 : at, values.length - 1)];
    }

    /** The weight of what is below {@code value}. */
    double below(double value) {
      int low = 0;
      int high = values.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (values[middle] < value) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low == 0 ? 0 : upTo[low - 1];
    }
  }

  void save(DataOutput out) throws IOException {
    save(all, out);
    save(sampled, out);
    out.writeBoolean(isSampled);
  }

  private static void save(@Nullable KllDoublesSketch sketch, DataOutput out) throws IOException {
    byte[] bytes = sketch == null ? new byte[0] : sketch.toByteArray();
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static Quantiles load(ProfileReader in) {
    Quantiles quantiles = new Quantiles();
    quantiles.all = loadSketch(in);
    quantiles.sampled = loadSketch(in);
    quantiles.isSampled = in.readBoolean();
    return quantiles;
  }

  private static @Nullable KllDoublesSketch loadSketch(ProfileReader in) {
    byte[] bytes = in.readBytes(MAX_BYTES, "bytes of quantiles");
    if (bytes.length == 0) {
      return null;
    }
    // The library reads the header without looking at the length: give it room, and check levels.
    byte[] padded = Arrays.copyOf(bytes, Math.max(bytes.length, HEADER + 4 * 256 + 16));
    if ((padded[LEVEL_COUNT_AT] & 0xFF) > MAX_LEVELS) {
      throw in.corrupt("quantiles of " + (padded[LEVEL_COUNT_AT] & 0xFF) + " levels");
    }
    KllDoublesSketch sketch;
    try {
      sketch = KllDoublesSketch.heapify(Memory.wrap(padded));
      if (sketch.getK() != K) {
        throw in.corrupt("quantiles of size " + sketch.getK() + " (must be " + K + ")");
      }
      // Merging touches every level, so what is inconsistent shows here and not in a later merge.
      KllDoublesSketch copy = KllDoublesSketch.newHeapInstance(K);
      copy.merge(sketch);
      return copy;
    } catch (RuntimeException | AssertionError e) {
      throw in.corrupt("its quantiles are not a KLL sketch", e);
    }
  }
}
