package io.featurebeam.pipelines.report;

import java.io.Serializable;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Counts of a run that workers in this JVM add to and the console reads: for runners that show
 * their metrics only at the end, as embedded ones do whose {@code run()} waits.
 *
 * <pre>{@code
 * LiveCounts counts = LiveCounts.of(runId);        // serialises with a DoFn
 * counts.addRecords(batch.size());                 // in the DoFn
 * ProgressMeter.start(counts, System.err);         // in the main
 * }</pre>
 *
 * <p>Attempts, not commits: a bundle that is retried counts twice. Never for a summary. In another
 * JVM the counts stay where they are, and here they are 0.
 */
public final class LiveCounts implements Supplier<ProgressCounts>, Serializable {

  private static final long serialVersionUID = 1L;

  /**
   * The one mutable static of this module: a DoFn reaches its worker as bytes, so that nothing but
   * the JVM itself can connect it to the console. Keyed by run, emptied by {@link #close}.
   */
  private static final ConcurrentMap<String, LiveCounts> RUNS = new ConcurrentHashMap<>();

  private final String run;
  private final transient LongAdder records = new LongAdder();
  private final transient LongAdder rejects = new LongAdder();

  private LiveCounts(String run) {
    this.run = run;
  }

  /** The counts of the run with this id in this JVM. */
  public static LiveCounts of(String run) {
    return RUNS.computeIfAbsent(Objects.requireNonNull(run, "run is null"), LiveCounts::new);
  }

  public void addRecords(long count) {
    records.add(count);
  }

  public void addRejects(long count) {
    rejects.add(count);
  }

  @Override
  public ProgressCounts get() {
    return new ProgressCounts(records.sum(), rejects.sum());
  }

  /** Forgets the run; who still holds the counts may go on reading them. */
  public void close() {
    RUNS.remove(run, this);
  }

  private Object readResolve() {
    return of(run);
  }
}
