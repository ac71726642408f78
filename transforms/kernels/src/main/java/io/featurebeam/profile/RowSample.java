package io.featurebeam.profile;

import io.featurebeam.columnar.Hashing;
import io.featurebeam.columnar.Positions;
import io.featurebeam.columnar.RecordBatch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which rows the costly statistics look at: every one of the first {@value #FULL} of a profile,
 * then one in {@value #RATE}, chosen by the hash of the row's position in its source, or of its
 * number where the position is unknown.
 */
final class RowSample {

  static final int FULL = 1 << 16;
  static final int RATE = 16;

  private static final int RATE_SHIFT = 64 - 4;

  private RowSample() {}

  /** The rows to look at, ascending; null for all. */
  static int @Nullable [] of(RecordBatch batch, long seen) {
    if (seen + batch.size() <= FULL) {
      return null;
    }
    Positions positions = batch.positions();
    boolean known = positions.isKnown();
    int[] rows = new int[batch.size()];
    int n = 0;
    for (int i = 0; i < batch.size(); i++) {
      long place = known ? positions.place(i) : seen + i;
      rows[n] = i;
      n += Hashing.hash(place) >>> RATE_SHIFT == 0 ? 1 : 0;
    }
    return Arrays.copyOf(rows, n);
  }
}
