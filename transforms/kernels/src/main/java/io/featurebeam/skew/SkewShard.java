package io.featurebeam.skew;

import io.featurebeam.columnar.BooleanColumn;
import io.featurebeam.columnar.Column;
import io.featurebeam.columnar.LongColumn;
import io.featurebeam.columnar.RecordBatch;
import io.featurebeam.rule.RowKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of both sides among which are all rows of their keys: pairs them and compares the pairs. How
 * the rows are split into batches, and in which order they come, does not matter. Not thread-safe.
 */
public final class SkewShard {

  private final SkewPlan plan;
  private final List<RecordBatch> batches = new ArrayList<>();

  public SkewShard(SkewPlan plan) {
    this.plan = plan;
  }

  /** Adds rows that {@link SkewPlan#prepare} made. */
  public void add(RecordBatch prepared) {
    if (prepared.size() > 0) {
      batches.add(prepared);
    }
  }

  /** What the rows have shown. */
  public SkewStats finish() {
    SkewStats stats = SkewStats.of(plan);
    if (!batches.isEmpty()) {
      RecordBatch all = RecordBatch.concat(batches);
      batches.clear();
      new Comparison(plan, all, stats).run();
    }
    return stats;
  }

  private static final class Comparison {
    private final SkewPlan plan;
    private final RecordBatch rows;
    private final SkewStats stats;
    private final BooleanColumn logged;
    private final LongColumn revisions;
    private final List<Column> values;
    private final long[] hashes;
    private final KeyTexts keys;

    Comparison(SkewPlan plan, RecordBatch rows, SkewStats stats) {
      this.plan = plan;
      this.rows = rows;
      this.stats = stats;
      int columns = rows.schema().size();
      this.logged = (BooleanColumn) rows.column(columns - 1);
      this.revisions = (LongColumn) rows.column(columns - 2);
      this.values = rows.columns().subList(plan.keyCount(), columns - 2);
      this.hashes = RowKeys.hashes(values, rows.size());
      this.keys = new KeyTexts(plan, rows.columns().subList(0, plan.keyCount()), rows.size());
    }

    void run() {
      int size = rows.size();
      int[] leaders = RowKeys.of(rows.columns().subList(0, plan.keyCount()), size).leaders();
      int[] loggedWinners = new int[size]; // by leader; a row and one
      int[] recomputedWinners = new int[size];
      for (int row = 0; row < size; row++) {
        if (leaders[row] >= 0) {
          int[] winner = logged.get(row) ? loggedWinners : recomputedWinners;
          int other = winner[leaders[row]] - 1;
          if (other < 0 || comesFirst(row, other)) {
            winner[leaders[row]] = row + 1;
          }
        }
      }
      for (int row = 0; row < size; row++) {
        int[] winner = logged.get(row) ? loggedWinners : recomputedWinners;
        count(row, leaders[row] < 0 ? -1 : winner[leaders[row]] - 1);
      }
      pair(loggedWinners, recomputedWinners);
    }

    private boolean comesFirst(int row, int other) {
      int byRevision = compareRevisions(row, other);
      return byRevision != 0 ? byRevision > 0 : hashes[row] < hashes[other];
    }

    private int compareRevisions(int a, int b) {
      if (revisions.isNull(a) || revisions.isNull(b)) {
        return Boolean.compare(!revisions.isNull(a), !revisions.isNull(b));
      }
      return Long.compare(revisions.get(a), revisions.get(b));
    }

    /** Counts what becomes of a row; the winner itself is in a pair, or alone. */
    private void count(int row, int winner) {
      long[] counts = stats.side(logged.get(row) ? Side.LOGGED : Side.RECOMPUTED).counts;
      counts[SideSkew.ROWS]++;
      if (winner < 0) {
        counts[SideSkew.WITHOUT_KEY]++;
      } else if (row != winner) {
        counts[instead(row, winner)]++;
      }
    }

    private int instead(int row, int winner) {
      if (compareRevisions(row, winner) < 0) {
        return SideSkew.SUPERSEDED;
      }
      boolean same = values.stream().allMatch(column -> Values.same(column, row, winner));
      return same ? SideSkew.DUPLICATES : SideSkew.CONFLICTING;
    }

    private void pair(int[] loggedRows, int[] recomputedRows) {
      int[] a = new int[rows.size()];
      int[] b = new int[rows.size()];
      int pairs = 0;
      for (int leader = 0; leader < rows.size(); leader++) {
        int one = loggedRows[leader] - 1;
        int other = recomputedRows[leader] - 1;
        if (one >= 0 && other >= 0) {
          a[pairs] = one;
          b[pairs++] = other;
        } else if (one >= 0) {
          stats.addAlone(Side.LOGGED, keys, one);
        } else if (other >= 0) {
          stats.addAlone(Side.RECOMPUTED, keys, other);
        }
      }
      stats.addPairs(values, Arrays.copyOf(a, pairs), Arrays.copyOf(b, pairs), keys);
    }
  }
}
