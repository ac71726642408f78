package io.featurebeam.skew;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is good enough. If not one row of the log is one of the recomputation, nothing is.
 *
 * @param below a feature whose match rate is lower fails; 1 wants every pair to match
 * @param missing the share of the recomputation's keys that the log may lack; 1 for any
 * @param extra the share of the log's keys that the recomputation may lack; 1 for any
 */
public record SkewLimits(double below, double missing, double extra) implements Serializable {

  /** Every pair matches; either side may lack rows. */
  public static final SkewLimits DEFAULT = new SkewLimits(1, 1, 1);

  public SkewLimits {
    check("below", below);
    check("missing", missing);
    check("extra", extra);
  }

  private static void check(String name, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "Invalid " + name + ": " + share + " (a share, must be 0 to 1)");
    }
  }

  public boolean holds(FeatureSkew feature) {
    return feature.matchRate() >= below;
  }

  /** What is not good enough, in words; nothing if all is. */
  public List<String> objections(SkewStats stats) {
    long logged = stats.rows(Side.LOGGED).rows();
    long recomputed = stats.rows(Side.RECOMPUTED).rows();
    if (stats.pairs() == 0) {
      return List.of(nothing(stats, logged, recomputed));
    }
    List<String> objections = new ArrayList<>();
    for (FeatureSkew feature : stats.features()) {
      if (!holds(feature)) {
        objections.add(
            String.format(
                Locale.ROOT,
                "%s: %,d of %,d pairs match, %s (must be at least %s)",
                feature.name(),
                feature.equal(),
                feature.pairs(),
                feature.matchRate(),
                below));
      }
    }
    addShare(objections, Side.LOGGED, stats.rows(Side.RECOMPUTED).alone(), stats.pairs(), missing);
    addShare(objections, Side.RECOMPUTED, stats.rows(Side.LOGGED).alone(), stats.pairs(), extra);
    return objections;
  }

  private static void addShare(
      List<String> objections, Side lacks, long alone, long pairs, double limit) {
    double share = (double) alone / (alone + pairs);
    if (share > limit) {
      objections.add(
          String.format(
              Locale.ROOT,
              "%,d of %,d keys are missing in %s, %s (must be at most %s)",
              alone,
              alone + pairs,
              lacks,
              share,
              limit));
    }
  }

  private static String nothing(SkewStats stats, long logged, long recomputed) {
    if (logged == 0 && recomputed == 0) {
      return "nothing was compared: the log and the recomputation are empty";
    }
    if (logged == 0 || recomputed == 0) {
      return "nothing was compared: " + (logged == 0 ? Side.LOGGED : Side.RECOMPUTED) + " is empty";
    }
    List<String> on = stats.plan().keyFields().stream().map(field -> field.name()).toList();
    return String.format(
        Locale.ROOT,
        "nothing was compared: no row of the log (%,d) has the %s of a row of the recomputation"
            + " (%,d)",
        logged,
        String.join(", ", on),
        recomputed);
  }
}
