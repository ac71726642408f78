package io.featurebeam.profile;

import io.featurebeam.columnar.Hashing;
import io.featurebeam.profile.ColumnProfile.Distinct;
import io.featurebeam.profile.ColumnProfile.Numbers;
import io.featurebeam.profile.ColumnProfile.Quantile;
import io.featurebeam.profile.ColumnProfile.TopValue;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What long and double columns share. A subclass moves the values of a batch that count into the
 * scratch arrays, front to back; then each statistic is a loop of its own over them, which keeps
 * its state in registers.
 */
abstract class NumberStats extends ColumnStats {

  private static final double[] RANKS = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};

  private final Moments moments = new Moments();
  private final DistinctHashes hashes = new DistinctHashes();
  private final FewValues few = new FewValues();
  private final Quantiles quantiles = new Quantiles();
  long nan;
  long infinite;
  long zeros;

  /** The finite values of the batch, as doubles. */
  double[] doubles = {};

  /** The same, as what tells them apart: the long itself or the bits of the double. */
  long[] bits = {};

  final void reserve(int size) {
    if (doubles.length < size) {
      doubles = new double[size];
      bits = new long[size];
    }
  }

  /** Adds the first {@code size} scratch values. */
  final void addFinite(int size) {
    moments.add(doubles, size);
    if (!few.isGivenUp()) {
      few.add(bits, size);
    }
  }

  /** Adds the hashes of the first {@code size} longs. */
  final void addHashes(long[] values, int size) {
    for (int i = 0; i < size; i++) {
      hashes.add(Hashing.hash(values[i]));
    }
  }

  final void addHash(long hash) {
    hashes.add(hash);
  }

  final void addQuantiles(double[] values, int size, boolean sampled) {
    if (sampled) {
      quantiles.addSampled(values, size);
    } else {
      quantiles.addAll(values, size);
    }
  }

  @Override
  void merge(ColumnStats from) {
    super.merge(from);
    NumberStats other = (NumberStats) from;
    moments.merge(other.moments);
    hashes.merge(other.hashes);
    few.merge(other.few);
    quantiles.merge(other.quantiles);
    nan += other.nan;
    infinite += other.infinite;
    zeros += other.zeros;
  }

  /** Whether bins of a histogram must hold whole numbers. */
  abstract boolean isWhole();

  /** A value of {@link #bits} as the double it stands for. */
  abstract double toDouble(long key);

  /** A value of {@link #bits} as people read it. */
  abstract String text(long key);

  final Numbers detail(@Nullable Number min, @Nullable Number max) {
    HistogramMaker maker =
        few.isGivenUp()
            ? HistogramMaker.of(quantiles.ranks())
            : HistogramMaker.of(few, this::toDouble);
    boolean isConstant = min != null && min.equals(max); // rounded sums may see a spread there
    List<Quantile> found = new ArrayList<>();
    for (double rank : RANKS) {
      if (moments.count() > 0) {
        found.add(new Quantile(rank, maker.quantile(rank)));
      }
    }
    return new Numbers(
        moments.count(),
        nan,
        infinite,
        zeros,
        min,
        max,
        moments.mean(),
        isConstant ? 0 : moments.stddev(),
        isConstant ? Double.NaN : moments.skewness(),
        isConstant ? Double.NaN : moments.kurtosis(),
        found,
        min == null || max == null
            ? HistogramMaker.EMPTY
            : maker.make(min.doubleValue(), max.doubleValue(), (double) moments.count(), isWhole()),
        hashes.distinct(moments.count() + nan + infinite),
        few.isGivenUp() ? null : topValues(),
        few.isGivenUp() && quantiles.isSampled());
  }

  @Override
  final Distribution.Values distribution() {
    Distinct distinct = hashes.distinct(moments.count() + nan + infinite);
    Distribution.Counts counts =
        new Distribution.Counts(moments.count(), nan, infinite, distinct.count());
    if (few.isGivenUp()) {
      Quantiles.Ranks ranks = quantiles.ranks();
      return Distribution.Numbers.of(
          ranks.values(),
          ranks.weights(),
          counts,
          moments.mean(),
          moments.stddev(),
          quantiles.effective(),
          quantiles.rankError(),
          null);
    }
    TreeMap<Double, Long> counted = new TreeMap<>();
    List<Distribution.Category> categories = new ArrayList<>();
    few.forEach(
        (key, count) -> {
          counted.merge(toDouble(key), count, Long::sum);
          categories.add(Distribution.Category.of(text(key), (double) count));
        });
    return Distribution.Numbers.of(
        counted.keySet().stream().mapToDouble(Double::doubleValue).toArray(),
        counted.values().stream().mapToDouble(Long::doubleValue).toArray(),
        counts,
        moments.mean(),
        counted.size() == 1 ? 0 : moments.stddev(), // rounded sums may give more
        (double) moments.count(),
        0,
        Distribution.Categories.of(categories, 0, 0, (double) moments.count(), categories.size()));
  }

  private List<TopValue> topValues() {
    record Keyed(double key, TopValue value) {}
    List<Keyed> values = new ArrayList<>();
    few.forEach(
        (key, count) -> values.add(new Keyed(toDouble(key), new TopValue(text(key), count))));
    values.sort((a, b) -> Double.compare(a.key, b.key));
    return values.stream().map(Keyed::value).toList();
  }

  @Override
  void save(DataOutput out) throws IOException {
    super.save(out);
    out.writeLong(nan);
    out.writeLong(infinite);
    out.writeLong(zeros);
    moments.save(out);
    hashes.save(out);
    few.save(out);
    quantiles.save(out);
  }

  @Override
  void load(ProfileReader in) {
    super.load(in);
    nan = in.count("NaN");
    infinite = in.count("infinities");
    zeros = in.count("zeros");
    moments.merge(Moments.load(in));
    hashes.merge(DistinctHashes.load(in));
    few.merge(FewValues.load(in));
    quantiles.merge(Quantiles.load(in));
  }
}
