package io.featurebeam.pipelines.report;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows on the console how a run goes: records, records a second, rejects, elapsed time; when no
 * more are read, what is done instead. On a terminal one line that changes, elsewhere (a log, a
 * pipe) a plain line every few seconds.
 *
 * <pre>{@code
 * try (ProgressMeter meter = ProgressMeter.start(counts, System.err)) {
 *   pipeline.run().waitUntilFinish();
 * }
 * }</pre>
 *
 * <p>The counts are asked for on a daemon thread. If asking fails, the last counts stand: progress
 * never ends a run.
 */
public final class ProgressMeter implements AutoCloseable {

  /** How often the line on a terminal changes. */
  static final Duration TERMINAL_EVERY = Duration.ofMillis(500);

  /** How often there is a line elsewhere. */
  static final Duration PLAIN_EVERY = Duration.ofSeconds(5);

  /** The time over which the current speed is taken. */
  private static final long SPEED_WINDOW_NANOS = 3_000_000_000L;

  private static final String ERASE_LINE = "\r\u001b[2K";

  private final @Nullable Supplier<ProgressCounts> source;
  private final PrintStream out;
  private final boolean terminal;
  private final LongSupplier nanos;
  private final long start;
  private ProgressCounts counts = ProgressCounts.NONE;
  private long windowStart;
  private long windowRecords;
  private double perSecond;
  private boolean shown;
  private boolean closed;
  private final ScheduledExecutorService thread;

  ProgressMeter(
      @Nullable Supplier<ProgressCounts> source,
      PrintStream out,
      boolean terminal,
      LongSupplier nanos,
      ScheduledExecutorService thread) {
    this.source = source;
    this.out = Objects.requireNonNull(out, "out is null");
    this.terminal = terminal;
    this.nanos = nanos;
    this.start = nanos.getAsLong();
    this.windowStart = start;
    this.thread = thread;
  }

  /** Starts showing; {@link #close} shows the final counts and stops. */
  public static ProgressMeter start(Supplier<ProgressCounts> source, PrintStream out) {
    return begin(Objects.requireNonNull(source, "source is null"), out);
  }

  /** The same of a run in other processes, which count for themselves: shows that it goes on. */
  public static ProgressMeter startElsewhere(PrintStream out) {
    return begin(null, out);
  }

  private static ProgressMeter begin(@Nullable Supplier<ProgressCounts> source, PrintStream out) {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread daemon = new Thread(task, "progress");
              daemon.setDaemon(true);
              return daemon;
            });
    ProgressMeter meter =
        new ProgressMeter(source, out, Terminal.isThere(), System::nanoTime, thread);
    long every = (meter.terminal ? TERMINAL_EVERY : PLAIN_EVERY).toMillis();
    Future<?> unused = // tick throws nothing that could be lost
        thread.scheduleAtFixedRate(meter::tick, every, every, TimeUnit.MILLISECONDS);
    return meter;
  }

  /** Asks for the counts and shows them. */
  synchronized void tick() {
    if (closed) {
      return;
    }
    ask();
    long now = nanos.getAsLong();
    if (now - windowStart >= SPEED_WINDOW_NANOS || perSecond == 0) {
      perSecond = speed(counts.records() - windowRecords, now - windowStart);
    }
    if (now - windowStart >= SPEED_WINDOW_NANOS) {
      windowStart = now;
      windowRecords = counts.records();
    }
    show(line(perSecond > 0 ? perSecond(perSecond) : phase(), now), false);
  }

  /** Shows the final counts, with the speed of the whole run. */
  @Override
  public void close() {
    thread.shutdown();
    synchronized (this) {
      if (!closed) {
        closed = true;
        ask();
        long now = nanos.getAsLong();
        show(line(perSecond(speed(counts.records(), now - start)), now), true);
      }
    }
  }

  private void ask() {
    try {
      counts = source == null ? counts : source.get();
    } catch (RuntimeException e) {
      // The last counts stand. Runners throw all kinds while they start and stop.
    }
  }

  private static double speed(long records, long nanos) {
    return nanos <= 0 ? 0 : Math.max(0, records) * 1e9 / nanos;
  }

  private static String perSecond(double speed) {
    return Wording.count(Math.round(speed)) + "/s";
  }

  /** What is done while nothing is read. */
  private String phase() {
    if (counts.records() == 0) {
      return "starting";
    }
    return counts.written() == 0
        ? "computing"
        : "writing, " + Wording.count(counts.written(), "row") + " so far";
  }

  private String line(String pace, long now) {
    if (source == null) {
      return "running on the cluster  " + Wording.duration(Duration.ofNanos(now - start));
    }
    return Wording.count(counts.records(), "record")
        + "  "
        + pace
        + "  "
        + Wording.count(counts.rejects(), "reject")
        + "  "
        + Wording.duration(Duration.ofNanos(now - start));
  }

  private void show(String line, boolean last) {
    if (terminal) {
      out.print((shown ? ERASE_LINE : "") + line + (last ? System.lineSeparator() : ""));
    } else {
      out.println(line);
    }
    shown = true;
    out.flush();
  }
}
