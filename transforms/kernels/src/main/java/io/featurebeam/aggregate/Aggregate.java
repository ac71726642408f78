package io.featurebeam.aggregate;

import io.featurebeam.columnar.ColumnBuilder;
import io.featurebeam.columnar.FieldType;
import io.featurebeam.columnar.RecordSchema;
import io.featurebeam.time.Window;
import java.io.Serializable;
import java.util.List;

/**
 * One number (or value) over the events of a window, as a value: its columns and parameters,
 * nothing of a run. {@link Aggregates} makes the built-in ones.
 *
 * <p>Every implementation says in its first paragraph what it does with null and NaN.
 */
public interface Aggregate extends Serializable {

  /** What it accumulates; equal parts of several aggregates are accumulated once. */
  List<Part> parts();

  /** The type of the result; checks its columns and throws with name, type and way out. */
  FieldType outputType(RecordSchema schema);

  /**
   * Appends the result of one window to {@code out}.
   *
   * @param parts the states of {@link #parts()}, in that order
   * @param slot the slot of each that holds the window
   */
  void finish(States[] parts, int slot, ColumnBuilder out);

  /**
   * The same for one that asks when and over how long a window, see {@link TimedAggregate}; this is
   * what the plans call.
   *
   * @param rowTime the time of the row, in microseconds; a window may end before it
   */
  default void finish(States[] parts, int slot, long rowTime, Window window, ColumnBuilder out) {
    finish(parts, slot, out);
  }

  /** Throws with name, value and way out if it makes no sense over such a window. */
  default void checkWindow(Window window) {}
}
