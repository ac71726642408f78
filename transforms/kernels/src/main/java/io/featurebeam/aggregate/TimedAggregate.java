package io.featurebeam.aggregate;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.time.Window;

/**
 * An aggregate whose result depends on the time of the row or the length of the window, and not on
 * the events alone: how long ago, how many per hour. What it accumulates does not, so its parts are
 * shared and merged like all others.
 */
public interface TimedAggregate extends Aggregate {

  @Override
  void finish(States[] parts, int slot, long rowTime, Window window, ColumnBuilder out);

  @Override
  default void finish(States[] parts, int slot, ColumnBuilder out) {
    throw new UnsupportedOperationException("It needs the time of a row and its window");
  }
}
