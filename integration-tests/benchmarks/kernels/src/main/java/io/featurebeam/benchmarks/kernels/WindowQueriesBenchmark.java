package io.featurebeam.benchmarks.kernels;

import io.featurebeam.benchmarks.Arguments;
import io.featurebeam.benchmarks.Results;
import io.featurebeam.benchmarks.Spread;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Times {@link WindowQueries} by the kernels, by a plain two-stack and by the naive way, one thread
 * each, and gives a line for each peer. All must give the same, or nothing is timed. The naive way,
 * which takes longest, is timed once.
 */
public final class WindowQueriesBenchmark {

  private WindowQueriesBenchmark() {}

  public static void main(String[] args) throws IOException {
    Arguments arguments = Arguments.parse(args);
    Path file = Path.of(arguments.required("results"));
    int events = Math.toIntExact(arguments.optional("events", 10_000L));
    int queries = Math.toIntExact(arguments.optional("queries", 100_000L));
    int runs = Math.toIntExact(arguments.optional("runs", 5L));
    arguments.rejectUnread();

    Results results = Results.appendedTo(file);
    WindowQueries workload = new WindowQueries(events, queries, 7);
    WindowQueries.Sums expected = workload.kernels();
    check("two-stack", workload.twoStacks(), expected);
    Times naive = new Times();
    check("naive", naive.take(workload::naive), expected);
    Times kernels = new Times();
    Times stacks = new Times();
    for (int run = 0; run < runs; run++) { // in turn, so that a drift falls on both
      check("kernels", kernels.take(workload::kernels), expected);
      check("two-stack", stacks.take(workload::twoStacks), expected);
    }
    results.add(line(queries, events, "two-stack", kernels, stacks));
    results.add(line(queries, events, "naive", kernels, naive));
  }

  private static void check(String name, WindowQueries.Sums sums, WindowQueries.Sums expected) {
    if (!expected.isSame(sums)) {
      throw new IllegalStateException(name + " gives " + sums + " (must be " + expected + ")");
    }
  }

  /** Seconds of the clock, and of the thread on a processor. */
  private static final class Times {
    private final List<Double> wall = new ArrayList<>();
    private final List<Double> cpu = new ArrayList<>();

    WindowQueries.Sums take(Supplier<WindowQueries.Sums> work) {
      long start = System.nanoTime();
      long cpuStart = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      WindowQueries.Sums sums = work.get();
      cpu.add((ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuStart) / 1e9);
      wall.add((System.nanoTime() - start) / 1e9);
      return sums;
    }

    static Spread spread(List<Double> seconds) {
      return Spread.of(seconds.stream().mapToDouble(s -> s).toArray());
    }
  }

  private static Results.Line line(int queries, int events, String peer, Times ours, Times theirs) {
    Spread ourSeconds = Times.spread(ours.wall);
    Spread peerSeconds = Times.spread(theirs.wall);
    return new Results.Line()
        .text("workload", "window-queries")
        .whole("rows", queries)
        .whole("events", events)
        .text("ours", "kernels")
        .text("peer", peer)
        .spread("our_seconds", ourSeconds)
        .spread("peer_seconds", peerSeconds)
        .decimal("ratio", peerSeconds.median() / ourSeconds.median())
        .none("target")
        .none("met")
        .none("our_peak_mib")
        .none("peer_peak_mib")
        .decimal("our_cpu_seconds", Times.spread(ours.cpu).median())
        .decimal("peer_cpu_seconds", Times.spread(theirs.cpu).median());
  }
}
