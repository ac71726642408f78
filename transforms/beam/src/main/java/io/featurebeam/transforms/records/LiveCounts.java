package io.featurebeam.transforms.records;

import java.util.concurrent.atomic.LongAdder;

/**
 * How many records this JVM has read and rejected, and rows written, so far, for a console that
 * shows progress while an in-process runner blocks and tells nothing. Attempts, of all pipelines of
 * the JVM: never a result. That is why these may be the only mutable statics of the project.
 */
public final class LiveCounts {

  private static final LongAdder READ = new LongAdder();
  private static final LongAdder REJECTED = new LongAdder();
  private static final LongAdder WRITTEN = new LongAdder();
  private static final LongAdder AGGREGATED = new LongAdder();
  private static final LongAdder LATE = new LongAdder();

  private static final LongAdder DUPLICATE = new LongAdder();

  private LiveCounts() {}

  /** Adds records read, parsed or not. */
  public static void read(long records) {
    READ.add(records);
  }

  /** Adds records rejected. */
  public static void rejected(long records) {
    REJECTED.add(records);
  }

  /** Adds rows written. */
  public static void written(long rows) {
    WRITTEN.add(rows);
  }

  /** Adds records of a stream that windows took. */
  public static void aggregated(long records) {
    AGGREGATED.add(records);
  }

  /** Adds records of a stream that are copies of ones before. */
  public static void duplicate(long records) {
    DUPLICATE.add(records);
  }

  /** Adds records of a stream that came too late for their windows, or to be told from copies. */
  public static void late(long records) {
    LATE.add(records);
  }

  public static long read() {
    return READ.sum();
  }

  public static long rejected() {
    return REJECTED.sum();
  }

  public static long written() {
    return WRITTEN.sum();
  }

  public static long aggregated() {
    return AGGREGATED.sum();
  }

  public static long late() {
    return LATE.sum();
  }

  public static long duplicate() {
    return DUPLICATE.sum();
  }
}
