package io.featurebeam.io.file.parquet;

import io.featurebeam.columnar.Slices;

/**
 * The distinct values of a column chunk, decoded once: longs, doubles or slices, whichever were
 * given.
 */
final class Dictionary {

  private static final long[] NO_LONGS = {};
  private static final double[] NO_DOUBLES = {};
  private static final Slices NO_SLICES = Slices.wrap(new byte[0], new int[1], 0);

  private final int size;
  private final long[] longs;
  private final double[] doubles;
  private final Slices slices;

  private Dictionary(int size, long[] longs, double[] doubles, Slices slices) {
    this.size = size;
    this.longs = longs;
    this.doubles = doubles;
    this.slices = slices;
  }

  static Dictionary of(long[] entries) {
    return new Dictionary(entries.length, entries, NO_DOUBLES, NO_SLICES);
  }

  static Dictionary of(double[] entries) {
    return new Dictionary(entries.length, NO_LONGS, entries, NO_SLICES);
  }

  static Dictionary of(Slices entries) {
    return new Dictionary(entries.size(), NO_LONGS, NO_DOUBLES, entries);
  }

  int size() {
    return size;
  }

  long[] longs() {
    return longs;
  }

  double[] doubles() {
    return doubles;
  }

  Slices slices() {
    return slices;
  }
}
