package io.featurebeam.io.file.parquet;

import java.util.ArrayList;
import java.util.List;

/** Rows of a row group: stretches in ascending order that neither touch nor overlap. */
record RowRanges(List<Range> ranges) {

  /** Rows {@code from} (inclusive) to {@code to} (exclusive). */
  record Range(long from, long to) {}

  static RowRanges all(long rows) {
    return rows == 0 ? new RowRanges(List.of()) : new RowRanges(List.of(new Range(0, rows)));
  }

  /** From stretches in ascending order; those that touch are joined, empty ones left out. */
  static RowRanges of(List<Range> sorted) {
    List<Range> joined = new ArrayList<>();
    for (Range range : sorted) {
      Range last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (range.from() >= range.to()) {
        continue;
      }
      if (last != null && last.to() == range.from()) {
        joined.set(joined.size() - 1, new Range(last.from(), range.to()));
      } else {
        joined.add(range);
      }
    }
    return new RowRanges(List.copyOf(joined));
  }

  /** The rows that are in both. */
  RowRanges and(RowRanges other) {
    List<Range> common = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < ranges.size() && j < other.ranges.size()) {
      Range a = ranges.get(i);
      Range b = other.ranges.get(j);
      common.add(new Range(Math.max(a.from(), b.from()), Math.min(a.to(), b.to())));
      if (a.to() < b.to()) {
        i++;
      } else {
        j++;
      }
    }
    return of(common);
  }

  long rows() {
    long rows = 0;
    for (Range range : ranges) {
      rows += range.to() - range.from();
    }
    return rows;
  }
}
