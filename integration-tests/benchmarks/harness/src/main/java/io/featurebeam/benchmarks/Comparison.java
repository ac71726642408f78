package io.featurebeam.benchmarks;

import io.featurebeam.benchmarks.Contender.Run;
import java.util.List;
import java.util.Objects;

/**
 * Ours against a peer, as a line of results.
 *
 * <p>Without a target, which is NaN, there is no verdict. {@code ratio} is the peer's median wall
 * time divided by ours: above 1, ours is faster. The target is met if the ratio is at least that.
 */
record Comparison(
    String workload,
    long rows,
    String ours,
    String peer,
    List<Run> ourRuns,
    List<Run> peerRuns,
    double target) {

  /** A record may cost this much more in a great input than in a small one. */
  private static final double GROWTH = 1.05;

  Comparison {
    Objects.requireNonNull(ourRuns, "ourRuns is null");
    Objects.requireNonNull(peerRuns, "peerRuns is null");
  }

  Results.Line line() {
    double ratio = wall(peerRuns).median() / wall(ourRuns).median();
    Results.Line line =
        head(workload, rows, ours, peer)
            .spread("our_seconds", wall(ourRuns))
            .spread("peer_seconds", wall(peerRuns))
            .decimal("ratio", ratio)
            .decimal("target", target);
    return (Double.isNaN(target) ? line.none("met") : line.truth("met", ratio >= target))
        .whole("our_peak_mib", peakMebibytes(ourRuns))
        .whole("peer_peak_mib", peakMebibytes(peerRuns))
        .spread("our_steady_seconds", steady(ourRuns))
        .spread("peer_steady_seconds", steady(peerRuns))
        .decimal("our_cpu_seconds", cpu(ourRuns))
        .decimal("peer_cpu_seconds", cpu(peerRuns))
        .whole("runs", ourRuns.size());
  }

  /**
   * Ours over many rows against ours over few; the ratio is that of the seconds per record.
   * Start-up is taken off the steady seconds, which the ratio is made of.
   */
  static Results.Line ofSizes(
      String workload,
      String ours,
      long many,
      List<Run> runsOfMany,
      long few,
      List<Run> runsOfFew,
      double startUpSeconds) {
    Spread manySteady = wall(runsOfMany).minus(startUpSeconds);
    Spread fewSteady = wall(runsOfFew).minus(startUpSeconds);
    double ratio = (fewSteady.median() / few) / (manySteady.median() / many);
    return head(workload, many, ours, ours + "@" + few)
        .spread("our_seconds", wall(runsOfMany))
        .spread("peer_seconds", wall(runsOfFew))
        .decimal("ratio", ratio)
        .decimal("target", 1 / GROWTH)
        .truth("met", ratio >= 1 / GROWTH)
        .whole("our_peak_mib", peakMebibytes(runsOfMany))
        .whole("peer_peak_mib", peakMebibytes(runsOfFew))
        .spread("our_steady_seconds", manySteady)
        .spread("peer_steady_seconds", fewSteady)
        .whole("runs", runsOfMany.size())
        .decimal("start_up_seconds", startUpSeconds);
  }

  static Spread wall(List<Run> runs) {
    return Spread.of(runs.stream().mapToDouble(Run::wallSeconds).toArray());
  }

  /** From the start of the process to the first record: what is not steady. */
  static Spread firstRecord(List<Run> runs) {
    return Spread.of(
        runs.stream().mapToDouble(run -> run.wallSeconds() - run.steadySeconds()).toArray());
  }

  private static Spread steady(List<Run> runs) {
    return Spread.of(runs.stream().mapToDouble(Run::steadySeconds).toArray());
  }

  static double cpu(List<Run> runs) {
    return Spread.of(runs.stream().mapToDouble(Run::cpuSeconds).toArray()).median();
  }

  static long peakMebibytes(List<Run> runs) {
    return runs.stream().mapToLong(Run::peakBytes).max().orElse(0) >> 20;
  }

  private static Results.Line head(String workload, long rows, String ours, String peer) {
    return new Results.Line()
        .text("workload", workload)
        .whole("rows", rows)
        .text("ours", ours)
        .text("peer", peer);
  }
}
