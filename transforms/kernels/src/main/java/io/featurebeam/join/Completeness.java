package io.featurebeam.join;

/**
 * How far a stream has come, and which labels are closed by that: answered once, and for good.
 *
 * @param complete the last event time up to which everything has arrived, in microseconds, but for
 *     what is late; the least long before anything is known, the greatest at the end of the stream
 * @param lateness for how long after that a label waits for what comes late
 */
record Completeness(long complete, long lateness) {

  boolean isOver() {
    return complete == Long.MAX_VALUE;
  }

  /** The first time whose labels are open; the least long if all are. Not at the end. */
  long open() {
    boolean none = complete == Long.MIN_VALUE || complete < Long.MIN_VALUE + lateness;
    return none ? Long.MIN_VALUE : complete - lateness + 1;
  }

  boolean isClosed(long label) {
    return isOver() || label < open();
  }

  /** Up to when the stream must be complete for labels of this time to be closed; saturates. */
  long closes(long label) {
    return plus(label, lateness);
  }

  /** Saturates. */
  static long plus(long time, long span) {
    return time > Long.MAX_VALUE - span ? Long.MAX_VALUE : time + span;
  }
}
