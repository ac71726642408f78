package io.featurebeam.transforms.records;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
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
  private static final Map<String, LongAdder> WRITTEN_TO = new ConcurrentHashMap<>();
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

  /** Adds rows written to one of several outputs. */
  public static void written(String output, long rows) {
    written(rows);
    WRITTEN_TO.computeIfAbsent(output, name -> new LongAdder()).add(rows);
  }

  /** Adds records of a stream that windows took, or the output itself where there are none. */
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

  /** Rows by the output that they were written to. */
  public static Map<String, Long> writtenTo() {
    Map<String, Long> rows = new TreeMap<>();
    WRITTEN_TO.forEach((output, count) -> rows.put(output, count.sum()));
    return rows;
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
