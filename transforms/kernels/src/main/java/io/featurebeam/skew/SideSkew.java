package io.featurebeam.skew;

/** What is gathered of the rows of one side. Not thread-safe. */
final class SideSkew {

  private static final int EXAMPLES = 5;

  /** Places in {@link #counts}. */
  static final int ROWS = 0;

  static final int UNREADABLE = 1;
  static final int WITHOUT_KEY = 2;
  static final int SUPERSEDED = 3;
  static final int DUPLICATES = 4;
  static final int CONFLICTING = 5;
  static final int ALONE = 6;

  final long[] counts = new long[7];
  final Examples alone = new Examples(EXAMPLES);
  final Examples unreadable = new Examples(EXAMPLES);

  void merge(SideSkew other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    alone.merge(other.alone);
    unreadable.merge(other.unreadable);
  }

  SkewStats.Rows result() {
    return new SkewStats.Rows(
        counts[ROWS],
        counts[UNREADABLE],
        counts[WITHOUT_KEY],
        counts[SUPERSEDED],
        counts[DUPLICATES],
        counts[CONFLICTING],
        counts[ALONE]);
  }
}
